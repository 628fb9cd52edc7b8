/** What a regression says of one target: its scores with intervals, where its errors lie, and which are the largest. */
import type { Regression } from '../schema.gen';
import type { Estimate } from './curve';
import { probit } from './curve';
import { effective, type Interval } from './wilson';

/** Bins along each side, the outer ones for what lies outside of the edges. */
export const ALL_BINS = 66;
const RESIDUAL_OFFSET = 20_000;
const RESIDUAL_STEPS = 16;

/** Two-sided level of an interval that is not told otherwise. */
const LEVEL = 0.05;

/** One target of one evaluation. */
export interface Target {
  readonly payload: Regression;
  readonly index: number;
  /** Values that count. */
  readonly count: number;
  /** Their weight: as many as there are where there are no weights. */
  readonly weight: number;
  /** As many equal weights would be as sure. */
  readonly effective: number;
}

/** A target by its place; undefined where the evaluation has no such. */
export function targetOf(payload: Regression, index: number): Target | undefined {
  const count = payload.count[index];
  if (count === undefined) return undefined;
  const weight = payload.weight_sum?.[index] ?? count;
  const squares = payload.weight_squares?.[index] ?? count;
  return { payload, index, count, weight, effective: effective(weight, squares) };
}

/** The mean of the truths, and its standard error. */
export function truthsOf({ payload: r, index: k, weight, effective: n }: Target): { readonly mean: number; readonly error: number } {
  return { mean: r.truth_mean[k] ?? Number.NaN, error: Math.sqrt((r.truth_squares[k] ?? Number.NaN) / weight / n) };
}

export interface Scores {
  readonly r2: Estimate;
  readonly rmse: Estimate;
  readonly mae: Estimate;
  readonly bias: Estimate;
}

/**
 * R², RMSE, MAE and bias, each with an interval from the sums that are stored.
 *
 * The interval of the bias is the mean's, by Student's t. RMSE, MAE and 1 − R² are above 0 and their chance is skewed: their
 * logarithm has the symmetric interval (delta method), from Σe⁴, from Σe², and from Σe⁴, Σ(t − mean)⁴ and Σe²(t − mean)². R² is
 * undefined where all truths are the same. No interval below three values, nor where the numbers leave what doubles hold.
 */
export function scoresOf(target: Target, level: number = LEVEL): Scores {
  const { payload: r, index: k, weight: w, effective: n } = target;
  const mean = (sums: ArrayLike<number>) => (sums[k] ?? Number.NaN) / w;
  const [bias, mae, mse] = [mean(r.error), mean(r.absolute), mean(r.error_squares)];
  const spread = mean(r.truth_squares);
  const t = student(n - 1, level);
  /** Standard error of a mean, from the mean of the squares. */
  const deviation = (squares: number, of: number) => Math.sqrt(Math.max(0, squares - of * of) / (n - 1));
  const ratio = mse / spread;
  const relative =
    (mean(r.error_fourths) / mse / mse - 1 + (mean(r.truth_fourths) / spread / spread - 1) - 2 * (mean(r.error_truth) / mse / spread - 1)) /
    (n - 1);
  const unexplained = skewed(ratio, t * Math.sqrt(Math.max(0, relative)));
  return {
    bias: told(bias, around(bias, t * deviation(mse, bias))),
    mae: told(mae, skewed(mae, (t * deviation(mse, mae)) / mae)),
    rmse: told(Math.sqrt(mse), skewed(Math.sqrt(mse), (t * deviation(mean(r.error_fourths), mse)) / mse / 2)),
    r2: spread > 0 ? told(1 - ratio, unexplained && { low: 1 - unexplained.high, high: 1 - unexplained.low }) : told(Number.NaN, undefined),
  };
}

/** How far truths and predictions go together, from −1 to 1 (Pearson); undefined where either is constant. */
export function correlation({ payload: r, index: k }: Target): number | undefined {
  const found = (r.product[k] ?? 0) / Math.sqrt(r.truth_squares[k] ?? 0) / Math.sqrt(r.predicted_squares[k] ?? 0);
  return Number.isFinite(found) ? Math.max(-1, Math.min(1, found)) : undefined;
}

