/** Wilson's interval of a rate: honest for few examples and at 0 and 1, where the usual ± is not. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % of the normal distribution. */
export const Z95 = 1.959963984540054;

/**
 * Interval of `successes / trials` (Wilson 1927): centre (x + z²/2) / (n + z²), half-width z / (n + z²) · √(x (n − x) / n + z²/4).
 *
 * Neither needs to be whole: for weighted samples `trials` is `effective(...)` and `successes` the rate times that.
 * Undefined without trials.
 */
export function wilson(successes: number, trials: number, z: number = Z95): Interval | undefined {
  if (!(trials > 0)) return undefined;
  const rate = successes / trials;
  const spread = trials + z * z;
  const centre = (successes + (z * z) / 2) / spread;
  const half = (z / spread) * Math.sqrt((Math.max(0, successes) * Math.max(0, trials - successes)) / trials + (z * z) / 4);
  // The interval holds the rate by its definition; rounding must not move an end past it, nor past 0 and 1.
  return { low: Math.max(0, Math.min(centre - half, rate)), high: Math.min(1, Math.max(centre + half, rate)) };
}

/** Kish's effective number of samples, (Σ w)² / Σ w²: as many equal weights would be as sure. 0 without weight. */
export function effective(sum: number, sumOfSquares: number): number {
  return sumOfSquares > 0 ? (sum * sum) / sumOfSquares : 0;
}

/**
 * Interval of the difference `one − other` of two independent rates, from their Wilson intervals (Newcombe 1998, method
 * 10). Undefined when either is.
 */
export function newcombe(
  one: number | undefined,
  oneIn: Interval | undefined,
  other: number | undefined,
  otherIn: Interval | undefined,
): Interval | undefined {
  if (one === undefined || oneIn === undefined || other === undefined || otherIn === undefined) return undefined;
  return {
    low: one - other - Math.hypot(one - oneIn.low, otherIn.high - other),
    high: one - other + Math.hypot(oneIn.high - one, other - otherIn.low),
  };
}
