/** What became of each cell from one evaluation to another: signed, and only as sure as the samples are. */
import { type Confusion, cellAt, cellInterval, cellValue } from './confusion';
import { type Interval, newcombe } from './wilson';

/** The shares that can be compared: of the true class, or of the predictions of a class. */
export type Share = 'row' | 'column';

export interface Difference {
  /** [K + 1] Where each row's cells end: every cell that is not empty in one of both. */
  readonly rowEnd: Int32Array;
  /** [cell] */
  readonly column: Int32Array;
  /** [cell] Share now minus share before; NaN where one of both is undefined. */
  readonly value: Float64Array;
  /** [cell] 1 where the 95 % interval of the difference leaves 0 out. */
  readonly sure: Uint8Array;
  /** How many cells of classes were compared, and how many of them differ surely. */
  readonly tested: number;
  readonly differing: number;
}

/**
 * @param ids [K of `now`] The class of the same name before; −1 where there is none.
 */
export function difference(now: Confusion, before: Confusion, ids: Int32Array, by: Share): Difference {
  const back = new Int32Array(before.size + 1).fill(-1);
  ids.forEach((there, k) => {
    if (there >= 0) back[there] = k;
  });
  back[before.size] = now.size;
  const rowEnd = new Int32Array(now.size + 1);
  const column: number[] = [];
  const value: number[] = [];
  const sure: number[] = [];
  let tested = 0;
  let differing = 0;
  for (let row = 0; row <= now.size; row++) {
    const rowThere = row === now.size ? before.size : (ids[row] ?? -1);
    for (const at of cellsOf(now, row, before, rowThere, back)) {
      const there = at === now.size ? before.size : (ids[at] ?? -1);
      const [a, aIn] = [cellValue(now, row, at, by), cellInterval(now, row, at, by)];
      const [b, bIn] =
        rowThere < 0 || there < 0
          ? [undefined, undefined]
          : [cellValue(before, rowThere, there, by), cellInterval(before, rowThere, there, by)];
      const range = newcombe(a, aIn, b, bIn);
      const isSure = range !== undefined && (range.low > 0 || range.high < 0);
      column.push(at);
      value.push(a === undefined || b === undefined ? Number.NaN : a - b);
      sure.push(isSure ? 1 : 0);
      if (range === undefined || row === now.size) continue;
      tested++;
      if (isSure) differing++;
    }
    rowEnd[row] = column.length;
  }
  return { rowEnd, column: Int32Array.from(column), value: Float64Array.from(value), sure: Uint8Array.from(sure), tested, differing };
}

/** Columns of now that are not empty in a row now or before, rising. */
function cellsOf(now: Confusion, row: number, before: Confusion, rowThere: number, back: Int32Array): readonly number[] {
  const found = new Set<number>();
  const add = (c: Confusion, id: number, named: (column: number) => number) => {
    for (let cell = id > 0 ? (c.rowEnd[id - 1] ?? 0) : 0; cell < (c.rowEnd[id] ?? 0); cell++) {
      const column = named(c.column[cell] ?? 0);
      if (column >= 0) found.add(column);
    }
  };
  add(now, row, (column) => column);
  if (rowThere >= 0) add(before, rowThere, (column) => back[column] ?? -1);
  return [...found].sort((a, b) => a - b);
}

/** The interval of one cell's difference (Newcombe, of independent samples). */
export function differenceInterval(
  now: Confusion,
  before: Confusion,
  cell: { readonly truth: number; readonly predicted: number },
  there: { readonly truth: number; readonly predicted: number },
  by: Share,
): Interval | undefined {
  return newcombe(
    cellValue(now, cell.truth, cell.predicted, by),
    cellInterval(now, cell.truth, cell.predicted, by),
    cellValue(before, there.truth, there.predicted, by),
    cellInterval(before, there.truth, there.predicted, by),
  );
}

/** The difference of a cell: 0 where both are empty, undefined where one of both is. */
export function differenceAt(difference: Difference, truth: number, predicted: number): number | undefined {
  const cell = cellAt(difference, truth, predicted);
  const found = cell < 0 ? 0 : (difference.value[cell] ?? Number.NaN);
  return Number.isNaN(found) ? undefined : found;
}
