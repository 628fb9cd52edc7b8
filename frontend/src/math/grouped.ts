/** A matrix whose classes stand together in groups. */
import { type Confusion, summed } from './confusion';

/** Which classes make up each row and column of a picture. */
export interface Groups {
  /** [group] Ids of its classes, rising. */
  readonly members: readonly Int32Array[];
  /** [K] Group of each class. */
  readonly of: Int32Array;
}

/** Groups from the group of each class, numbered from 0; without a class of its own a group is empty. */
export function groupsOf(of: Int32Array, size = 0): Groups {
  const members = Array.from({ length: of.reduce((most, group) => Math.max(most, group + 1), size) }, (): number[] => []);
  of.forEach((group, k) => {
    members[group]?.push(k);
  });
  return { members: members.map((ids) => Int32Array.from(ids)), of };
}

/** The sum of all cells between each two groups. Unknown truth and abstentions stay apart; no sample is lost. */
export function grouped(c: Confusion, { members, of }: Groups): Confusion {
  const size = members.length;
  const rowEnd = new Int32Array(size + 1);
  const column: number[] = [];
  const count: number[] = [];
  const value: number[] = [];
  const counts = new Float64Array(size + 1);
  const values = new Float64Array(size + 1);
  for (let group = 0; group <= size; group++) {
    const touched: number[] = [];
    for (const id of group < size ? (members[group] ?? []) : [c.size]) {
      const end = c.rowEnd[id] ?? 0;
      for (let cell = id > 0 ? (c.rowEnd[id - 1] ?? 0) : 0; cell < end; cell++) {
        const to = of[c.column[cell] ?? 0] ?? size;
        if (counts[to] === 0) touched.push(to);
        counts[to] = (counts[to] ?? 0) + (c.count[cell] ?? 0);
        values[to] = (values[to] ?? 0) + (c.value[cell] ?? 0);
      }
    }
    touched.sort((a, b) => a - b);
    for (const to of touched) {
      column.push(to);
      count.push(counts[to] ?? 0);
      value.push(values[to] ?? 0);
      counts[to] = 0;
      values[to] = 0;
    }
    rowEnd[group] = column.length;
  }
  const add = (from: Float64Array, length: number) => {
    const sums = new Float64Array(length);
    for (let k = 0; k < from.length; k++) {
      const to = k < c.size ? (of[k] ?? 0) : size;
      sums[to] = (sums[to] ?? 0) + (from[k] ?? 0);
    }
    return sums;
  };
  return summed({
    rowEnd,
    column: Int32Array.from(column),
    count: Float64Array.from(count),
    value: Float64Array.from(value),
    weighted: c.weighted,
    rowSquares: add(c.rowSquares, size + 1),
    columnSquares: c.columnSquares && add(c.columnSquares, size + 1),
    exact: add(c.exact, size),
    errors: c.errors,
  });
}

/**
 * The same groups of another set of classes, matched by name; classes that are in no group follow, each by itself.
 *
 * @param ids [K of the groups] The class of the same name there; −1 where there is none.
 */
export function groupsThere({ members, of }: Groups, ids: Int32Array, size: number): Groups {
  const there = new Int32Array(size).fill(-1);
  ids.forEach((id, k) => {
    if (id >= 0) there[id] = of[k] ?? 0;
  });
  let next = members.length;
  return groupsOf(
    there.map((group) => (group < 0 ? next++ : group)),
    members.length,
  );
}
