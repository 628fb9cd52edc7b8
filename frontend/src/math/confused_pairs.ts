/** What is taken for what: the cells off the diagonal, most samples first. */
import type { Confusion } from './confusion';

export interface Pair {
  readonly truth: number;
  readonly predicted: number;
  /** Samples. */
  readonly count: number;
  /** Share of all errors, from 0 to 1. */
  readonly share: number;
  /** Share of all errors that this pair and those before it make up. */
  readonly cumulative: number;
}

/** The most confused pairs, at most `most`. Ties keep the order of the classes. Abstentions are errors, but no pair. */
export function confusedPairs(c: Confusion, most: number): readonly Pair[] {
  const found: { truth: number; predicted: number; count: number }[] = [];
  let cell = 0;
  for (let truth = 0; truth < c.size; truth++) {
    for (const end = c.rowEnd[truth] ?? 0; cell < end; cell++) {
      const predicted = c.column[cell] ?? 0;
      if (predicted !== truth && predicted !== c.size) found.push({ truth, predicted, count: c.count[cell] ?? 0 });
    }
  }
  found.sort((a, b) => b.count - a.count);
  let sum = 0;
  return found.slice(0, most).map((pair) => {
    sum += pair.count;
    return { ...pair, share: pair.count / c.errors, cumulative: sum / c.errors };
  });
}

/** How many different pairs are confused at all. */
export function pairCount(c: Confusion): number {
  let pairs = 0;
  let cell = 0;
  for (let truth = 0; truth < c.size; truth++) {
    for (const end = c.rowEnd[truth] ?? 0; cell < end; cell++) {
      const predicted = c.column[cell];
      if (predicted !== truth && predicted !== c.size) pairs++;
    }
  }
  return pairs;
}
