/** One heat map: rows by logged steps on the shared axis, all numbers computed. Pure. */
import type { Track } from '../../math/tensor_measures';
import type { VisibleRow } from '../../math/tensor_rows';
import type { TensorScale } from '../../math/tensor_scale';
import type { TensorSeries } from '../../math/tensor_series';

export interface Heat {
  readonly series: TensorSeries;
  readonly rows: readonly VisibleRow[];
  /** Of each row; undefined where the training has no such row. */
  readonly tracks: readonly (Track | undefined)[];
  /** Where the series' steps stand. */
  readonly x: Float64Array;
  /** Undefined where no value is above 0. */
  readonly scale: TensorScale | undefined;
}

/** Height of a row in CSS pixels: to be read where there are few, to be seen where there are many. */
export function rowHeight(rows: number): number {
  const share = (height: number) => Math.floor(height / Math.max(1, rows));
  const wanted = Math.max(14, Math.min(24, share(240)));
  return Math.max(2, Math.min(wanted, share(640)));
}
