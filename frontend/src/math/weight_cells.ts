/** The values of one parameter as cells of a picture: read from a record, compared, and told in words. Pure. */
import type { WeightValues } from '../schema.gen';

export interface WeightCells {
  readonly kept: WeightValues['kept'][number];
  /** Names of its axes, where the writer knows them. */
  readonly axes: readonly string[];
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** [row, column], row by row: values, or means of blocks. */
  readonly value: Float64Array;
  /** [row, column] The least and greatest value of each block; only of blocks. */
  readonly low: Float64Array | undefined;
  readonly high: Float64Array | undefined;
  /** [row] Which kernel each row is; only of kernels. */
  readonly kernel: readonly number[];
  /** Never rising; empty where they were not computed. */
  readonly singular: readonly number[];
  /** The root of the summed squares of all finite values, also of those that are not kept. */
  readonly norm: number;
  readonly nonFinite: number;
}

/**
 * The cells of a parameter.
 *
 * @param i Its place among those of the record.
 * @param shape Its true shape.
 */
export function cellsOf(record: WeightValues, i: number, shape: readonly number[]): WeightCells {
  const scale = 2 ** (record.exponent[i] ?? 0);
  const part = (array: Float32Array, end: ArrayLike<number>) =>
    Float64Array.from(array.subarray(end[i - 1] ?? 0, end[i] ?? 0), (x) => x * scale);
  const hasBlocks = record.kept[i] === 'blocks';
  return {
    kept: record.kept[i] ?? 'none',
    axes: (record.axes[i] ?? '') === '' ? [] : (record.axes[i] ?? '').split(',').map((axis) => axis.split(':')[0] ?? ''),
    shape,
    rows: record.rows[i] ?? 0,
    columns: record.columns[i] ?? 0,
    value: part(record.value, record.cell_end),
    low: hasBlocks ? part(record.low, record.block_end) : undefined,
    high: hasBlocks ? part(record.high, record.block_end) : undefined,
    kernel: Array.from(record.kernel.subarray(record.kernel_end[i - 1] ?? 0, record.kernel_end[i] ?? 0)),
    singular: Array.from(record.singular.subarray(record.singular_end[i - 1] ?? 0, record.singular_end[i] ?? 0)),
    norm: Math.sqrt(record.sum_squares[i] ?? Number.NaN),
    nonFinite: record.non_finite[i] ?? 0,
  };
}

/** A matrix has as many rows and columns, of which blocks are made; what is no matrix is its own. */
export function wholeSize({ kept, axes, shape, rows, columns }: WeightCells): { readonly rows: number; readonly columns: number } {
  if (kept !== 'blocks' && kept !== 'sample') return { rows, columns };
  const size = shape.reduce((a, b) => a * b, 1);
  if (kept === 'sample') return { rows: 1, columns: size };
  const first = shape[0] ?? 1;
  const last = shape.at(-1) ?? 1;
  return isPlace(axes.at(-1)) ? { rows: first, columns: size / Math.max(1, first) } : { rows: size / Math.max(1, last), columns: last };
}

/** The places along an axis of n that part i of m parts has: from (in it) and to (not in it). */
export function span(i: number, m: number, n: number): { readonly from: number; readonly to: number } {
  return { from: Math.floor((i * n) / m), to: Math.floor(((i + 1) * n) / m) };
}

const PLACES = new Set(['height', 'width', 'length', 'depth', 'time']);

function isPlace(axis: string | undefined): boolean {
  return axis !== undefined && PLACES.has(axis);
}

/** A kernel of a convolution: from one input channel to one output channel. */
export interface Kernel {
  readonly input: number;
  readonly output: number;
  readonly rows: number;
  readonly columns: number;
  readonly value: Float64Array;
  readonly norm: number;
}

