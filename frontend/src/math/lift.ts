/** How much more often two classes meet than chance would have them meet. */

/** What an empty cell is counted as, in samples or weight: the logarithm of nothing has no value. */
const HALF = 0.5;

/**
 * log₂ of the cell over what it would be if prediction and truth had nothing to do with each other: log₂(C N / (r c)).
 * 0 is chance, 1 twice as often, −1 half as often. Undefined where the row or the column is empty.
 */
export function lift(value: number, rowSum: number, columnSum: number, all: number): number | undefined {
  if (!(rowSum > 0 && columnSum > 0)) return undefined;
  return Math.log2((value > 0 ? value : HALF) / ((rowSum / all) * columnSum));
}

/** What a cell would hold by chance: r c / N. Undefined in an empty evaluation. */
export function byChance(rowSum: number, columnSum: number, all: number): number | undefined {
  return all > 0 ? (rowSum / all) * columnSum : undefined;
}
