import fc from 'fast-check';
import type { Curve } from './curve';

/** Scores of either kind with many ties, in multiples of 1/20. */
export const scored = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 20 }).map((s) => s / 20), positive: fc.boolean() }), { minLength: 1, maxLength: 40 })
  .map((samples) => ({ of: 3, score: samples.map(({ score }) => score), positive: samples.map(({ positive }) => positive) }));

/** Area below the points of a ROC curve, by trapezoids. */
export function areaBelow({ falsePositiveRate: x, recall: y }: Pick<Curve, 'falsePositiveRate' | 'recall'>): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i] ?? 0) - (x[i - 1] ?? 0)) * (((y[i] ?? 0) + (y[i - 1] ?? 0)) / 2);
  return area;
}

/** Average precision of the points: the sum of (R_n − R_(n−1)) · P_n. */
export function averagePrecision({ recall, precision }: Pick<Curve, 'recall' | 'precision'>): number {
  let sum = 0;
  for (let i = 1; i < recall.length; i++) {
    const gained = (recall[i] ?? 0) - (recall[i - 1] ?? 0);
    if (gained > 0) sum += gained * (precision[i] ?? Number.NaN);
  }
  return sum;
}
