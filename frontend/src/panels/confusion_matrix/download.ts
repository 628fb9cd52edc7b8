/** The matrix as files: its numbers as CSV and JSON, its picture as PNG. */
import { type Confusion, countAt, precision, recall } from '../../math/confusion';
import type { Evaluation } from './evaluation';

/** `<run>-<tag>-step-<step>.<ending>`, in characters that every file system takes. */
export function fileName({ series, point }: Evaluation, ending: string): string {
  const safe = (text: string) => text.replace(/[^\p{L}\p{N}._-]+/gu, '_');
  return `${safe(series.run)}-${safe(series.tag)}-step-${point.step}.${ending}`;
}

/** A row a true class: its label, the samples by predicted class, and, if there are any, unknown truth and abstentions. */
export function csv(
  { confusion: c, labels }: Evaluation,
  ids: { readonly rows: ArrayLike<number>; readonly columns: ArrayLike<number> },
): string {
  const name = (id: number, other: string) => quote(id === c.size ? other : (labels[id] ?? ''));
  const columns = Array.from(ids.columns);
  const head = ['true \\ predicted', ...columns.map((j) => name(j, 'abstained'))];
  const lines = Array.from(ids.rows, (i) => [name(i, 'unknown truth'), ...columns.map((j) => String(countAt(c, i, j)))]);
  return `${[head, ...lines].map((line) => line.join(',')).join('\r\n')}\r\n`;
}

function quote(text: string): string {
  // A leading = + - @ would be run as a formula by a spreadsheet.
  const harmless = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Sparse: `[true, predicted, samples]` (and the weight), by class id, beside what they belong to. Undefined rates are null. */
export function json({ series, point, confusion: c, labels }: Evaluation): string {
  const each = (rate: (c: Confusion, k: number) => number | undefined) => labels.map((_, k) => rate(c, k) ?? null);
  return JSON.stringify({
    run: series.run,
    tag: series.tag,
    step: point.step,
    epoch: point.payload.epoch,
    labels,
    cells: cells(c),
    dropped: point.payload.dropped,
    precision: each(precision),
    recall: each(recall),
  });
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

/** Hands a file to the browser. */
export function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
