/** Counted values in bins: what a distribution is made of here. A bin is a rectangle of known mass; nothing is drawn between. Pure. */

/** Bins of one parameter at one step, rising, none of them empty. */
export interface Bins {
  readonly left: Float64Array;
  /** Equal to `left` where the bin holds one value only, as that of zeros does. */
  readonly right: Float64Array;
  readonly count: Float64Array;
  readonly nan: number;
  readonly minusInfinite: number;
  readonly plusInfinite: number;
}

/** Percentiles that mark the standard deviations of a normal distribution, by halves, and the ends. */
export const PERCENTILES = [0, 7, 16, 31, 50, 69, 84, 93, 100] as const;

const OFFSET = 2000;
const INFINITE = 32_767;
const NAN = -32_768;

/** The bins from place `from` up to `to` of coded buckets: the codes of kind `distributions`, whose bins are powers of two. */
export function binsOfCodes(exponent: ArrayLike<number>, counts: ArrayLike<number>, from: number, to: number): Bins {
  const left: number[] = [];
  const right: number[] = [];
  const count: number[] = [];
  const odd = { nan: 0, minusInfinite: 0, plusInfinite: 0 };
  for (let i = from; i < to; i++) {
    const code = exponent[i] ?? 0;
    const n = counts[i] ?? 0;
    if (code === NAN) odd.nan += n;
    else if (code === INFINITE) odd.plusInfinite += n;
    else if (code === -INFINITE) odd.minusInfinite += n;
    else {
      const near = code === 0 ? 0 : Math.min(Number.MAX_VALUE, 2 ** (Math.abs(code) - OFFSET));
      const far = Math.min(Number.MAX_VALUE, 2 * near);
      left.push(code < 0 ? -far : near);
      right.push(code < 0 ? -near : far);
      count.push(n);
    }
  }
  return { left: Float64Array.from(left), right: Float64Array.from(right), count: Float64Array.from(count), ...odd };
}

/** Finite values in the bins. */
export function finiteOf({ count }: Bins): number {
  return count.reduce((sum, n) => sum + n, 0);
}

/** Whether some of the values are NaN or infinite, or all. */
export function oddOf(bins: Bins | undefined): 'none' | 'some' | 'all' {
  if (bins === undefined || bins.nan + bins.plusInfinite + bins.minusInfinite === 0) return 'none';
  return finiteOf(bins) === 0 ? 'all' : 'some';
}

/** All values but NaN. */
export function orderedOf(bins: Bins): number {
  return bins.minusInfinite + finiteOf(bins) + bins.plusInfinite;
}

/**
 * Between which values each percentile lies, NaN left out: the edges of the bin that holds it. Undefined where there is no value.
 *
 * A percentile is the least value that is not below so many of them.
 */
export function percentilesOf(bins: Bins, percent: readonly number[]): readonly (readonly [low: number, high: number])[] | undefined {
  const total = orderedOf(bins);
  if (!(total > 0)) return undefined;
  const { left, right, count, minusInfinite } = bins;
  return percent.map((p) => {
    // Weighted counts need not be whole: then no rank is.
    const rank = Math.max((p * total) / 100, Number.MIN_VALUE);
    let below = minusInfinite;
    if (below >= rank) return [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY] as const;
    for (let i = 0; i < count.length; i++) {
      below += count[i] ?? 0;
      if (below >= rank * (1 - 1e-12)) return [left[i] ?? 0, right[i] ?? 0] as const;
    }
    return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  });
}

/** Share of the values that are 0; undefined where the bins do not tell it, having one that reaches over 0. */
export function zeroShare(bins: Bins): number | undefined {
  let zeros = 0;
  for (let i = 0; i < bins.count.length; i++) {
    const [low, high] = [bins.left[i] ?? 0, bins.right[i] ?? 0];
    if (low === 0 && high === 0) zeros += bins.count[i] ?? 0;
    else if (low <= 0 && high > 0 && !(low === 0 && isPower(high))) return undefined;
  }
  const total = orderedOf(bins);
  return total > 0 ? zeros / total : undefined;
}

function isPower(x: number): boolean {
  return Number.isInteger(Math.log2(x));
}

/** Values that lie wholly outside a range, infinite ones left out: below it and above it. */
export function outside({ left, right, count }: Bins, [low, high]: readonly [number, number]): readonly [below: number, above: number] {
  let below = 0;
  let above = 0;
  for (let i = 0; i < count.length; i++) {
    if ((right[i] ?? 0) < low || ((right[i] ?? 0) === low && (left[i] ?? 0) < low)) below += count[i] ?? 0;
    else if ((left[i] ?? 0) > high || ((left[i] ?? 0) === high && (right[i] ?? 0) > high)) above += count[i] ?? 0;
  }
  return [below, above];
}
