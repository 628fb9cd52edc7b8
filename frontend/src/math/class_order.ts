/** Orders in which a matrix shows its classes. Order by confusion is computed by the server. */
import { type Confusion, f1, precision, recall } from './confusion';

export type ClassOrder = 'given' | 'name' | 'examples' | 'recall' | 'precision' | 'f1' | 'errors';

// Built once: making a collator costs more than a thousand comparisons.
const natural = new Intl.Collator('en', { numeric: true });

/** [K] The classes from first to last shown. Ties keep the given order; rates that are undefined come last. */
export function classOrder(order: ClassOrder, labels: readonly string[], c: Confusion): Int32Array {
  const ids = Int32Array.from({ length: c.size }, (_, k) => k);
  if (order === 'given') return ids;
  if (order === 'name') return ids.sort((a, b) => natural.compare(labels[a] ?? '', labels[b] ?? '') || a - b);
  const key = Float64Array.from(ids, (k) => place(order, c, k));
  return ids.sort((a, b) => compare(key[a] ?? 0, key[b] ?? 0) || a - b);
}

/** Small first: most examples, worst rate, most errors. */
function place(order: Exclude<ClassOrder, 'given' | 'name'>, c: Confusion, k: number): number {
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
function errorsOf(c: Confusion, k: number): number {
  return (c.rowSum[k] ?? 0) + (c.columnSum[k] ?? 0) - 2 * (c.right[k] ?? 0);
}

// Not a − b: ∞ − ∞ is NaN.
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether this is every one of `size` classes, once: what a server's order must be before it is used. */
export function isOrder(order: readonly number[], size: number): boolean {
  return order.length === size && new Set(order).size === size && order.every((k) => Number.isInteger(k) && k >= 0 && k < size);
}
