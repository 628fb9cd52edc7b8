/** Records of values, put together from what is said of each parameter. */
import type { WeightValues } from '../schema.gen';

export interface Told {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly axes?: string;
  readonly kept?: WeightValues['kept'][number];
  readonly rows?: number;
  readonly columns?: number;
  readonly exponent?: number;
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  readonly kernel?: readonly number[];
  readonly singular?: readonly number[];
}

export function recordOf(all: readonly Told[]): WeightValues {
  const ends = (count: (told: Told) => number) => {
    let end = 0;
    return Int32Array.from(all, (told) => {
      end += count(told);
      return end;
    });
  };
  const columns = ({ shape, columns: given }: Told) => given ?? shape.at(-1) ?? 1;
  const scaled = ({ values, exponent = 0 }: Told) => values.map((x) => x * 2 ** exponent);
  const finite = (told: Told) => scaled(told).filter(Number.isFinite);
  return {
    kind: 'weight_values',
    parameters: 'p',
    kept: all.map(({ kept }) => kept ?? 'all'),
    axes: all.map(({ axes }) => axes ?? ''),
    exponent: Int32Array.from(all, ({ exponent }) => exponent ?? 0),
    sum_squares: Float64Array.from(all, (told) => finite(told).reduce((sum, x) => sum + x * x, 0)),
    non_finite: Int32Array.from(all, (told) => told.values.length - finite(told).length),
    rows: Int32Array.from(all, (told) => told.rows ?? told.values.length / columns(told)),
    columns: Int32Array.from(all, columns),
    cell_end: ends(({ values }) => values.length),
    value: Float32Array.from(all.flatMap(({ values }) => values)),
    block_end: ends(({ low }) => low?.length ?? 0),
    low: Float32Array.from(all.flatMap(({ low }) => low ?? [])),
    high: Float32Array.from(all.flatMap(({ high }) => high ?? [])),
    kernel_end: ends(({ kernel }) => kernel?.length ?? 0),
    kernel: Int32Array.from(all.flatMap(({ kernel }) => kernel ?? [])),
    strong_end: ends(() => 0),
    strong: new Int32Array(),
    strong_value: new Float32Array(),
    singular_end: ends(({ singular }) => singular?.length ?? 0),
    singular: Float32Array.from(all.flatMap(({ singular }) => singular ?? [])),
  };
}
