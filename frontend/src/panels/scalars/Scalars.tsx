import { useMemo, useRef, useState } from 'preact/hooks';
import { Over } from '../../charts/Over';
import { StepHandle } from '../../charts/StepHandle';
import { clock as clockText } from '../../charts/ticks';
import { useStepAxis } from '../../charts/use_step_axis';
import { Label } from '../../components/Label';
import { useWidth } from '../../frame/use_width';
import { announce } from '../../live';
import { count, number, plural } from '../../math/format';
import { indexAt, nearest, type Placed, type Stop } from '../../math/placed';
import { type Curve, countInWords, countsOf, curvesOf, epochOf } from '../../math/series';
import { withStatistics } from '../../math/tensor_curves';
import { tensorTables } from '../../math/tensor_tables';
import type { PanelProps } from '../../panel';
import { Chart } from './Chart';
import { Controls } from './Controls';
import { called, words } from './called';
import { type ChartOf, chartsOf, labelOf, smoothedLines, usualScale } from './charts_of';
import { choices, withScale, withSmoothing } from './choices';
import { HiddenTable } from './HiddenTable';
import { Readout } from './Readout';
import { Save } from './Save';
import './scalars.css';

const FIRST_HEIGHT = 172;
const HEIGHT = 96;
const LEAST_WIDTH = 200;
/** Heights are those in a window of this many pixels, and of charts as wide; in a taller one, or wider, charts are taller, up to twice. */
const USUAL_WINDOW = 840;
const USUAL_WIDTH = 1100;
/** Charts drawn before one asks for more. */
const MOST = 12;

/** Loss, metrics and learning rate: charts on one horizontal axis, with the step for a cursor in all of them. */
export function Scalars(props: PanelProps<'scalars' | 'training_facts' | 'tensor_stats' | 'parameters'>) {
  const { series, selection, focus, step, select, colour } = props;
  const box = useRef<HTMLDivElement>(null);
  const stack = useRef<HTMLDivElement>(null);
  const width = Math.max(LEAST_WIDTH, useWidth(box, 800));
  const [all, setAll] = useState(false);

  const scalars = useMemo(() => curvesOf(series.scalars), [series.scalars]);
  const curves = useMemo(
    () => withStatistics(scalars, tensorTables(series.tensor_stats, series.parameters), series.training_facts),
    [series.tensor_stats, series.parameters, series.training_facts, scalars],
  );
  const charts = useMemo(() => chartsOf(curves), [curves]);
  const scales = useMemo(() => new Map(charts.map((chart) => [chart, usualScale(chart)])), [charts]);
  const reference = curves.find(({ training }) => training === selection.reference && training !== focus)?.training ?? null;
  const chosen = choices(selection.options);
  const {
    axis,
    axes,
    clocks,
    placed,
    stops,
    shown,
    isZoomed,
    at,
    zoom,
    remember,
    count: countOn,
  } = useStepAxis('scalars', curves, scalars, focus, props);
  const byChart = useMemo(() => {
    const byCurve = new Map(placed.map((each) => [each.curve, each]));
    return new Map(charts.map((chart) => [chart, chart.curves.flatMap((curve) => byCurve.get(curve) ?? [])]));
  }, [charts, placed]);
  const smooth = useMemo(
    () => (chosen.smoothing === 0 ? undefined : new Map(charts.flatMap((chart) => smoothedLines(chart, chosen.smoothing)))),
    [charts, chosen.smoothing],
  );

  const heading = (stop: Stop | undefined, x: number) =>
    placeInWords(stop, x, axis, epochOf(clocks.get(focus)?.fits ?? [], stop?.step ?? step));

  const choose = (stop: Stop | undefined) => {
    if (stop !== undefined && stop.step !== step) select({ step: stop.step });
  };
  const stretch = Math.min(2, Math.max(1, window.innerHeight / USUAL_WINDOW, width / USUAL_WIDTH));
  const drawn = all ? charts : charts.slice(0, MOST);
  const stepText = stepInWords(countsOf(curves, focus), step, stops);
  const saved = { shown, clocks, focus, step, stepText };
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
        <span class="ls-soft"> · {stepText}</span>
        <span class="ls-soft ls-scalars-hint"> · every picture on one axis; the step is its cursor</span>
      </h2>
      <Controls
        axis={axis}
        axes={axes}
        smoothing={chosen.smoothing}
        zoomed={isZoomed}
        onAxis={countOn}
        onSmoothing={(weight) => select({ options: withSmoothing(selection.options, weight) })}
        onReset={() => zoom(undefined)}
      >
        <Save what="all charts" placed={[...byChart.values()].flat()} picture={() => stack.current} {...saved} />
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
              scale={chosen.scales[chart.name] ?? scales.get(chart) ?? 'linear'}
              smooth={smooth}
              shown={shown}
              width={width}
              height={Math.round(stretch * (i === 0 ? FIRST_HEIGHT : HEIGHT))}
              labelled={i === drawn.length - 1}
              fits={clocks.get(focus)?.fits ?? []}
              at={at}
              colour={colour}
              rescale={(scale) => select({ options: withScale(selection.options, chart.name, scale) })}
              save={(picture) => <Save what={words(chart.name)} placed={own} picture={picture} {...saved} />}
            >
              <Over
                shown={shown}
                at={at}
                snap={(x) => nearest(stops, x)?.x}
                readout={(x) => (
                  <Readout chart={chart} placed={own} at={x} smooth={smooth} heading={heading(nearest(stops, x), x)} colour={colour} />
                )}
                choose={(x) => choose(nearest(stops, x))}
                zoom={zoom}
                remember={remember}
              >
                {i === 0 && at !== undefined ? (
                  <StepHandle
                    stops={stops}
                    at={at}
                    step={step}
                    shown={shown}
                    zoom={zoom}
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

/** The step; of epochs the last one that was logged by then. */
function stepInWords(counts: Curve['counts'], step: number, stops: readonly Stop[]): string {
  return countInWords(counts, counts === 'epoch' ? (stops.findLast((stop) => stop.step <= step)?.step ?? step) : step);
}

function placeInWords(stop: Stop | undefined, x: number, axis: string, epoch: number | undefined): string {
  const parts = [stop === undefined ? '' : `step ${count(stop.step)}`];
  if (epoch !== undefined) parts.push(`epoch ${number(epoch)}`);
  else if (axis === 'epoch') parts[0] = `epoch ${number(x)}`;
  if (axis === 'relative') parts.push(`relative step ${count(x)}`);
  if (axis === 'examples') parts.push(plural(Math.round(x), 'example'));
  if (axis === 'time') parts.push(clockText(x));
  if (axis === 'clock') parts.push(new Date(1000 * x).toLocaleString());
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
