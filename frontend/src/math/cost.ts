/** The threshold of a curve at which wrong decisions cost least. */
import type { Curve } from './curve';
import { isWeighted, vertices } from './threshold';
import { type Interval, wilson } from './wilson';

/** What a wrong decision costs, in any unit. */
export interface Costs {
  /** Of calling a negative positive. */
  readonly falseAlarm: number;
  /** Of calling a positive negative. */
  readonly miss: number;
}

export interface Cheapest {
  /** Point of the curve. */
  readonly index: number;
  /** From here on a sample counts as positive; infinite where nothing should. */
  readonly threshold: number;
  /** Mean cost of a sample. */
  readonly cost: number;
  readonly range: Interval | undefined;
  /** The lowest and the highest threshold up to which none is surely dearer; undefined without intervals. */
  readonly even: readonly [from: number, to: number] | undefined;
}

/**
 * The cheapest of the known thresholds, with as many positives as the evaluation has: the mean over its samples of
 * `falseAlarm` for each false positive and `miss` for each false negative. Of equals the highest. Undefined where the curve
 * knows no share of positives, or has no costs.
 *
 * Intervals: of the mean from Wilson's of both shares, taken as independent (in truth one falls as the other rises, so it is a
 * little too wide). Two thresholds differ by the samples between them alone: one is surely dearer where the interval of the
 * difference, made of theirs in the same way (Newcombe), lies above 0. Weighted samples and pooled decisions have none.
 */
export function cheapest(curve: Curve, { falseAlarm, miss }: Costs): Cheapest | undefined {
  const { prevalence: p, falsePositiveRate, recall, positives, negatives } = curve;
  if (p === undefined || !(falseAlarm >= 0) || !(miss >= 0) || !(falseAlarm + miss > 0) || !Number.isFinite(falseAlarm + miss))
    return undefined;
  const alarms = (i: number) => (1 - p) * (falsePositiveRate[i] || 0);
  const misses = (i: number) => p * (1 - (recall[i] || 0));
  const costAt = (i: number) => falseAlarm * alarms(i) + miss * misses(i);
  // Costs that differ by their rounding alone are equal, in any unit.
  const rounding = 1e-12 * (falseAlarm + miss);
  // The first point calls nothing positive: no threshold of a sample, and yet a choice.
  const known = [...(curve.threshold[0] === Number.POSITIVE_INFINITY ? [0] : []), ...vertices(curve)];
  if (known.length === 0) return undefined;
  const index = known.reduce((best, i) => (costAt(i) < costAt(best) - rounding ? i : best));
  const found = { index, threshold: curve.threshold[index] ?? Number.NaN, cost: costAt(index) };
  if (curve.of < 0 || !curve.isCounted || isWeighted(curve)) return { ...found, range: undefined, even: undefined };

  const n = positives + negatives;
  const share = (x: number) => wilson(Math.round(x * n), n) ?? { low: x, high: x };
  const down = (x: number) => x - share(x).low;
  const up = (x: number) => share(x).high - x;
  const [fp, fn] = [alarms(index), misses(index)];
  const range = {
    low: Math.max(0, found.cost - Math.hypot(falseAlarm * down(fp), miss * down(fn))),
    high: found.cost + Math.hypot(falseAlarm * up(fp), miss * up(fn)),
  };
  const isDearer = (i: number) => {
    const [moreAlarms, moreMisses] = [alarms(i) - fp, misses(i) - fn];
    const least = (cost: number, more: number) => cost * (more > 0 ? down(more) : up(-more));
    return costAt(i) - found.cost - Math.hypot(least(falseAlarm, moreAlarms), least(miss, moreMisses)) > rounding;
  };
  const at = known.indexOf(index);
  let [first, last] = [at, at];
  while (first > 0 && !isDearer(known[first - 1] ?? 0)) first--;
  while (last < known.length - 1 && !isDearer(known[last + 1] ?? 0)) last++;
  const thresholdOf = (place: number) => curve.threshold[known[place] ?? 0] ?? Number.NaN;
  return { ...found, range, even: [thresholdOf(last), thresholdOf(first)] };
}

/** Costs as a link has them, `1:5`; undefined where it has none. */
export function costsOf(told: string | undefined): Costs | undefined {
  const [falseAlarm = Number.NaN, miss = Number.NaN, ...more] = (told ?? '')
    .split(':')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return more.length === 0 && falseAlarm >= 0 && miss >= 0 && falseAlarm + miss > 0 && Number.isFinite(falseAlarm + miss)
    ? { falseAlarm, miss }
    : undefined;
}
