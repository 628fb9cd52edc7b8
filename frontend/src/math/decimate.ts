/**
 * The points that a line of so many pixels shows: of each pixel column the first, the last, the least, the greatest and
 * the first that is not finite (M4, Jugel et al. 2014). What is drawn is the same to the pixel, and a spike of one step stays.
 *
 * @param x Rising.
 * @param from First x shown; the last point before it is kept too, so that the line comes in from the edge.
 * @param to Last x shown; so is the first point after it.
 * @returns Their places, rising.
 */
export function decimated(x: Float64Array, y: Float64Array, from: number, to: number, columns: number): Int32Array {
  const first = Math.max(0, lowerBound(x, from) - 1);
  const end = Math.min(x.length, upperBound(x, to) + 1);
  if (end - first <= 4 * columns) return Int32Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
  const kept: number[] = [];
  const column = (i: number) => Math.floor((((x[i] ?? 0) - from) / (to - from)) * columns);
  for (let i = first; i < end; ) {
    const start = i;
    const here = column(i);
    let least = -1;
    let greatest = -1;
    let odd = -1;
    for (; i < end && column(i) === here; i++) {
      const value = y[i] ?? Number.NaN;
      if (!Number.isFinite(value)) odd = odd < 0 ? i : odd;
      else {
        if (least < 0 || value < (y[least] ?? 0)) least = i;
        if (greatest < 0 || value > (y[greatest] ?? 0)) greatest = i;
      }
    }
    const some = new Set([start, least, greatest, odd, i - 1]);
    for (const at of [...some].sort((a, b) => a - b)) if (at >= 0) kept.push(at);
  }
  return Int32Array.from(kept);
}

function lowerBound(x: Float64Array, at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function upperBound(x: Float64Array, at: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
