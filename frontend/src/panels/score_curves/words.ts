/** How the panel writes its numbers. */
import type { Estimate } from '../../math/curve';
import { decimals, exact, fixed } from '../../math/format';
import type { Interval } from '../../math/wilson';

/** Four decimals, and never a rounded value that claims 0 or 1. */
export function four(x: number | undefined): string {
  return decimals(x, 4);
}

/** Three, for what counts samples gave. */
export function three(x: number | undefined): string {
  return decimals(x, 3);
}

export function between({ low, high }: Interval, write: (x: number) => string): string {
  return `${write(low)} – ${write(high)}`;
}

/** A number with everything behind it, for the tooltip. */
export function whole({ value, range }: Estimate): string {
  if (value === undefined) return 'undefined';
  return range === undefined ? exact(value) : `${exact(value)}, 95 % interval ${exact(range.low)} – ${exact(range.high)}`;
}

/** A threshold, told apart from its neighbours. */
export function thresholdText(t: number): string {
  if (t === Number.POSITIVE_INFINITY) return 'above all';
  if (t > 0 && t < 1 && (t < 0.001 || t > 0.999))
    return t < 0.5 ? t.toExponential(1).replace('e-', 'e−') : `1 − ${(1 - t).toExponential(1).replace('e-', 'e−')}`;
  return fixed(t, 3);
}