/** Cells that are not empty: bins of truth and prediction, and how many values. */
export interface Cells {
  readonly truth: Int32Array;
  readonly predicted: Int32Array;
  readonly count: Float64Array;
  /** Values that lie outside of the edges. */
  readonly outside: number;
}

export function cellsOf({ payload: r, index: k }: Target): Cells {
  const [from, to] = span(r.cell_end, k);
  const cell = Array.from(r.cell.subarray(from, to));
  const truth = Int32Array.from(cell, (each) => Math.floor(each / ALL_BINS));
  const predicted = Int32Array.from(cell, (each) => each % ALL_BINS);
  const count = Float64Array.from(r.cell_count.subarray(from, to));
  const isOuter = (bin: number | undefined) => bin === 0 || bin === ALL_BINS - 1;
  const outside = count.reduce((sum, n, i) => sum + (isOuter(truth[i]) || isOuter(predicted[i]) ? n : 0), 0);
  return { truth, predicted, count, outside };
}

/** The 65 edges of a target's bins. */
export function edgesOf({ payload: r, index: k }: Target): Float64Array {
  return r.edge.subarray(k * (ALL_BINS - 1), (k + 1) * (ALL_BINS - 1));
}

/** The error below which a share of all lies, for each share; read between the bounds of sizes that are 4.4 % apart. NaN without errors. */
export function residualsAt({ payload: r, index: k }: Target, shares: readonly number[]): readonly number[] {
  const [from, to] = span(r.residual_end, k);
  const codes = r.residual.subarray(from, to);
  const weights = Float64Array.from((r.residual_weight ?? r.residual_count).subarray(from, to));
  const total = weights.reduce((sum, each) => sum + each, 0);
  return shares.map((share) => {
    const wanted = share * total;
    let below = 0;
    for (let i = 0; i < codes.length; i++) {
      const here = weights[i] ?? 0;
      if (here > 0 && below + here >= wanted) {
        const [low, high] = boundsOf(codes[i] ?? 0);
        return low + (high - low) * Math.max(0, (wanted - below) / here);
      }
      below += here;
    }
    return Number.NaN;
  });
}

/** The least and the largest error of a code, the lower one first. */
export function boundsOf(code: number): readonly [number, number] {
  if (code === 0) return [0, 0];
  const step = Math.abs(code) - RESIDUAL_OFFSET;
  const [near, far] = [2 ** (step / RESIDUAL_STEPS), 2 ** ((step + 1) / RESIDUAL_STEPS)];
  return code < 0 ? [-far, -near] : [near, far];
}

/** One of the largest errors. */
export interface Large {
  readonly id: string;
  readonly truth: number;
  readonly predicted: number;
  readonly error: number;
}

export function largestOf({ payload: r, index: k }: Target): readonly Large[] {
  const [from, to] = span(r.largest_end, k);
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => {
    const [truth, predicted] = [r.largest_truth[from + i] ?? Number.NaN, r.largest_predicted[from + i] ?? Number.NaN];
    return { id: r.ids?.[from + i] ?? String(r.number[from + i]), truth, predicted, error: predicted - truth };
  });
}

/** Values whose truths lie in a range; −∞ and ∞ where it has no end. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly weight: number;
  readonly effective: number;
  readonly bias: number;
  readonly mae: Estimate;
}

/** The bins of the truth that are not empty, each by itself. */
export function binsOf(target: Target, level: number = LEVEL): readonly Range[] {
  return rangesFrom(
    target,
    Array.from({ length: ALL_BINS }, (_, bin) => [bin, bin + 1] as const),
    level,
  ).filter(({ count }) => count > 0);
}

