/** Averages over the classes, each with its interval. */
import { type Confusion, f1, f1Interval, recall, recallInterval } from './confusion';
import type { Estimate } from './curve';
import { type Interval, Z95 } from './wilson';

/**
 * Mean recall of the classes that have examples (balanced accuracy).
 *
 * Its interval is made of Wilson's of the classes, which have no sample in common: the distances of their ends from the
 * recalls, added as squares.
 */
export function macroRecall(c: Confusion): Estimate {
  const there = classes(c, (k) => recall(c, k) !== undefined);
  const value = mean(there.map((k) => recall(c, k) ?? 0));
  return {
    value,
    range:
      value === undefined
        ? undefined
        : together(
            value,
            there,
            (k) => recall(c, k) ?? 0,
            (k) => recallInterval(c, k),
          ),
  };
}

/**
 * Mean F1 of the classes that have examples or are predicted.
 *
 * One mistake lowers the F1 of two classes. The interval is the wider one at each end of two: that of the classes' intervals
 * as above, and the normal one with the variance that the cells give to first order: F1 of class k is 2 t / s, so a sample in
 * cell (i, j) moves the mean by g = [i = j] 2 / s_i − 2 t_i / s_i² − 2 t_j / s_j² over their number, and the variance is Σ p g² / n.
 */
export function macroF1(c: Confusion): Estimate {
  const there = classes(c, (k) => f1(c, k) !== undefined);
  const value = mean(there.map((k) => f1(c, k) ?? 0));
  if (value === undefined) return { value, range: undefined };
  const range = together(
    value,
    there,
    (k) => f1(c, k) ?? 0,
    (k) => f1Interval(c, k),
  );
  if (range === undefined || !(c.judgedTrials > 0)) return { value, range: undefined };
  const half = Z95 * Math.sqrt(f1Variance(c, there.length));
  return { value, range: { low: Math.max(0, Math.min(range.low, value - half)), high: Math.min(1, Math.max(range.high, value + half)) } };
}

function f1Variance(c: Confusion, count: number): number {
  const sum = (k: number) => ((c.rowSum[k] ?? 0) + (c.columnSum[k] ?? 0)) / c.judged;
  const pull = (k: number) => (k === c.size || sum(k) === 0 ? 0 : (2 * ((c.exact[k] ?? 0) / c.judged)) / sum(k) ** 2);
  const pulls = Float64Array.from({ length: c.size + 1 }, (_, k) => pull(k));
  let variance = 0;
  let cell = 0;
  for (let i = 0; i < c.size; i++) {
    for (const end = c.rowEnd[i] ?? 0; cell < end; cell++) {
      const j = c.column[cell] ?? 0;
      const moves = ((i === j ? 2 / sum(i) : 0) - (pulls[i] ?? 0) - (pulls[j] ?? 0)) / count;
      variance += ((c.value[cell] ?? 0) / c.judged) * moves * moves;
    }
  }
  return variance / c.judgedTrials;
}

function classes(c: Confusion, isThere: (k: number) => boolean): readonly number[] {
  return Array.from({ length: c.size }, (_, k) => k).filter(isThere);
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length;
}

/** Undefined where that of a class is. */
function together(
  value: number,
  ids: readonly number[],
  rate: (k: number) => number,
  range: (k: number) => Interval | undefined,
): Interval | undefined {
  let [below, above] = [0, 0];
  for (const k of ids) {
    const own = range(k);
    if (own === undefined) return undefined;
    below += (rate(k) - own.low) ** 2;
    above += (own.high - rate(k)) ** 2;
  }
  const n = ids.length;
  return { low: Math.max(0, value - Math.sqrt(below) / n), high: Math.min(1, value + Math.sqrt(above) / n) };
}
