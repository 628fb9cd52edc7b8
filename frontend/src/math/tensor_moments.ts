/** Mean and standard deviation of a parameter's values, exactly, from their sums. Pure. */
import type { TensorSeries } from './tensor_series';

export interface Moments {
  /** Rising: the steps at which they were told. */
  readonly step: Float64Array;
  readonly mean: Float64Array;
  /** Of the values themselves: of their number, not of one less. */
  readonly deviation: Float64Array;
}

/** Undefined where nothing tells them. Steps at which a value was not finite are left out. */
export function momentsOf(series: TensorSeries, path: string, of: 'weight' | 'gradient'): Moments | undefined {
  const p = series.rows.findIndex((row) => row.path === path);
  const size = series.rows[p]?.size ?? Number.NaN;
  const [sum, squares, odd] = [`${of}_sum`, `${of}_sum_squares`, `${of}_non_finite`].map((name) => series.value.get(name));
  if (sum === undefined || squares === undefined || !(size > 0)) return undefined;
  const n = series.step.length;
  const places = Array.from(series.step.keys()).filter((i) => {
    const at = p * n + i;
    return Number.isFinite(sum[at]) && Number.isFinite(squares[at]) && !((odd?.[at] ?? 0) > 0);
  });
  if (places.length === 0) return undefined;
  const mean = Float64Array.from(places, (i) => (sum[p * n + i] ?? 0) / size);
  return {
    step: Float64Array.from(places, (i) => series.step[i] ?? 0),
    mean,
    // Rounded sums may make a constant's a little less than 0.
    deviation: Float64Array.from(places, (i, k) => Math.sqrt(Math.max(0, (squares[p * n + i] ?? 0) / size - (mean[k] ?? 0) ** 2))),
  };
}
