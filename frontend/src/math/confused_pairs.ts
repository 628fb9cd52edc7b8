/** What is taken for what: the cells off the diagonal, most samples first. */
import { type Confusion, countAt } from './confusion';

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

/** Whether a pair is one way (`a` taken for `b`), or both ways together. */
export type Way = 'directed' | 'symmetric';

/**
 * The most confused pairs, at most `most`. Ties keep the order of the classes. Abstentions are errors, but no pair.
 * Of both ways together `truth` and `predicted` are those of the more frequent one.
 */
export function confusedPairs(c: Confusion, most: number, way: Way = 'directed'): readonly Pair[] {
  const found = way === 'directed' ? directed(c) : symmetric(c);
  found.sort((a, b) => b.count - a.count);
  let sum = 0;
  return found.slice(0, most).map((pair) => {
    sum += pair.count;
    return { ...pair, share: pair.count / c.errors, cumulative: sum / c.errors };
  });
}

/** How many different pairs are confused at all. */
export function pairCount(c: Confusion, way: Way = 'directed'): number {
  return (way === 'directed' ? directed(c) : symmetric(c)).length;
}

type Counted = Pick<Pair, 'truth' | 'predicted' | 'count'>;

function directed(c: Confusion): Counted[] {
  const found: Counted[] = [];
  let cell = 0;
  for (let truth = 0; truth < c.size; truth++) {
    for (const end = c.rowEnd[truth] ?? 0; cell < end; cell++) {
      const predicted = c.column[cell] ?? 0;
      if (predicted !== truth && predicted !== c.size) found.push({ truth, predicted, count: c.count[cell] ?? 0 });
    }
  }
  return found;
}

function symmetric(c: Confusion): Counted[] {
  return directed(c).flatMap(({ truth, predicted, count }) => {
    const back = countAt(c, predicted, truth);
    // Once a pair: as the more frequent of its two ways, of equals the one that comes first.
    const isFirst = count > back || (count === back && truth < predicted);
    return isFirst ? [{ truth, predicted, count: count + back }] : [];
  });
}
