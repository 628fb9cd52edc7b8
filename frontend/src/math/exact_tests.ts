/** Exact tests of counts, and what is left of them when several are made: for few examples as honest as for many. */

/** What every sentence is held to: by chance alone one in twenty says something at most. */
export const LEVEL = 0.05;

/**
 * Two-sided p of Fisher's exact test: whether `right` of `of` and `otherRight` of `otherOf` may have the same rate. Twice the
 * smaller tail of the hypergeometric distribution, so that its level holds however few there are. 1 where there is nothing to compare.
 */
export function fisher(right: number, of: number, otherRight: number, otherOf: number): number {
  const total = right + otherRight;
  const all = of + otherOf;
  if (!(of > 0 && otherOf > 0) || total <= 0 || total >= all || right * otherOf === otherRight * of) return 1;
  const start = Math.exp(logChoose(of, right) + logChoose(otherOf, otherRight) - logChoose(all, total));
  const isAbove = right * otherOf > otherRight * of;
  let term = start;
  let tail = start;
  // Away from what is expected terms only fall.
  for (let a = right; term > tail * 1e-15; ) {
    if (isAbove) {
      term *= ((of - a) * (total - a)) / ((a + 1) * (otherOf - total + a + 1));
      a++;
    } else {
      term *= (a * (otherOf - total + a)) / ((of - a + 1) * (total - a + 1));
      a--;
    }
    tail += term;
  }
  return Math.min(1, 2 * tail);
}

/** Two-sided p of McNemar's exact test: whether as many may have turned one way as the other. 1 where none turned. */
export function mcnemar(one: number, other: number): number {
  const all = one + other;
  if (all === 0 || one === other) return 1;
  const fewer = Math.min(one, other);
  let term = Math.exp(logChoose(all, fewer) - all * Math.LN2);
  let tail = term;
  for (let k = fewer; k > 0 && term > tail * 1e-15; k--) {
    term *= k / (all - k + 1);
    tail += term;
  }
  return Math.min(1, 2 * tail);
}

/** [test] Holm's correction: with all that are at most α called sure, one is wrong in a share α of cases at most (Holm 1979). */
export function holm(p: readonly number[]): readonly number[] {
  const order = Array.from(p.keys()).sort((a, b) => (p[a] ?? 1) - (p[b] ?? 1));
  const adjusted = new Array<number>(p.length).fill(1);
  let most = 0;
  order.forEach((i, place) => {
    most = Math.max(most, Math.min(1, (p.length - place) * (p[i] ?? 1)));
    adjusted[i] = most;
  });
  return adjusted;
}

/** ln of the binomial coefficient. */
function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const SMALL = 256;
const small = Float64Array.from({ length: SMALL }, () => 0);
for (let n = 2; n < SMALL; n++) small[n] = (small[n - 1] ?? 0) + Math.log(n);

/** ln n!; above 255 by Stirling's series, which is exact there to the last digits. */
function logFactorial(n: number): number {
  if (n < SMALL) return small[n] ?? 0;
  const square = n * n;
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n * square) + 1 / (1260 * n * square * square);
}

/** How many standard deviations above the mean of a normal distribution a share `p` lies at most: the upper quantile (Acklam's approximation). */
export function upperQuantile(p: number): number {
  if (!(p > 0)) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -upperQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return -polynomial(TAIL, q) / (polynomial(TAIL_BELOW, q) * q + 1);
  }
  const q = 0.5 - p;
  return (polynomial(MIDDLE, q * q) * q) / (polynomial(MIDDLE_BELOW, q * q) * q * q + 1);
}

const MIDDLE = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239,
];
const MIDDLE_BELOW = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1];
const TAIL = [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
const TAIL_BELOW = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];

/** By Horner's rule, the highest power first. */
function polynomial(factors: readonly number[], x: number): number {
  return factors.reduce((sum, factor) => sum * x + factor, 0);
}
