import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { clock as clockText } from '../../charts/ticks';
import { Label } from '../../components/Label';
import { useWidth } from '../../frame/use_width';
import { announce } from '../../live';
import { type Domain, horizontal, within } from '../../math/domain';
import { count, inFull, number } from '../../math/format';
import { clocksOf, curvesOf, epochOf } from '../../math/series';
import { smoothed } from '../../math/smoothing';
import type { PanelProps } from '../../panel';
import { Chart } from './Chart';
import { Controls } from './Controls';
import { called, words } from './called';
import { type ChartOf, chartsOf, labelOf, usualScale } from './charts_of';
import { choices, withAxis, withScale, withSmoothing, withZoom } from './choices';
import { HiddenTable } from './HiddenTable';
import { type Gesture, Over } from './Over';
import { axesOf, indexAt, nearest, type Placed, placedOn, type Stop, stopsOf, xOf } from './placed';
import { Readout } from './Readout';
import { Save } from './Save';
import { StepHandle } from './StepHandle';
import './scalars.css';

const FIRST_HEIGHT = 172;
const HEIGHT = 96;
const LEAST_WIDTH = 200;
/** Heights are those in a window of this many pixels; in a taller one charts are taller, up to twice. */
const USUAL_WINDOW = 840;
/** Charts drawn before one asks for more. */
const MOST = 12;

