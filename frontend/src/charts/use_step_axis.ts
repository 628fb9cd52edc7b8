/**
 * The axis that all pictures of the Training view share: what it counts, the stretch of it that is shown, and where the
 * step stands. Each panel tells which lines it has; the axis spans those of all panels that are on screen.
 */
import { type Signal, signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { type Domain, horizontal, movedInto, within } from '../math/domain';
import { type Batches, batchesOf } from '../math/examples';
import { axesOf, nearest, type Placed, placedOn, type Stop, stopsOf, xOf } from '../math/placed';
import { type Axis, type Clock, type Curve, clocksOf, firstSteps } from '../math/series';
import type { PanelProps, Series } from '../panel';
import { chosenAxis, chosenZoom, withAxis, withZoom } from './axis_choice';

export interface StepAxis {
  readonly axis: Axis;
  /** The axes on which the training in focus has a place. */
  readonly axes: readonly Axis[];
  readonly clocks: ReadonlyMap<string, Clock>;
  /** The panel's own lines that have a place on the axis. */
  readonly placed: readonly Placed[];
  /** The panel's own steps of the training in focus: where the cursor can stand in its pictures. */
  readonly stops: readonly Stop[];
  readonly shown: Domain;
  readonly isZoomed: boolean;
  /** Where the selected step stands. */
  readonly at: number | undefined;
  /** Shows a stretch; undefined: all. */
  readonly zoom: (to: Domain | undefined) => void;
  /** Keeps what is selected now; the function returned selects it again and shows all. Undefined while all is shown. */
  readonly remember: () => (() => void) | undefined;
  readonly count: (axis: Axis) => void;
  /** Selects the step next to a place. */
  readonly choose: (x: number) => void;
}

/** The step at which each training begins, as each panel on screen knows it: the charts may tell of steps that a heat map does not. */
const firsts = signal<ReadonlyMap<string, ReadonlyMap<string, number>>>(new Map());

/** The batches of the trainings, as each panel on screen knows them: statistics tell their sizes, and not every panel has them. */
const sizes = signal<ReadonlyMap<string, ReadonlyMap<string, Batches>>>(new Map());

const NO_STATISTICS: readonly Series<'tensor_stats'>[] = [];

/** What the pictures of each panel on screen span. */
const spans = signal<ReadonlyMap<string, Domain>>(new Map());

/**
 * @param panel Its id.
 * @param curves Its lines, or what stands for them: `stepCurve` makes one of the steps of other series. Must be the same
 *     object while they are the same lines.
 * @param scalars Lines of the trainings that tell when their steps were, as `curvesOf` reads them.
 */
export function useStepAxis(
  panel: string,
  curves: readonly Curve[],
  scalars: readonly Curve[],
  focus: string,
  {
    series,
    selection,
    step,
    select,
  }: Pick<PanelProps<'training_facts'>, 'selection' | 'step' | 'select'> & {
    readonly series: PanelProps<'training_facts'>['series'] & { readonly tensor_stats?: readonly Series<'tensor_stats'>[] };
  },
): StepAxis {
  const facts = series.training_facts;
  const stats = series.tensor_stats ?? NO_STATISTICS;
  const timed = useMemo(() => (scalars === curves ? curves : [...scalars, ...curves]), [scalars, curves]);
  const begins = useMemo(() => firstSteps(timed, facts), [timed, facts]);
  // A string: equal for equal steps, however often the lines grow.
  const ownBegins = JSON.stringify([...begins]);
  const allBegin = least(useShared(firsts, panel, begins, ownBegins));
  const batches = useMemo(() => batchesOf(stats, facts), [stats, facts]);
  const allSizes = finest(useShared(sizes, panel, batches, batches));
  const clocks = useMemo(
    () => clocksOf(timed, facts, allBegin, allSizes),
    [
      timed,
      facts,
      JSON.stringify([...allBegin]),
      JSON.stringify([...allSizes].map(([training, { before }]) => [training, before.length, before.at(-1)])),
    ],
  );
  const axes = useMemo(() => axesOf(curves, clocks, focus), [curves, clocks, focus]);
  const { options } = selection;
  const axis = axes.find((each) => each === chosenAxis(options)) ?? axes[0] ?? 'step';
  const placed = useMemo(() => placedOn(curves, axis, clocks), [curves, axis, clocks]);
  const stops = useMemo(() => stopsOf(placed, focus), [placed, focus]);

  const own = useMemo(() => spanOf(placed), [placed]);
  const all = useShared(spans, panel, own, own?.join());
  const whole = horizontal(all.map((span) => Float64Array.from(span)));

  const chosen = chosenZoom(options);
  const zoomed = chosen === undefined ? undefined : within(chosen, whole);
  const zoom = (to: Domain | undefined) => select({ options: withZoom(options, to === undefined ? undefined : movedInto(to, whole)) });
  const isZoomed = zoomed !== undefined;
  useEffect(() => {
    if (!isZoomed) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) zoom(undefined);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
  // While a training is live its list of series is ahead of their points: the line stands at the last of them.
  const at = xOf(step, axis, stops, clocks.get(focus));
  const [from, to] = zoomed ?? whole;
  const shown = useMemo((): Domain => [from, to], [from, to]);
  return {
    axis,
    axes,
    clocks,
    placed,
    stops,
    shown,
    isZoomed,
    at: at === undefined ? undefined : Math.min(at, whole[1]),
    zoom,
    remember: () => {
      const { step: chosenStep, layer } = selection;
      return isZoomed ? () => select({ step: chosenStep, layer, options: withZoom(options, undefined) }) : undefined;
    },
    count: (wanted) => select({ options: withAxis(options, wanted) }),
    choose: (x) => {
      const stop = nearest(stops, x);
      if (stop !== undefined && stop.step !== step) select({ step: stop.step });
    },
  };
}

function least(all: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [training, step] of all.flatMap((each) => [...each])) found.set(training, Math.min(step, found.get(training) ?? step));
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of each training the batches as the panel tells them that knows the most. */
function finest(all: readonly ReadonlyMap<string, Batches>[]): ReadonlyMap<string, Batches> {
  const found = new Map<string, Batches>();
  for (const [training, batches] of all.flatMap((each) => [...each])) {
    if (batches.step.length >= (found.get(training)?.step.length ?? 0)) found.set(training, batches);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What each panel on screen tells of something: the others as they told it, this one as it is now.
 *
 * @param own Undefined: nothing.
 * @param key Equal for as long as nothing else is told.
 */
function useShared<T>(told: Signal<ReadonlyMap<string, T>>, panel: string, own: T | undefined, key: unknown): readonly T[] {
  useLayoutEffect(() => {
    if (own === undefined) return undefined;
    told.value = new Map([...told.peek(), [panel, own]]);
    return () => {
      told.value = new Map([...told.peek()].filter(([id]) => id !== panel));
    };
  }, [panel, key]);
  return [...[...told.value].flatMap(([id, each]) => (id === panel ? [] : [each])), ...(own === undefined ? [] : [own])];
}

function spanOf(placed: readonly Placed[]): Domain | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { x } of placed) {
    low = Math.min(low, x[0] ?? low);
    high = Math.max(high, x.at(-1) ?? high);
  }
  return low <= high ? [low, high] : undefined;
}
