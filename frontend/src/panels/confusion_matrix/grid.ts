/** Which class stands where: the order, with unknown truth as last row and abstentions as last column where there are any. */
import { type Confusion, hasAbstained, hasUnknownTruth } from '../../math/confusion';

export interface Grid {
  /** Class ids from top to bottom; K is unknown truth. */
  readonly rows: Int32Array;
  /** Class ids from left to right; K is abstained. */
  readonly columns: Int32Array;
  /** [K + 1] Row of each class; -1 where it has none. */
  readonly rowOf: Int32Array;
  /** [K + 1] Column of each class; -1 where it has none. */
  readonly columnOf: Int32Array;
}

export function grid(c: Confusion, order: ArrayLike<number>): Grid {
  const rows = axis(order, c.size, hasUnknownTruth(c));
  const columns = axis(order, c.size, hasAbstained(c));
  return { rows, columns, rowOf: inverse(rows, c.size), columnOf: inverse(columns, c.size) };
}

function axis(order: ArrayLike<number>, size: number, extra: boolean): Int32Array {
  const ids = new Int32Array(size + (extra ? 1 : 0));
  ids.set(order);
  if (extra) ids[size] = size;
  return ids;
}

function inverse(ids: Int32Array, size: number): Int32Array {
  const places = new Int32Array(size + 1).fill(-1);
  ids.forEach((id, place) => {
    places[id] = place;
  });
  return places;
}
