/** Places among rising values. */

/** Place of the last value at or below `x`; −1 when all are above. */
export function lastAt(rising: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? Number.NaN) <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Of places that are the same: far less than a second of those since 1970. */
export const ROUNDING = 1e-14;

/** As `lastAt`, where places that were counted differently in floats meet. */
export function lastNear(rising: ArrayLike<number>, x: number): number {
  return lastAt(rising, x + Math.abs(x) * ROUNDING);
}
