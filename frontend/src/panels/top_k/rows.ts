/** Top-k accuracies of an evaluation: pure. */
import type { TopK } from '../../schema.gen';

/** Accuracies are told of the first 1, 2, …, so many classes. */
export const MOST_K = 10;

export interface Row {
  readonly k: number;
  readonly right: number;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

/** Place of the last evaluation at or before a step; −1 where there is none. */
export function placeOf({ step: steps }: TopK, step: number): number {
  return Array.from(steps).findLastIndex((each) => each <= step);
}

/** The accuracies for k = 1, 2, … below the number of classes: among all of them each is right. */
export function rowsOf(told: TopK, place: number, size: number): readonly Row[] {
  return Array.from({ length: Math.min(MOST_K, Math.max(1, size - 1)) }, (_, i) => {
    const at = (values: ArrayLike<number>) => values[place * MOST_K + i] ?? Number.NaN;
    return { k: i + 1, right: at(told.right), accuracy: at(told.accuracy), low: at(told.low), high: at(told.high) };
  });
}

/** One accuracy at every evaluation. */
export function lineOf({ step: steps, accuracy }: TopK, k: number): readonly { readonly step: number; readonly value: number }[] {
  return Array.from(steps, (step, i) => ({ step, value: accuracy[i * MOST_K + k - 1] ?? Number.NaN }));
}

/** What is right for no k, and why. */
export function leftOutText(told: TopK, place: number): string {
  const [abstained, unranked] = [told.abstained[place] ?? 0, told.unranked[place] ?? 0];
  const parts = [
    ...(abstained > 0 ? [`on ${abstained} the model abstained`] : []),
    ...(unranked > 0 ? [`of ${unranked} nobody knows where the truth came`] : []),
  ];
  return parts.length === 0 ? '' : `${parts.join(', ')}: right for no k.`;
}
