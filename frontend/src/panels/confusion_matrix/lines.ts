/** Cells by the row of the picture that they are in. */
import type { Ints } from '../../schema.gen';

export interface Lines {
  /** [K + 1] Where the cells of each class's row end. */
  readonly end: Ints;
  /** [cell] The class of its column. */
  readonly at: Ints;
  /** [cell] Which cell it is; undefined where they are counted in this order. */
  readonly cell: Int32Array | undefined;
}

interface Rows {
  readonly rowEnd: Ints;
  readonly column: Ints;
}

const known = new WeakMap<Rows, Lines>();

/** The cells by true class, or, transposed, by predicted class. */
export function linesOf(rows: Rows, transposed: boolean): Lines {
  if (!transposed) return { end: rows.rowEnd, at: rows.column, cell: undefined };
  let made = known.get(rows);
  if (made === undefined) {
    made = turned(rows);
    known.set(rows, made);
  }
  return made;
}

function turned({ rowEnd, column }: Rows): Lines {
  const end = new Int32Array(rowEnd.length);
  for (let cell = 0; cell < column.length; cell++) {
    const to = column[cell] ?? 0;
    end[to] = (end[to] ?? 0) + 1;
  }
  for (let k = 1; k < end.length; k++) end[k] = (end[k] ?? 0) + (end[k - 1] ?? 0);
  const next = Int32Array.from(end, (_, k) => (k > 0 ? (end[k - 1] ?? 0) : 0));
  const at = new Int32Array(column.length);
  const cells = new Int32Array(column.length);
  let cell = 0;
  for (let row = 0; row < rowEnd.length; row++) {
    for (const stop = rowEnd[row] ?? 0; cell < stop; cell++) {
      const to = column[cell] ?? 0;
      const place = next[to] ?? 0;
      next[to] = place + 1;
      at[place] = row;
      cells[place] = cell;
    }
  }
  return { end, at, cell: cells };
}
