/** Values that are still read as numbers. */
const FEW = 60;
/** Cells of a heatmap: more are a canvas that browsers refuse. */
const MOST = 16_000_000;
const SIDE = 16_000;

/** How an array of unknown meaning is best seen. */
export function picture(shape: readonly number[]): 'nothing' | 'table' | 'line' | 'heatmap' {
  const size = shape.reduce((a, b) => a * b, 1);
  if (size === 0) return 'nothing';
  if (size <= FEW) return 'table';
  const columns = shape.at(-1) ?? 1;
  const rows = size / columns;
  if (shape.filter((length) => length > 1).length < 2 || size > MOST || columns > SIDE || rows > SIDE) return 'line';
  return 'heatmap';
}

/** Least and largest finite value; NaN when there is none. */
export function extent(data: Iterable<number>): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? { low: Number.NaN, high: Number.NaN } : { low, high };
}
