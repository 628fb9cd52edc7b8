/** Numbers of a comparison with another evaluation of the same samples: pure. */
import type { Comparison } from '../../schema.gen';
import type { Choices, Versus } from './choices';

/** What the list can be narrowed down to at a click, in this order. */
export const OFFERED = ['only_this_right', 'only_other_right', 'differ'] as const satisfies readonly Versus[];

export type Counts = Readonly<Record<(typeof OFFERED)[number], number>>;

/** How many samples of what is selected there are of each; undefined for a cell, of which a comparison does not tell. */
export function countsOf(c: Comparison, classes: readonly number[], as: Choices['as']): Counts | undefined {
  const [first, second] = classes;
  if (second !== undefined) return undefined;
  if (first !== undefined && as === 'predicted') return predictedAs(c, first);
  const of = (values: ArrayLike<number>) =>
    first === undefined ? Array.from(values).reduce((sum, n) => sum + n, 0) : (values[first] ?? 0);
  const [mine, theirs] = [of(c.only_this_right), of(c.only_other_right)];
  return { only_this_right: mine, only_other_right: theirs, differ: mine + theirs + of(c.both_wrong) - of(c.same_wrong) };
}

function predictedAs(c: Comparison, id: number): Counts {
  const found = { only_this_right: 0, only_other_right: 0, differ: 0 };
  for (let cell = id > 0 ? (c.row_end[id - 1] ?? 0) : 0; cell < (c.row_end[id] ?? 0); cell++) {
    if (c.column[cell] === id) continue;
    found.only_this_right += c.this_right[cell] ?? 0;
    found.only_other_right += c.other_right[cell] ?? 0;
    found.differ += c.count[cell] ?? 0;
  }
  return found;
}
