/** What an axis spans, and what cannot stand on it. */

export type Domain = readonly [low: number, high: number];

/** How values stand on the vertical axis. */
export type Scale = 'linear' | 'log';

/** Why a value has no place on an axis; it is marked at an edge with this word. */
export type Odd = 'NaN' | '∞' | '−∞' | '≤ 0';

/** What is odd about a value on a scale; undefined when it has a place. */
export function oddity(value: number, scale: Scale): Odd | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Number.POSITIVE_INFINITY) return '∞';
  if (scale === 'log' && value <= 0 && value !== Number.NEGATIVE_INFINITY) return '≤ 0';
  return value === Number.NEGATIVE_INFINITY ? '−∞' : undefined;
}

/** Share of the axis left free at each end. */
const ROOM = 0.06;

/** The least and the greatest of the values that have a place, with some room; undefined when none has. */
export function domainOf(values: Iterable<number>, scale: Scale): Domain | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (oddity(value, scale) !== undefined) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return undefined;
  if (scale === 'log') {
    const room = high > low ? (high / low) ** ROOM : 2;
    return Number.isFinite(room) ? [Math.max(low / room, Number.MIN_VALUE), Math.min(high * room, Number.MAX_VALUE)] : [low, high];
  }
  // A constant gets an axis around it; a difference of huge values overflows.
  const room = high > low ? high * ROOM - low * ROOM : Math.abs(high) * 0.5 || 1;
  return [Math.max(low - room, -Number.MAX_VALUE), Math.min(high + room, Number.MAX_VALUE)];
}

/** What the vertical axis spans for lines of which a stretch of the horizontal one is shown: every line drawn, each only inside. */
export function domainInside(
  lines: readonly { readonly x: readonly number[]; readonly y: readonly number[] }[],
  [from, to]: Domain,
  scale: Scale,
): Domain | undefined {
  const inside = lines.flatMap(({ x, y }) => y.filter((_, i) => (x[i] ?? Number.NaN) >= from && (x[i] ?? Number.NaN) <= to));
  return domainOf(inside, scale);
}

/** What a horizontal axis spans: from 0 when the first point is near it, so that a late first point is seen to be late. */
export function horizontal(placed: readonly Float64Array[]): Domain {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const x of placed) {
    low = Math.min(low, x[0] ?? low);
    high = Math.max(high, x.at(-1) ?? high);
  }
  if (low > high) return [0, 1];
  if (low > 0 && low <= high * 0.25) low = 0;
  if (low === high) return low > 0 ? [0, high] : [low, low + 1];
  return [low, high];
}

/** A range inside a domain, the right way round; undefined when it is empty or outside. */
export function within([from, to]: Domain, [low, high]: Domain): Domain | undefined {
  const a = Math.max(low, Math.min(from, to));
  const b = Math.min(high, Math.max(from, to));
  return b > a ? [a, b] : undefined;
}

/** A stretch made shorter or longer around a place, which stays where it is seen. */
export function zoomed([from, to]: Domain, around: number, by: number): Domain {
  return [around - (around - from) * by, around + (to - around) * by];
}

/** A stretch moved into a domain rather than cut at its ends; undefined when it is all of it, or nothing. */
export function movedInto([from, to]: Domain, [low, high]: Domain): Domain | undefined {
  const width = to - from;
  if (!(width > 0) || width >= high - low) return undefined;
  const start = Math.min(Math.max(low, from), high - width);
  return [start, start + width];
}