/** The kernels of a convolution that are kept; undefined of what is none, or has but one place a kernel. */
export function kernelsOf(cells: WeightCells): readonly Kernel[] | undefined {
  const { axes, shape, kept, value } = cells;
  const places = axes.flatMap((axis, a) => (isPlace(axis) ? [a] : []));
  const size = places.reduce((product, a) => product * (shape[a] ?? 1), 1);
  if (places.length === 0 || size < 2 || (kept !== 'all' && kept !== 'kernels')) return undefined;
  const [input, output] = [axes.indexOf('in'), axes.findIndex((axis) => axis === 'out' || axis === 'multiplier')];
  const outputs = output < 0 ? 1 : (shape[output] ?? 1);
  const columns = shape[places.at(-1) ?? 0] ?? 1;
  const of = (id: number, own: Float64Array): Kernel => ({
    input: Math.floor(id / outputs),
    output: id % outputs,
    rows: size / columns,
    columns,
    value: own,
    norm: Math.sqrt(own.reduce((sum, x) => sum + (Number.isFinite(x) ? x * x : 0), 0)),
  });
  if (kept === 'kernels') return cells.kernel.map((id, row) => of(id, value.subarray(row * size, (row + 1) * size)));
  const strides = shape.map((_, a) => shape.slice(a + 1).reduce((product, n) => product * n, 1));
  const inputs = input < 0 ? 1 : (shape[input] ?? 1);
  return Array.from({ length: inputs * outputs }, (_, id) => {
    const kernel = of(id, new Float64Array(size));
    const start = kernel.input * (strides[input] ?? 0) + kernel.output * (strides[output] ?? 0);
    for (let k = 0; k < size; k++) {
      let rest = k;
      let at = start;
      for (const a of places.toReversed()) {
        const n = shape[a] ?? 1;
        at += (rest % n) * (strides[a] ?? 0);
        rest = Math.floor(rest / n);
      }
      kernel.value[k] = value[at] ?? Number.NaN;
    }
    return of(id, kernel.value);
  });
}

/** Each value is within this share of itself: float16 has eleven bits. */
const RESOLUTION = 2 ** -11;

/** What was taken away from the cells at another moment: less than float16 can tell is none. Undefined where other cells were kept. */
export function changed(now: WeightCells, before: WeightCells): WeightCells | undefined {
  const isAlike =
    now.kept === before.kept &&
    now.rows === before.rows &&
    now.columns === before.columns &&
    now.shape.join() === before.shape.join() &&
    now.kernel.join() === before.kernel.join();
  if (!isAlike) return undefined;
  const value = now.value.map((x, k) => {
    const y = before.value[k] ?? Number.NaN;
    if (!Number.isFinite(x) || !Number.isFinite(y)) return Object.is(x, y) ? 0 : Number.NaN;
    return Math.abs(x - y) <= RESOLUTION * Math.max(Math.abs(x), Math.abs(y)) ? 0 : x - y;
  });
  const norm = Math.sqrt(value.reduce((sum, x) => sum + (Number.isFinite(x) ? x * x : 0), 0));
  return { ...now, value, low: undefined, high: undefined, singular: [], norm };
}

/** The root of the summed squares of the cells that are kept. */
export function normOfCells({ value }: WeightCells): number {
  return Math.sqrt(value.reduce((sum, x) => sum + (Number.isFinite(x) ? x * x : 0), 0));
}

/** Size at which colours end: the 99th percentile of all sizes, so that a few large values leave the others visible; 1 where all are 0. */
export function limitOf(all: readonly WeightCells[]): number {
  const sizes = Float64Array.from(all.flatMap(({ value }) => Array.from(value, Math.abs).filter(Number.isFinite))).sort();
  const usual = sizes[Math.floor(0.99 * (sizes.length - 1))] ?? 0;
  return usual > 0 ? usual : (sizes.at(-1) ?? 0) || 1;
}

/** Σσ² / σ₁²: how many directions the matrix works in (Rudelson & Vershynin 2007); undefined where no singular value is known. */
export function stableRank({ singular, norm }: WeightCells): number | undefined {
  const first = singular[0] ?? 0;
  return first > 0 && Number.isFinite(norm) ? (norm / first) ** 2 : undefined;
}
