/** Orders in which a matrix shows its classes. Order by confusion is computed by the server. */
import { f1, precision, type Rated, recall } from './confusion';
import { compare } from './sorted';

export type ClassOrder = 'given' | 'name' | 'examples' | 'recall' | 'precision' | 'f1' | 'errors';

/** [K] The classes from first to last shown. Ties keep the given order; rates that are undefined come last. */
export function classOrder(order: ClassOrder, labels: readonly string[], c: Rated): Int32Array {
  const ids = Int32Array.from({ length: c.size }, (_, k) => k);
  if (order === 'given') return ids;
  if (order === 'name') return ids.sort((a, b) => compare(labels[a] ?? '', labels[b] ?? '') || a - b);
  const key = Float64Array.from(ids, (k) => place(order, c, k));
  return ids.sort((a, b) => compare(key[a] ?? 0, key[b] ?? 0) || a - b);
}

/**
 * The classes' sums over several matrices, such as all steps of all trainings shown: an order made of them stays as it is
 * while one steps through.
 *
 * @param parts `ids` [size]: the class of the same name in that matrix; −1 where there is none.
 */
export function together(size: number, parts: readonly { readonly confusion: Rated; readonly ids: Int32Array }[]): Rated {
  const sums = ['exact', 'rowSum', 'columnSum', 'examples'] as const;
  const rated = {
    size,
    exact: new Float64Array(size),
    rowSum: new Float64Array(size),
    columnSum: new Float64Array(size),
    examples: new Float64Array(size),
  };
  for (const { confusion, ids } of parts) {
    for (const name of sums) {
      const [to, from] = [rated[name], confusion[name]];
      for (let k = 0; k < size; k++) to[k] = (to[k] ?? 0) + (from[ids[k] ?? -1] ?? 0);
    }
  }
  return rated;
}

/** An order of some names as one of others: those that are in both first, in that order; the rest as given. */
export function orderByName(order: readonly number[], of: readonly string[], labels: readonly string[]): Int32Array {
  const place = new Map(order.map((k, i) => [of[k] ?? '', i]));
  const key = Float64Array.from(labels, (label) => place.get(label) ?? Number.POSITIVE_INFINITY);
  return Int32Array.from(labels, (_, k) => k).sort((a, b) => compare(key[a] ?? 0, key[b] ?? 0) || a - b);
}

/** Small first: most examples, worst rate, most errors. */
function place(order: Exclude<ClassOrder, 'given' | 'name'>, c: Rated, k: number): number {
  switch (order) {
    case 'examples':
      return -(c.examples[k] ?? 0);
    case 'errors':
      return -errorsOf(c, k);
    case 'recall':
      return recall(c, k) ?? Number.POSITIVE_INFINITY;
    case 'precision':
      return precision(c, k) ?? Number.POSITIVE_INFINITY;
    case 'f1':
      return f1(c, k) ?? Number.POSITIVE_INFINITY;
  }
}

/** What a class has to do with errors: its examples taken for others, and others taken for it. */
function errorsOf(c: Rated, k: number): number {
  return (c.rowSum[k] ?? 0) + (c.columnSum[k] ?? 0) - 2 * (c.exact[k] ?? 0);
}

/** Whether this is every one of `size` classes, once: what a server's order must be before it is used. */
export function isOrder(order: readonly number[], size: number): boolean {
  return order.length === size && new Set(order).size === size && order.every((k) => Number.isInteger(k) && k >= 0 && k < size);
}
