/** Scalar series as lines: what they measure, and where their points stand on each of the axes that a training has. */
import type { Series } from '../panel';
import { type Batches, examplesAt } from './examples';
import { inFull } from './format';

export { lastAt, lastNear } from './rising';

/** What the horizontal axis counts. Relative steps, epochs, examples and times are those of each training, from its own start; a clock is the same for all. */
export type Axis = 'step' | 'relative' | 'epoch' | 'examples' | 'time' | 'clock';

export const AXES: readonly Axis[] = ['step', 'relative', 'epoch', 'examples', 'time', 'clock'];

/** How an axis is called on the page. */
export const AXIS_NAMES: Readonly<Record<Axis, string>> = {
  step: 'step',
  relative: 'relative step',
  epoch: 'epoch',
  examples: 'examples',
  time: 'time',
  clock: 'clock',
};

/** One scalar series with its points rising by step. */
export interface Curve {
  readonly training: string;
  readonly run: string;
  readonly tag: string;
  readonly name: string;
  readonly split: string | null;
  /** `epoch`: the steps are epochs, counted from 0, and nothing tells which training steps they are. */
  readonly counts: 'step' | 'epoch';
  readonly step: Float64Array;
  /** Seconds since 1970. */
  readonly wall: Float64Array;
  readonly value: Float64Array;
}

/** `step 1,200`, or `epoch 30`: epochs are counted from 0 in logs, and an epoch's values are those at its end. */
export function countInWords(counts: Curve['counts'], n: number): string {
  return counts === 'epoch' ? `epoch ${inFull(n + 1)}` : `step ${inFull(n)}`;
}

/** What the steps of a training are: epochs where nothing tells which steps these ended at. */
export function countsOf(curves: readonly Curve[], training: string): Curve['counts'] {
  const own = curves.filter((curve) => curve.training === training);
  return own.length > 0 && own.every(({ counts }) => counts === 'epoch') ? 'epoch' : 'step';
}

/** How a training counts its epochs, as each of its fits tells it. */
export interface Fit {
  readonly first_step: number;
  readonly initial_epoch: number;
  readonly steps_per_epoch: number | null;
}

/** When a training began and how it counts: what places its points on the axes of epochs and of time. */
export interface Clock {
  readonly fits: readonly Fit[];
  /** Seconds since 1970. */
  readonly start: number;
  /** The step from which relative ones are counted; undefined where nothing counts steps. */
  readonly first: number | undefined;
  /** Undefined where nothing tells how many examples they have. */
  readonly batches?: Batches | undefined;
}

/** The lines that scalar series hold; those without a name or a point have none. */
export function curvesOf(series: readonly Series<'scalars'>[]): readonly Curve[] {
  return series.flatMap(({ training, run, tag, name, split, points }): Curve[] => {
    const payload = points.at(-1)?.payload;
    if (payload === undefined || name === null || payload.step.length === 0) return [];
    const kept = laterWins(payload.step);
    const of = (all: Float64Array) => (kept.length === all.length ? all : Float64Array.from(kept, (i) => all[i] ?? Number.NaN));
    const counts = payload.axis === 'epoch' ? 'epoch' : 'step';
    return [{ training, run, tag, name, split, counts, step: of(payload.step), wall: of(payload.wall_time), value: of(payload.value) }];
  });
}

/** Places of the points that stand: where steps go back (a restart), the later writing wins from that step on. */
export function laterWins(step: ArrayLike<number>): Int32Array {
  const kept = new Int32Array(step.length);
  let n = 0;
  for (let i = 0; i < step.length; i++) {
    const at = step[i] ?? 0;
    while (n > 0 && (step[kept[n - 1] ?? 0] ?? 0) >= at) n--;
    kept[n++] = i;
  }
  return kept.subarray(0, n);
}

/** The step at which each training begins: that of its first fit, or the first one at which anything was logged. */
export function firstSteps(curves: readonly Curve[], facts: readonly Series<'training_facts'>[]): ReadonlyMap<string, number> {
  const told = facts.flatMap(({ training, points }) => points.slice(0, 1).map(({ payload }) => [training, payload.first_step] as const));
  const logged = curves.flatMap(({ training, counts, step: [at] }) =>
    counts === 'step' && at !== undefined ? [[training, at] as const] : [],
  );
  const first = new Map<string, number>();
  for (const [training, step] of [...told, ...logged]) first.set(training, Math.min(step, first.get(training) ?? step));
  return first;
}

/**
 * The clock of each training. It starts when the training told its facts, before its first step; without them with the first point.
 *
 * @param first The step at which each begins.
 * @param batches Of each.
 */
export function clocksOf(
  curves: readonly Curve[],
  facts: readonly Series<'training_facts'>[],
  first: ReadonlyMap<string, number> = firstSteps(curves, facts),
  batches: ReadonlyMap<string, Batches> = new Map(),
): ReadonlyMap<string, Clock> {
  const starts = new Map<string, number>();
  const earlier = (training: string, at: number) => {
    if (at < (starts.get(training) ?? Number.POSITIVE_INFINITY)) starts.set(training, at);
  };
  for (const { training, wall } of curves) for (const at of wall) earlier(training, at);
  for (const { training, points } of facts) for (const { wallTime } of points) if (starts.has(training)) earlier(training, wallTime);
  const fits = (training: string) =>
    facts.filter((each) => each.training === training).flatMap(({ points }) => points.map((p) => p.payload));
  return new Map(
    [...starts].map(([training, start]) => [
      training,
      { start, first: first.get(training), fits: fits(training), batches: batches.get(training) },
    ]),
  );
}

/** Epochs finished at a step, as a fraction; undefined where no fit tells it. */
export function epochOf(fits: readonly Fit[], step: number): number | undefined {
  const fit = fits.findLast((each) => each.first_step <= step);
  if (fit === undefined || fit.steps_per_epoch === null || fit.steps_per_epoch <= 0) return undefined;
  return fit.initial_epoch + (step - fit.first_step) / fit.steps_per_epoch;
}

/** Where each point of a curve stands on an axis, strictly rising; undefined when nothing tells it. */
export function place(curve: Curve, axis: Axis, clock: Clock | undefined): Float64Array | undefined {
  if (axis === 'step') return curve.counts === 'step' ? curve.step : undefined;
  if (axis === 'relative') {
    const first = clock?.first;
    return first === undefined || curve.counts !== 'step' ? undefined : curve.step.map((step) => step - first);
  }
  if (axis === 'examples') {
    const { first, batches } = clock ?? {};
    if (first === undefined || batches === undefined || curve.counts !== 'step') return undefined;
    return curve.step.map((step) => examplesAt(batches, first, step));
  }
  if (axis === 'clock') return elapsed(curve.wall, 0);
  if (axis === 'time') return elapsed(curve.wall, clock?.start ?? curve.wall[0] ?? 0);
  // An epoch's values are those at its end.
  if (curve.counts === 'epoch') return curve.step.map((epoch) => epoch + 1);
  const epochs = curve.step.map((step) => epochOf(clock?.fits ?? [], step) ?? Number.NaN);
  return isRising(epochs) ? epochs : undefined;
}

/** Seconds since the start. A clock that is set back stands still meanwhile: time never runs backwards, and no point hides another. */
export function elapsed(wall: Float64Array, start: number): Float64Array {
  let last = Number.NEGATIVE_INFINITY;
  return wall.map((at) => {
    last = Math.max(at - start, last + 1e-6, 0);
    return last;
  });
}

function isRising(x: Float64Array): boolean {
  return x.every((at, i) => (i === 0 ? !Number.isNaN(at) : at > (x[i - 1] ?? Number.NaN)));
}
