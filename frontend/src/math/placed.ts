/** Curves on the axis chosen, and the places of the training in focus where the cursor can stand: pure. */
import { examplesAt } from './examples';
import { AXES, type Axis, type Clock, type Curve, epochOf, lastNear, place } from './series';

export interface Placed {
  readonly curve: Curve;
  readonly x: Float64Array;
}

/** Where the cursor can stand. */
export interface Stop {
  readonly x: number;
  readonly step: number;
}

type Clocks = ReadonlyMap<string, Clock>;

/** The curves that have a place on an axis. */
export function placedOn(curves: readonly Curve[], axis: Axis, clocks: Clocks): readonly Placed[] {
  return curves.flatMap((curve) => {
    const x = place(curve, axis, clocks.get(curve.training));
    return x === undefined ? [] : [{ curve, x }];
  });
}

/** The axes on which something of a training has a place; that of relative steps where it differs from that of steps for one of those shown. */
export function axesOf(curves: readonly Curve[], clocks: Clocks, training: string): readonly Axis[] {
  const own = curves.filter((curve) => curve.training === training);
  const begins = new Set([...clocks.values()].flatMap(({ first }) => first ?? []));
  const isOffered = (axis: Axis) => axis !== 'relative' || begins.size > 1;
  return AXES.filter((axis) => isOffered(axis) && own.some((curve) => place(curve, axis, clocks.get(training)) !== undefined));
}

/** The logged places of a training, rising. Where nothing tells the steps of epochs, the step is the epoch. */
export function stopsOf(placed: readonly Placed[], training: string): readonly Stop[] {
  const own = placed.filter(({ curve }) => curve.training === training);
  const stepped = own.filter(({ curve }) => curve.counts === 'step');
  const steps = new Map<number, number>();
  for (const { curve, x } of stepped.length > 0 ? stepped : own) {
    curve.step.forEach((step, i) => {
      steps.set(step, Math.min(steps.get(step) ?? Number.POSITIVE_INFINITY, x[i] ?? 0));
    });
  }
  return [...steps].map(([step, x]) => ({ x, step })).sort((a, b) => a.x - b.x || a.step - b.step);
}

/** Where a step stands on an axis; undefined before the first point, and where nothing is known. */
export function xOf(step: number, axis: Axis, stops: readonly Stop[], clock: Clock | undefined): number | undefined {
  const last = stops.findLast((stop) => stop.step <= step);
  if (axis === 'step') return step;
  if (axis === 'relative') return clock?.first === undefined ? last?.x : step - clock.first;
  if (axis === 'examples') {
    return clock?.first === undefined || clock.batches === undefined ? last?.x : examplesAt(clock.batches, clock.first, step);
  }
  if (axis === 'epoch') return epochOf(clock?.fits ?? [], step) ?? last?.x;
  return last?.x;
}

/** The stop nearest to a place. */
export function nearest(stops: readonly Stop[], x: number): Stop | undefined {
  let from = 0;
  let to = stops.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((stops[middle]?.x ?? Number.NaN) <= x) from = middle + 1;
    else to = middle;
  }
  const low = stops[from - 1];
  const high = stops[from];
  if (low === undefined || high === undefined) return low ?? high;
  return x - low.x <= high.x - x ? low : high;
}

/** Place in a curve of its last point at or before x, or −1; steps of floats that were counted differently meet. */
export function indexAt({ x }: Placed, at: number | undefined): number {
  return at === undefined ? -1 : lastNear(x, at);
}
