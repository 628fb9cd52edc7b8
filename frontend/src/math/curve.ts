/** One ROC and precision-recall curve of an answer: its numbers, its points, and what follows from them. */
import type { Curves } from '../schema.gen';
import type { Interval } from './wilson';

/** Ids in `of` that are no class. */
export const MICRO = -1;
export const MACRO = -2;

/** A number that is estimated, and the ends of its 95 % interval; undefined where there is none. */
export interface Estimate {
  readonly value: number | undefined;
  readonly range: Interval | undefined;
}

export interface Curve {
  /** Class id, `MICRO` or `MACRO`. */
  readonly of: number;
  /** Why there is no area; empty where there is one. */
  readonly undefined: string;
  readonly binned: boolean;
  /** Whether positives and negatives are samples; others' logs may have added weights up. */
  readonly isCounted: boolean;
  /** How many; 0 of the mean of the classes. */
  readonly positives: number;
  readonly negatives: number;
  readonly auc: Estimate;
  /** How far binning may have moved the area. */
  readonly bound: number;
  readonly ap: Estimate;
  readonly prevalence: number | undefined;
  /** [point] From nothing positive to everything; none where only the numbers were asked for. NaN: a corner, or along the mean. */
  readonly threshold: Float64Array;
  readonly falsePositiveRate: Float64Array;
  readonly recall: Float64Array;
  readonly precision: Float64Array;
  /** [201] Ends of recall at false positive rates 0, 1/200, …, 1. */
  readonly band: { readonly low: Float64Array; readonly high: Float64Array } | undefined;
  /** [50] Positives and negatives by probability. */
  readonly scores: { readonly positive: ArrayLike<number>; readonly negative: ArrayLike<number> } | undefined;
}

/** All curves of an answer, in its order. */
export function curvesOf(payload: Curves): readonly Curve[] {
  return Array.from(payload.of, (of, i) => {
    const [start, end] = [i === 0 ? 0 : (payload.point_end[i - 1] ?? 0), payload.point_end[i] ?? 0];
    const { band_low, band_high, score_positive, score_negative } = payload;
    const own = ({ length }: ArrayLike<number>) => [(i * length) / payload.of.length, ((i + 1) * length) / payload.of.length] as const;
    const band =
      band_low === null || band_high === null
        ? undefined
        : { low: band_low.subarray(...own(band_low)), high: band_high.subarray(...own(band_high)) };
    return {
      of,
      undefined: payload.undefined[i] ?? '',
      binned: payload.binned,
      isCounted: payload.limits === '',
      positives: payload.positives[i] ?? 0,
      negatives: payload.negatives[i] ?? 0,
      auc: estimate(payload.auc[i], payload.auc_low[i], payload.auc_high[i]),
      bound: payload.auc_bound[i] ?? Number.NaN,
      ap: estimate(payload.ap[i], payload.ap_low[i], payload.ap_high[i]),
      prevalence: defined(payload.prevalence[i]),
      threshold: payload.threshold.subarray(start, end),
      falsePositiveRate: payload.false_positive_rate.subarray(start, end),
      recall: payload.recall.subarray(start, end),
      precision: payload.precision.subarray(start, end),
      band: band === undefined || band.low.some(Number.isNaN) || band.low.length === 0 ? undefined : band,
      scores:
        score_positive === null || score_negative === null
          ? undefined
          : { positive: score_positive.subarray(...own(score_positive)), negative: score_negative.subarray(...own(score_negative)) },
    };
  });
}

/** A number with its interval, where these are known. */
export function estimate(value: number | null | undefined, low: number | null | undefined, high: number | null | undefined): Estimate {
  const [from, to] = [defined(low), defined(high)];
  return { value: defined(value), range: from === undefined || to === undefined ? undefined : { low: from, high: to } };
}

function defined(value: number | null | undefined): number | undefined {
  return value === null || value === undefined || Number.isNaN(value) ? undefined : value;
}

/** A place in a picture. */
export type Place = readonly [x: number, y: number];

/** Corners of the ROC curve. */
export function rocLine({ falsePositiveRate, recall }: Curve): readonly Place[] {
  return Array.from(recall, (y, i): Place => [falsePositiveRate[i] ?? 0, y]);
}

/**
 * Corners of the precision-recall curve. Between two recalls precision is that of the higher one, so that the area below is
 * average precision: a straight line between two points would promise what no threshold gives.
 */
export function precisionLine({ recall, precision }: Curve): readonly Place[] {
  const line: Place[] = [];
  for (let i = 1; i < recall.length; i++) {
    const [before, here, y] = [recall[i - 1] ?? 0, recall[i] ?? 0, precision[i] ?? Number.NaN];
    if (here > before && !Number.isNaN(y)) line.push([before, y], [here, y]);
  }
  return line;
}

/** Corners of the DET curve in normal deviates: rates below half a sample are drawn as half a sample. */
export function detLine({ falsePositiveRate, recall, positives, negatives }: Curve): readonly Place[] {
  return Array.from(recall, (y, i): Place => [deviate(falsePositiveRate[i] ?? 0, negatives), deviate(1 - y, positives)]);
}

/** A rate of `n` samples as a normal deviate, never closer to 0 or 1 than half a sample. */
export function deviate(rate: number, n: number): number {
  const least = n > 0 ? 0.5 / n : 0.5;
  return probit(Math.min(1 - least, Math.max(least, rate)));
}

const A = [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239];
const B = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1];
const C = [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];
const TAIL = 0.02425;

/** The normal deviate below which a share `p` lies, to 1e-8 (Acklam's rational approximation). */
export function probit(p: number): number {
  if (p <= 0 || p >= 1) return p <= 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (p > 1 - TAIL) return -probit(1 - p);
  if (p < TAIL) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(C, q) / polynomial(D, q);
  }
  const q = p - 0.5;
  return (q * polynomial(A, q * q)) / polynomial(B, q * q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, each) => sum * x + each, 0);
}