/** Loss, metrics and learning rate: charts on one horizontal axis, with the step for a cursor in all of them. */
export function Scalars({ series, selection, step, select, colour }: PanelProps<'scalars' | 'training_facts'>) {
  const box = useRef<HTMLDivElement>(null);
  const stack = useRef<HTMLDivElement>(null);
  const width = Math.max(LEAST_WIDTH, useWidth(box, 800));
  const gesture = useSignal<Gesture>(null);
  const [all, setAll] = useState(false);

  const curves = useMemo(() => curvesOf(series.scalars), [series.scalars]);
  const clocks = useMemo(() => clocksOf(curves, series.training_facts), [curves, series.training_facts]);
  const charts = useMemo(() => chartsOf(curves), [curves]);
  const focus = series.scalars[0]?.training ?? '';
  const reference = series.scalars.find(({ training }) => training === selection.reference && training !== focus)?.training ?? null;
  const chosen = choices(selection.options);
  const axes = useMemo(() => axesOf(curves, clocks, focus), [curves, clocks, focus]);
  const axis = axes.find((each) => each === chosen.axis) ?? axes[0] ?? 'step';
  const placed = useMemo(() => placedOn(curves, axis, clocks), [curves, axis, clocks]);
  const byChart = useMemo(
    () => new Map(charts.map((chart) => [chart, placed.filter(({ curve }) => chart.curves.includes(curve))])),
    [charts, placed],
  );
  const stops = useMemo(() => stopsOf(placed, focus), [placed, focus]);

  const smooth = useMemo(
    () => (chosen.smoothing === 0 ? undefined : new Map(curves.map((curve) => [curve, smoothed(curve.value, chosen.smoothing)]))),
    [curves, chosen.smoothing],
  );

  const whole = horizontal(placed.map(({ x }) => x));
  const zoom = chosen.zoom === undefined ? undefined : within(chosen.zoom, whole);
  const shown = zoom ?? whole;
  const at = xOf(step, axis, stops, clocks.get(focus));
  const heading = (stop: Stop | undefined, x: number) =>
    placeInWords(stop, x, axis, epochOf(clocks.get(focus)?.fits ?? [], stop?.step ?? step));

  const choose = (stop: Stop | undefined) => {
    if (stop !== undefined && stop.step !== step) select({ step: stop.step });
  };
  const zoomTo = (to: Domain | undefined) =>
    select({ options: withZoom(selection.options, to === undefined ? undefined : within(to, whole)) });
  const isZoomed = zoom !== undefined;
  useEffect(() => {
    if (!isZoomed) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) zoomTo(undefined);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });

  const stretch = Math.min(2, Math.max(1, window.innerHeight / USUAL_WINDOW));
  const drawn = all ? charts : charts.slice(0, MOST);
  const saved = { shown, clocks, focus, step };
  return (
    <div ref={box} class="ls-scalars">
      <h2>
        <Label text={called(focus)} max={48} />
        {reference === null ? null : (
          <>
            {' '}
            against <Label text={called(reference)} max={32} />
          </>
        )}
        <span class="ls-soft"> · step {inFull(step)}</span>
        <span class="ls-soft ls-scalars-hint"> · every picture on one axis; the step is its cursor</span>
      </h2>
      <Controls
        axis={axis}
        axes={axes}
        smoothing={chosen.smoothing}
        zoomed={isZoomed}
        onAxis={(to) => select({ options: withAxis(selection.options, to) })}
        onSmoothing={(weight) => select({ options: withSmoothing(selection.options, weight) })}
        onReset={() => zoomTo(undefined)}
      >
        <Save what="all charts" tag="scalars" placed={[...byChart.values()].flat()} picture={() => stack.current} {...saved} />
      </Controls>
      <div ref={stack} class="ls-scalars-stack">
        {drawn.map((chart, i) => {
          const own = byChart.get(chart) ?? [];
          return (
            <Chart
              key={chart.name}
              chart={chart}
              placed={own}
              focus={focus}
              reference={reference}
              axis={axis}
              scale={chosen.scales[chart.name] ?? usualScale(chart)}
              smooth={smooth}
              shown={shown}
              width={width}
              height={Math.round(stretch * (i === 0 ? FIRST_HEIGHT : HEIGHT))}
              labelled={i === drawn.length - 1}
              at={at}
              colour={colour}
              rescale={(scale) => select({ options: withScale(selection.options, chart.name, scale) })}
              save={(picture) => <Save what={words(chart.name)} tag={chart.name} placed={own} picture={picture} {...saved} />}
            >
              <Over
                gesture={gesture}
                shown={shown}
                at={at}
                snap={(x) => nearest(stops, x)?.x}
                readout={(x) => (
                  <Readout chart={chart} placed={own} at={x} smooth={smooth} heading={heading(nearest(stops, x), x)} colour={colour} />
                )}
                choose={(x) => choose(nearest(stops, x))}
                zoom={zoomTo}
              >
                {i === 0 && at !== undefined ? (
                  <StepHandle
                    stops={stops}
                    at={at}
                    step={step}
                    text={heading({ step, x: at }, at)}
                    choose={(stop) => {
                      choose(stop);
                      announce(`${heading(stop, stop.x)}: ${spoken(drawn, byChart, focus, stop.x)}`);
                    }}
                  />
                ) : null}
              </Over>
            </Chart>
          );
        })}
      </div>
      {charts.length > MOST ? (
        <button type="button" class="ls-button" onClick={() => setAll(!all)}>
          {all ? `show ${MOST} charts` : `show all ${count(charts.length)} charts`}
        </button>
      ) : null}
      <HiddenTable charts={charts} />
    </div>
  );
}

function placeInWords(stop: Stop | undefined, x: number, axis: string, epoch: number | undefined): string {
  const parts = [stop === undefined ? '' : `step ${count(stop.step)}`];
  if (epoch !== undefined) parts.push(`epoch ${number(epoch)}`);
  else if (axis === 'epoch') parts[0] = `epoch ${number(x)}`;
  if (axis === 'time') parts.push(clockText(x));
  return parts.filter((part) => part !== '').join(' · ');
}

function spoken(charts: readonly ChartOf[], byChart: ReadonlyMap<ChartOf, readonly Placed[]>, focus: string, x: number): string {
  const values = charts.flatMap((chart) =>
    (byChart.get(chart) ?? []).flatMap((each) => {
      const value = each.curve.training === focus ? each.curve.value[indexAt(each, x)] : undefined;
      return value === undefined ? [] : [`${words(chart.name)} ${labelOf(each.curve, chart)} ${number(value)}`];
    }),
  );
  return values.slice(0, 8).join(', ');
}
