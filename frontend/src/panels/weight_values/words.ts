/** What is said of a parameter's values. */
import { count, number, plural } from '../../math/format';
import { span, type WeightCells, wholeSize } from '../../math/weight_cells';

/** `in 64 × out 128`, or the sizes alone. */
export function sizes({ axes, shape }: WeightCells): string {
  if (shape.length === 0) return 'a single value';
  return shape.map((size, a) => (axes[a] === undefined ? String(size) : `${axes[a]} ${size}`)).join(' × ');
}

/** How much of it is drawn; nothing where it is all of it. */
export function partOf(cells: WeightCells): string | undefined {
  const { kept, rows, columns, shape } = cells;
  const all = shape.reduce((a, b) => a * b, 1);
  if (kept === 'blocks') {
    const whole = wholeSize(cells);
    return `means of ${count(rows)} × ${count(columns)} blocks, of about ${number(whole.rows / rows)} × ${number(whole.columns / columns)} values each`;
  }
  if (kept === 'kernels')
    return `${plural(cells.kernel.length, 'kernel')} of ${count((all * cells.kernel.length) / Math.max(1, rows * columns))}`;
  if (kept === 'sample') return `${count(columns)} of ${count(all)} values, evenly spaced`;
  if (kept === 'none') return 'not kept: whole numbers, or more than the budget has room for';
  return undefined;
}

/** What the axes down and across are; empty where nobody knows. */
export function sides({ axes, rows }: WeightCells): { readonly down: string; readonly across: string } {
  if (axes.length === 0) return { down: '', across: '' };
  if (axes.length === 1 || rows === 1) return { down: '', across: axes.join(', ') };
  const isFirst = /^(?:height|width|length|depth|time)$/.test(axes.at(-1) ?? '');
  return isFirst
    ? { down: axes[0] ?? '', across: axes.slice(1).join(', ') }
    : { down: axes.slice(0, -1).join(', '), across: axes.at(-1) ?? '' };
}

/** `row 3, column 12: 0.0312`; of a block also where it lies, and its ends. */
export function cellWords(cells: WeightCells, row: number, column: number): string {
  const at = row * cells.columns + column;
  const value = number(cells.value[at] ?? Number.NaN);
  if (cells.kept === 'all' || cells.kept === 'none') return `${cells.rows === 1 ? '' : `row ${row}, `}column ${column}: ${value}`;
  const whole = wholeSize(cells);
  const across = places(span(column, cells.columns, whole.columns));
  if (cells.kept === 'sample') return `value ${span(column, cells.columns, whole.columns).from}: ${value}`;
  const where = `rows ${places(span(row, cells.rows, whole.rows))}, columns ${across}: mean ${value}`;
  if (cells.low === undefined || cells.high === undefined) return where;
  return `${where}, from ${number(cells.low[at] ?? Number.NaN)} to ${number(cells.high[at] ?? Number.NaN)}`;
}

function places({ from, to }: { readonly from: number; readonly to: number }): string {
  return to - from <= 1 ? String(from) : `${from} – ${to - 1}`;
}
