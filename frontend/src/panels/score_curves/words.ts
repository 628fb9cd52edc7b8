/** How the panel writes its numbers. */
import type { Estimate } from '../../math/curve';
import { between, decimals, exact, fixed } from '../../math/format';
import type { Rate } from '../../math/threshold';

/** Four decimals, and never a rounded value that claims 0 or 1. */
export function four(x: number | undefined): string {
  return decimals(x, 4);
}

/** Three, for what counts samples gave. */
export function three(x: number | undefined): string {
  return decimals(x, 3);
}

/** A number with everything behind it, for the tooltip. */
export function whole({ value, range }: Estimate): string {
  if (value === undefined) return 'undefined';
  return range === undefined ? exact(value) : `${exact(value)}, 95 % interval ${between(range, exact)}`;
}

/** A rate, or both ends of what it can be. */
export function told({ value, most }: Rate): string {
  return value === undefined || most === undefined || three(value) === three(most)
    ? three(value)
    : between({ low: value, high: most }, three);
}

/** Digits that a number has at most. */
const MOST_DIGITS = 17;

/**
 * A threshold in three decimals, and near 0 and 1 in powers of ten; in more where it would be too low by `room` or more. It is
 * never too high, so that who types it in gets the samples of the threshold itself.
 */
export function thresholdText(t: number, room = Number.POSITIVE_INFINITY): string {
  if (t === Number.POSITIVE_INFINITY) return 'above all';
  if (!(t > 0 && t < 1)) return fixed(t, 3);
  const isSmall = t < 0.001;
  const isLarge = t > 0.999;
  for (let digits = isSmall || isLarge ? 1 : 3; digits < MOST_DIGITS; digits++) {
    const text = isSmall ? powerBelow(t, digits) : isLarge ? powerAbove(1 - t, digits) : fixedBelow(t, digits);
    const value = isLarge ? 1 - Number(text) : Number(text);
    if (value > 0 && value <= t && t - value < room) return `${isLarge ? '1 − ' : ''}${text.replace('e-', 'e−')}`;
  }
  return exact(t);
}

function fixedBelow(t: number, decimals: number): string {
  const text = t.toFixed(decimals);
  return Number(text) <= t ? text : (t - 10 ** -decimals).toFixed(decimals);
}

function powerBelow(t: number, digits: number): string {
  const text = t.toExponential(digits);
  return Number(text) <= t ? text : (t - 10 ** (Math.floor(Math.log10(t)) - digits)).toExponential(digits);
}

function powerAbove(t: number, digits: number): string {
  const text = t.toExponential(digits);
  return 1 - Number(text) <= 1 - t ? text : (t + 10 ** (Math.floor(Math.log10(t)) - digits)).toExponential(digits);
}