/** Ranges of the truth with about equally many values, at most so many, and none with fewer than `least`. */
export function rangesOf(target: Target, most: number, least: number, level: number = LEVEL): readonly Range[] {
  const counts = binCounts(target);
  const wanted = Math.max(least, target.count / most);
  const cuts: (readonly [number, number])[] = [];
  let from = 0;
  let held = 0;
  for (let bin = 0; bin < ALL_BINS; bin++) {
    held += counts[bin] ?? 0;
    if (held < wanted) continue;
    cuts.push([from, bin + 1]);
    [from, held] = [bin + 1, 0];
  }
  // What is left is a range, too, or joins the last one.
  if (held >= least) cuts.push([from, ALL_BINS]);
  const last = cuts.pop();
  if (last === undefined) return [];
  return rangesFrom(target, [...cuts, [last[0], ALL_BINS]], level);
}

function rangesFrom(target: Target, cuts: readonly (readonly [number, number])[], level: number): readonly Range[] {
  const { payload: r, index: k } = target;
  const counts = binCounts(target);
  const weights = r.cell_weight === null ? counts : binCounts(target, r.cell_weight);
  const edges = edgesOf(target);
  return cuts.map(([first, end]) => {
    const sum = (of: ArrayLike<number>, start: number) => {
      let total = 0;
      for (let bin = first; bin < end; bin++) total += of[start + bin] ?? 0;
      return total;
    };
    const [count, weight] = [sum(counts, 0), sum(weights, 0)];
    const n = effective(weight, r.bin_weight_squares === null ? count : sum(r.bin_weight_squares, k * ALL_BINS));
    const [bias, mae, mse] = [r.bin_error, r.bin_absolute, r.bin_squares].map((sums) => sum(sums, k * ALL_BINS) / weight);
    const half = (student(n - 1, level) * Math.sqrt(Math.max(0, (mse ?? 0) - (mae ?? 0) ** 2) / (n - 1))) / (mae ?? 0);
    return {
      from: first === 0 ? Number.NEGATIVE_INFINITY : (edges[first - 1] ?? Number.NaN),
      to: end === ALL_BINS ? Number.POSITIVE_INFINITY : (edges[end - 1] ?? Number.NaN),
      count,
      weight,
      effective: n,
      bias: bias ?? Number.NaN,
      mae: told(mae ?? Number.NaN, skewed(mae ?? Number.NaN, half)),
    };
  });
}

/** Values, or their weight, by the bin of the truth. */
function binCounts({ payload: r, index: k }: Target, of: ArrayLike<number> = r.cell_count): Float64Array {
  const found = new Float64Array(ALL_BINS);
  const [from, to] = span(r.cell_end, k);
  for (let i = from; i < to; i++) {
    const bin = Math.floor((r.cell[i] ?? 0) / ALL_BINS);
    found[bin] = (found[bin] ?? 0) + (of[i] ?? 0);
  }
  return found;
}

/** Where the part of one target begins and ends. */
function span(end: ArrayLike<number>, k: number): readonly [number, number] {
  return [k === 0 ? 0 : (end[k - 1] ?? 0), end[k] ?? 0];
}

function told(value: number, range: Interval | undefined): Estimate {
  if (!Number.isFinite(value)) return { value: undefined, range: undefined };
  return { value, range: range !== undefined && Number.isFinite(range.high - range.low) ? range : undefined };
}

function around(centre: number, half: number): Interval {
  return { low: centre - half, high: centre + half };
}

/** An interval whose ends are `half` away on the logarithmic scale. */
function skewed(centre: number, half: number): Interval | undefined {
  return Number.isFinite(half) ? { low: centre * Math.exp(-half), high: centre * Math.exp(half) } : undefined;
}

/** Two-sided quantile of Student's t, by its expansion about the normal one (Abramowitz and Stegun 26.7.5); NaN below two degrees. */
export function student(freedom: number, level: number): number {
  if (!(freedom >= 2 - 1e-9)) return Number.NaN;
  const z = probit(1 - level / 2);
  const [z2, v] = [z * z, freedom];
  return (
    z *
    (1 +
      (z2 + 1) / (4 * v) +
      ((5 * z2 + 16) * z2 + 3) / (96 * v ** 2) +
      (((3 * z2 + 19) * z2 + 17) * z2 - 15) / (384 * v ** 3) +
      ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / (92_160 * v ** 4))
  );
}
