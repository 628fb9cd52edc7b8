/** Shapes as they are written on the page. An unknown size is −1 in a payload. */
import type { Ints } from '../schema.gen';

export type Shape = readonly number[];

const TIMES = ' × ';

/** `batch × 32 × 32 × 3`: a first dimension of unknown size is the batch, any other one is `?`. */
export function shape(of: Shape): string {
  if (of.length === 0) return 'scalar';
  return of.map((size, axis) => (size >= 0 ? String(size) : axis === 0 ? 'batch' : '?')).join(TIMES);
}

/** The shape of one example, `32 × 32 × 3`; whole where the first dimension is no batch. */
export function exampleShape(of: Shape): string {
  if (of.length === 0 || (of[0] ?? 0) >= 0) return shape(of);
  return of.length === 1 ? 'scalar' : of.slice(1).map(dimension).join(TIMES);
}

function dimension(size: number): string {
  return size >= 0 ? String(size) : '?';
}

/** How many numbers a shape holds; undefined when a dimension is unknown. */
export function elements(of: Shape): number | undefined {
  let product = 1;
  for (const size of of) {
    if (size < 0) return undefined;
    product *= size;
  }
  return product;
}

/** The n-th of shapes that lie one after another: `flat` [dimension], `end` exclusive [shape]. */
export function shapeAt(flat: Ints, end: Ints, n: number): Shape {
  return Array.from(flat.subarray(n === 0 ? 0 : (end[n - 1] ?? 0), end[n] ?? 0));
}
