/** What stands in a cell of a few dozen pixels. The tooltip has the full number. */
import type { Normalise } from '../../math/confusion';
import { count, fixed } from '../../math/format';

const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, useGrouping: false });

/**
 * A count, or a percentage without its sign: one decimal below 10, none above. What is not all never reads as all, and
 * what is not nothing never as nothing. A lift keeps its sign and one decimal.
 */
export function cellText(value: number, by: Normalise): string {
  if (by === 'count') return Number.isInteger(value) ? count(value) : significant.format(value);
  if (by === 'lift') return signedText(value, fixed(Math.abs(value), 1));
  return percentText(value);
}

/** A difference of shares in points, with its sign; what differs by next to nothing is told by its sign alone. */
export function differenceText(value: number): string {
  return value === 0 ? '0' : signedText(value, percentText(Math.abs(value)));
}

function percentText(value: number): string {
  const percent = value * 100;
  if (value >= 1) return '100';
  if (percent >= 99.5) return '>99';
  if (percent >= 9.95) return String(Math.round(percent));
  if (percent === 0) return '0';
  return percent < 0.05 ? '<0.1' : tenths.format(percent);
}

function signedText(value: number, size: string): string {
  return `${value < 0 ? '−' : '+'}${size}`;
}
