/** Which class stands where: the order, with unknown truth and abstentions last where there are any. */
import { type Confusion, hasAbstained, hasUnknownTruth } from '../../math/confusion';
import type { Place } from './AxisLabels';

export interface Grid {
  /** Class ids from top to bottom, true ones unless transposed; K is unknown truth, or abstained. */
  readonly rows: Int32Array;
  /** Class ids from left to right. */
  readonly columns: Int32Array;
  /** [K + 1] Row of each class; -1 where it has none. */
  readonly rowOf: Int32Array;
  /** [K + 1] Column of each class; -1 where it has none. */
  readonly columnOf: Int32Array;
  /** Whether rows are the predicted classes, and columns the true ones. */
  readonly transposed: boolean;
}

/** A cell by its classes. */
export interface Cell {
  readonly truth: number;
  readonly predicted: number;
}

export function grid(c: Confusion, order: ArrayLike<number>, transposed = false): Grid {
  const truths = axis(order, c.size, hasUnknownTruth(c));
  const predictions = axis(order, c.size, hasAbstained(c));
  const [rows, columns] = transposed ? [predictions, truths] : [truths, predictions];
  return { rows, columns, rowOf: inverse(rows, c.size), columnOf: inverse(columns, c.size), transposed };
}

/** True classes, in the order shown. */
export function truthsOf({ rows, columns, transposed }: Grid): Int32Array {
  return transposed ? columns : rows;
}

/** Predicted classes, in the order shown. */
export function predictionsOf({ rows, columns, transposed }: Grid): Int32Array {
  return transposed ? rows : columns;
}

/** What stands at a place. */
export function cellOf({ rows, columns, transposed }: Grid, { row, column }: Place): Cell {
  const [vertical, horizontal] = [rows[row] ?? 0, columns[column] ?? 0];
  return transposed ? { truth: horizontal, predicted: vertical } : { truth: vertical, predicted: horizontal };
}

/** Where a cell stands; -1 where it does not. */
export function placeOf({ rowOf, columnOf, transposed }: Grid, truth: number | undefined, predicted: number | undefined): Place {
  const [vertical, horizontal] = transposed ? [predicted, truth] : [truth, predicted];
  return { row: rowOf[vertical ?? -1] ?? -1, column: columnOf[horizontal ?? -1] ?? -1 };
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
