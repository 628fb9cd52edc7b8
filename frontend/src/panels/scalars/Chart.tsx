import type { ComponentChildren } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { gutterOf, MARKS_GAP, nameGap, RIGHT } from '../../charts/axis';
import type { Line } from '../../charts/lines';
import { Plot } from '../../charts/Plot';
import { Label } from '../../components/Label';
import type { Domain, Scale } from '../../math/domain';
import { count, exact, number, plural, UNDEFINED } from '../../math/format';
import { indexAt, type Placed, stopsOf } from '../../math/placed';
import { AXIS_NAMES, type Axis, type Curve, type Fit } from '../../math/series';
import { placesInWords, stepsMade } from '../../math/told';
import { called, words } from './called';
import { type ChartOf, dashOf, isEachBatch, labelOf, odditiesOf, strengthOf } from './charts_of';
import { terms } from './help';
import { Swatch } from './Swatch';

interface Props {
  readonly chart: ChartOf;
  readonly placed: readonly Placed[];
  readonly focus: string;
  /** Null where there is none, or it is the one in focus. */
  readonly reference: string | null;
  readonly axis: Axis;
  readonly scale: Scale;
  /** The values of each line smoothed; undefined where they are drawn as they are. */
  readonly smooth: ReadonlyMap<Curve, Float64Array> | undefined;
  readonly shown: Domain;
  readonly width: number;
  readonly height: number;
  readonly labelled: boolean;
  /** Of the training in focus. */
  readonly fits: readonly Fit[];
  /** Where the step stands. */
  readonly at: number | undefined;
  readonly colour: (training: string) => string;
  readonly rescale: (scale: Scale) => void;
  /** Saves this chart, of which it is given the element. */
  readonly save: (picture: () => HTMLElement | null) => ComponentChildren;
  /** What lies over the plot: cursors, and what takes the pointer. */
  readonly children: ComponentChildren;
}

/** One chart of the stack: what its lines are and their values at the step, and the lines. */
export function Chart(props: Props) {
  const { chart, placed, focus, reference, axis, scale, smooth, width, height, labelled, colour, rescale, save, children } = props;
  const section = useRef<HTMLElement>(null);
  const splits = useMemo(() => [...new Set(chart.curves.map(({ split }) => split))], [chart]);
  const lines = useMemo(
    () =>
      // The training in focus is drawn last, over the others.
      placed.toReversed().map(
        ({ curve, x }): Line => ({
          x,
          y: curve.value,
          smooth: smooth?.get(curve),
          colour: colour(curve.training),
          dash: dashOf(curve.split, splits),
          width: curve.training === focus ? 1.75 : 1.25,
          faint: isEachBatch(curve, chart),
        }),
      ),
    [placed, smooth, colour, focus, splits, chart],
  );
  const odd = useMemo(() => odditiesOf(chart.curves, scale), [chart, scale]);
  const valueless = chart.curves.every(({ value }) => !value.some(Number.isFinite));
  const id = `ls-scalars-${chart.name}`;
  return (
    <section ref={section} class="ls-scalars-chart" aria-labelledby={id} data-name={chart.name}>
      <header>
        <h3 id={id}>
          <Label text={words(chart.name)} max={48} />
        </h3>
        <button
          type="button"
          class="ls-scalars-scale"
          aria-label={`scale of ${words(chart.name)}: ${scale}`}
          title={scale === 'log' ? `${terms.log} Click for a linear axis.` : 'Click for a logarithmic axis.'}
          onClick={() => rescale(scale === 'log' ? 'linear' : 'log')}
        >
          {scale}
        </button>
        <Values {...props} training={focus} splits={splits} />
        {odd.map(({ odd: word, times, first }) => (
          <span key={word} class="ls-scalars-odd" title={word === '≤ 0' ? 'A logarithmic axis has no place for these.' : undefined}>
            {count(times)} {word}, {times === 1 ? 'at' : 'first at'} step {count(first)}
          </span>
        ))}
        {placed.length < chart.curves.length ? (
          <span class="ls-scalars-odd">{plural(chart.curves.length - placed.length, 'line')} without a place on this axis</span>
        ) : null}
        <Shown {...props} />
        {reference === null ? null : <Values {...props} training={reference} splits={splits} />}
        {save(() => section.current)}
      </header>
      <div class="ls-scalars-plot" style={{ height: `${height}px` }}>
        <Plot {...props} lines={lines} />
        {labelled ? (
          <span
            class="ls-scalars-axis"
            style={{ right: `${width - gutterOf(width) + nameGap(axis)}px`, top: `${height + MARKS_GAP - 3}px` }}
          >
            {AXIS_NAMES[axis]}
          </span>
        ) : null}
        {valueless ? <p style={{ left: `${gutterOf(width)}px` }}>No finite value was logged.</p> : null}
        <div class="ls-scalars-over" style={{ left: `${gutterOf(width)}px`, width: `${Math.max(1, width - gutterOf(width) - RIGHT)}px` }}>
          {children}
        </div>
      </div>
    </section>
  );
}

/** The legend of a training: of each line how it is drawn, and its value at the step. Beside a reference each training is named, and has a row of its own in every chart. */
function Values(props: Props & { training: string; splits: readonly (string | null)[] }) {
  const { chart, placed, training, reference, at, smooth, colour, splits } = props;
  const own = placed.filter(({ curve }) => curve.training === training);
  return (
    <span class={`ls-scalars-values${training === reference ? ' ls-scalars-row' : ''}`}>
      {reference === null ? null : <Label text={called(training)} max={20} />}
      {smooth === undefined || own.length === 0 ? null : <em title="As logged, not smoothed.">raw</em>}
      {own.slice(0, MOST).map((each) => {
        const value = each.curve.value[indexAt(each, at)];
        return (
          <span key={`${each.curve.run} ${each.curve.tag}`} title={called(each.curve.training)}>
            <Swatch
              colour={colour(each.curve.training)}
              dash={dashOf(each.curve.split, splits)}
              strength={strengthOf(each.curve, chart, smooth !== undefined)}
            />
            {labelOf(each.curve, chart) === '' ? null : <Label text={labelOf(each.curve, chart)} max={24} />}
            <b title={value === undefined ? 'nothing logged so early' : exact(value)}>{value === undefined ? UNDEFINED : number(value)}</b>
          </span>
        );
      })}
      {own.length > MOST ? <span>and {own.length - MOST} more</span> : null}
      {own.length === 0 && reference !== null ? <em>nothing here</em> : null}
    </span>
  );
}

/** Lines of a training that have their values in the legend. */
const MOST = 6;

/** How many of the logged steps of the training in focus are on screen. */
function Shown({ placed, focus, shown, fits }: Props) {
  const { x, made } = useMemo(() => {
    const steps = placed.flatMap(({ curve }) => (curve.training === focus && curve.counts === 'step' ? [curve.step] : []));
    return {
      x: Float64Array.from(stopsOf(placed, focus), (stop) => stop.x),
      // Each line by itself: losses of batches may be counted from 0, and means of epochs at their ends.
      made: steps.length === 0 ? undefined : Math.max(...steps.map((step) => stepsMade(step, fits))),
    };
  }, [placed, focus, fits]);
  if (x.length === 0) return null;
  return <span class="ls-scalars-shown">{placesInWords(x, shown, made, made === undefined ? 'logged epoch' : undefined)}</span>;
}
