/** Matrices for tests and the gallery: a dense table, written as it is drawn, made into the sparse payload. */
import type { ConfusionMatrix } from '../schema.gen';

export interface Extra {
  readonly weights?: readonly (readonly number[])[];
  readonly squares?: readonly number[];
  readonly columnSquares?: readonly number[];
  readonly dropped?: Readonly<Record<string, number>>;
  readonly declaredSize?: number;
  readonly classes?: string;
  readonly epoch?: number;
}

/** `table` is K × K, or (K + 1) × (K + 1) with the row of unknown truth and the column of abstentions when `extended`. */
export function matrix(table: readonly (readonly number[])[], extra: Extra = {}, extended = false): ConfusionMatrix {
  const rows = extended ? table : [...table, []];
  const rowEnd: number[] = [];
  const column: number[] = [];
  const count: number[] = [];
  const weight: number[] = [];
  rows.forEach((row, i) => {
    row.forEach((n, j) => {
      if (n === 0) return;
      column.push(j);
      count.push(n);
      weight.push(extra.weights?.[i]?.[j] ?? 0);
    });
    rowEnd.push(column.length);
  });
  const big = count.some((n) => n > 2 ** 31 - 1);
  return {
    kind: 'confusion_matrix',
    classes: extra.classes ?? 'fixture',
    epoch: extra.epoch ?? null,
    dropped: extra.dropped ?? {},
    declared_size: extra.declaredSize ?? null,
    score: null,
    threshold: null,
    row_end: Int32Array.from(rowEnd),
    column: Int32Array.from(column),
    count: big ? Float64Array.from(count) : Int32Array.from(count),
    weight: extra.weights === undefined ? null : Float64Array.from(weight),
    weight_squares: extra.squares === undefined ? null : Float64Array.from(extra.squares),
    column_weight_squares: extra.columnSquares === undefined ? null : Float64Array.from(extra.columnSquares),
  };
}
