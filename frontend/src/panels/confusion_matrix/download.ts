/** The numbers of the matrix as they are saved. */
import type { Field } from '../../components/download';
import { type Confusion, countAt, precision, recall } from '../../math/confusion';
import type { Evaluation } from './evaluation';

/** A row a true class: its label, the samples by predicted class, and, if there are any, unknown truth and abstentions. */
export function rows(
  { confusion: c, labels }: Evaluation,
  ids: { readonly rows: ArrayLike<number>; readonly columns: ArrayLike<number> },
): readonly (readonly Field[])[] {
  const name = (id: number, other: string) => (id === c.size ? other : (labels[id] ?? ''));
  const columns = Array.from(ids.columns);
  const head = ['true \\ predicted', ...columns.map((j) => name(j, 'abstained'))];
  return [head, ...Array.from(ids.rows, (i) => [name(i, 'unknown truth'), ...columns.map((j) => countAt(c, i, j))])];
}

/** Sparse: `[true, predicted, samples]` (and the weight), by class id, beside what they belong to. Undefined rates are null. */
export function numbers({ series, point, confusion: c, labels }: Evaluation) {
  const each = (rate: (c: Confusion, k: number) => number | undefined) => labels.map((_, k) => rate(c, k) ?? null);
  return {
    run: series.run,
    tag: series.tag,
    step: point.step,
    epoch: point.payload.epoch,
    labels,
    cells: cells(c),
    dropped: point.payload.dropped,
    precision: each(precision),
    recall: each(recall),
  };
}

function cells(c: Confusion): readonly (readonly number[])[] {
  const all: number[][] = [];
  let cell = 0;
  for (let i = 0; i <= c.size; i++) {
    for (const end = c.rowEnd[i] ?? 0; cell < end; cell++) {
      all.push([i, c.column[cell] ?? 0, c.count[cell] ?? 0, ...(c.weighted ? [c.value[cell] ?? 0] : [])]);
    }
  }
  return all;
}
