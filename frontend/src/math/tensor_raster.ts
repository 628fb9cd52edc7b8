/** The cells of a picture of rows by steps: which value stands in each column of pixels. */
import { IS, type Track } from './tensor_measures';

/** Ranges of steps by column of pixels: `first` to `end` (exclusive); equal: nothing was logged there. */
export interface Columns {
  readonly first: Int32Array;
  readonly end: Int32Array;
}

/**
 * Each logged step stands from its place to the next one's; the last as far as the one before it did. A column shows the
 * steps that begin in it, or else the one that it lies in.
 *
 * @param x Where the steps stand; rising.
 */
export function columnsOf(x: Float64Array, [from, to]: readonly [number, number], columns: number): Columns {
  const first = new Int32Array(columns);
  const end = new Int32Array(columns);
  const n = x.length;
  if (n === 0) return { first, end };
  const last = x[n - 1] ?? 0;
  const reach = n > 1 ? last + (last - (x[n - 2] ?? last)) : Number.POSITIVE_INFINITY;
  const edge = (column: number) => from + (column / columns) * (to - from);
  let at = 0;
  while (at < n && (x[at] ?? 0) < from) at++;
  for (let c = 0; c < columns; c++) {
    const start = at;
    // The end of the axis belongs to its last column.
    const right = c === columns - 1 ? Number.POSITIVE_INFINITY : edge(c + 1);
    const within = c === columns - 1 ? to : Number.POSITIVE_INFINITY;
    while (at < n && (x[at] ?? 0) < right && (x[at] ?? 0) <= within) at++;
    if (at > start) {
      first[c] = start;
      end[c] = at;
    } else if (start > 0 && (start < n || edge(c) < reach)) {
      first[c] = start - 1;
      end[c] = start;
    }
  }
  return { first, end };
}

/** What outranks what when several steps share a column: one bad step must stay in sight. */
const RANK: readonly number[] = [IS.missing, IS.none, IS.undefined, IS.value, IS.nonFinite]
  .map((state, rank) => ({ state, rank }))
  .sort((a, b) => a.state - b.state)
  .map(({ rank }) => rank);

/** The place among a column's steps of the one that it shows: the greatest value, on either side of 0, a spike of one step among thousands too. −1: none. */
export function shownIn({ value, state }: Track, first: number, end: number): number {
  let best = -1;
  for (let i = first; i < end; i++) {
    if (best < 0) {
      best = i;
      continue;
    }
    const rank = RANK[state[i] ?? 0] ?? 0;
    const before = RANK[state[best] ?? 0] ?? 0;
    if (rank > before || (rank === before && Math.abs(value[i] ?? 0) > Math.abs(value[best] ?? 0))) best = i;
  }
  return best;
}
