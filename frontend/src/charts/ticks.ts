/** Where the marks of an axis stand and what they say. */
import { scaleLinear } from 'd3-scale';
import type { Domain, Scale } from '../math/domain';
import { fixed, inFull, number } from '../math/format';
import type { Axis } from '../math/series';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What clocks are divided by. */
const TIMES = [
  1,
  2,
  5,
  10,
  15,
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
];

/** Least width of an axis, as a share of the values on it, for a dozen doubles to lie on it well apart. */
const DENSE = 1e-12;

/** Round values within a domain, about `most` of them, never more than twice as many. */
export function valueTicks(domain: Domain, scale: Scale, most: number): readonly number[] {
  const [low, high] = domain;
  // Where numbers end, and where they lie too densely to be told apart, there are no round ones between them.
  const width = high - low;
  if (!(width > 1e-300 && width < 1e300 && width > DENSE * Math.max(-low, high))) return width > 0 ? [low, high] : [low];
  const linear = () => scaleLinear().domain(domain).ticks(most);
  if (scale === 'linear') return linear();
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const powers = Array.from({ length: Math.floor(Math.log10(high) + 1e-9) - first + 1 }, (_, k) => first + k);
  for (const digits of [
    [1, 2, 5],
    [1, 5],
  ]) {
    const all = [first - 1, ...powers].flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)));
    const inside = all.filter((value) => value >= low && value <= high);
    // Within less than two powers of ten, round values that a logarithmic axis has may be too few.
    if (inside.length < 3 && high / low < 30) return linear().filter((value) => value > 0);
    if (inside.length <= 1.5 * most) return inside;
  }
  const every = Math.ceil(powers.length / most);
  return powers.filter((power) => power % every === 0).map((power) => Number(`1e${power}`));
}

/** What the marks of values say: equally many decimals where they stand equally far apart, and never the same twice. */
export function valueTexts(ticks: readonly number[]): readonly string[] {
  const different = (texts: readonly string[]) => new Set(texts).size === ticks.length;
  const largest = Math.max(...ticks.map(Math.abs));
  const steps = ticks.slice(1).map((tick, i) => tick - (ticks[i] ?? 0));
  // Two of a logarithmic axis are no even steps, though they have but one between them.
  const [first = 0, second = 0] = ticks;
  const even = steps.every((step) => Math.abs(step - (steps[0] ?? 0)) < 1e-6 * step) && !(first > 0 && second >= 10 * first);
  if (even && largest >= 1e-4 && largest < 1e4) {
    // Twelve digits: the thirteenth is what adding up the steps made.
    const decimals = Math.max(0, ...ticks.map((tick) => String(Number(tick.toPrecision(12))).split('.')[1]?.length ?? 0));
    const aligned = ticks.map((tick) => fixed(tick, decimals));
    if (different(aligned)) return aligned;
  }
  const short = ticks.map(number);
  return different(short) ? short : ticks.map(inFull);
}

/** Marks of a horizontal axis: whole steps and epochs, round times. */
export function placeTicks(domain: Domain, axis: Axis, most: number): readonly number[] {
  const [low, high] = domain;
  if (axis === 'clock') return hours(domain, most);
  if (axis === 'time' && high - low > most) {
    const step = TIMES.find((each) => (high - low) / each <= most) ?? DAY * Math.ceil((high - low) / DAY / most);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => (first + k) * step);
  }
  const ticks = scaleLinear().domain(domain).ticks(most);
  return axis === 'time' ? ticks : ticks.filter(Number.isInteger);
}

/** What a mark of a horizontal axis says. */
export function placeText(x: number, axis: Axis): string {
  if (axis === 'clock') return hour(x);
  return axis === 'time' ? clock(x) : number(x);
}

/** Seconds as `0:45`, `12:30`, `1:02:03`, `2 d 03:00`; below a second as they are. */
export function clock(seconds: number): string {
  if (seconds !== 0 && Math.abs(seconds) < 1) return number(seconds);
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / MINUTE) % 60;
  const hours = Math.floor(whole / HOUR);
  if (hours === 0) return `${minutes}:${two(whole % 60)}`;
  if (hours < 24) return `${hours}:${two(minutes)}:${two(whole % 60)}`;
  const rest = whole % 60 === 0 ? '' : `:${two(whole % 60)}`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)}:${two(minutes)}${rest}`;
}

/** Round times of the day where the reader is, within seconds since 1970. */
function hours([low, high]: Domain, most: number): readonly number[] {
  const step = TIMES.find((each) => (high - low) / each <= most) ?? DAY * Math.ceil((high - low) / DAY / most);
  // Seconds by which the reader's clock is behind the one that counts from 1970.
  const behind = MINUTE * new Date(1000 * low).getTimezoneOffset();
  const first = Math.ceil((low - behind) / step);
  const ticks = Array.from({ length: Math.floor((high - behind) / step) - first + 1 }, (_, k) => (first + k) * step + behind);
  return ticks.length === 0 ? [(low + high) / 2] : ticks;
}

/** Seconds since 1970 as the hour where the reader is, or the day at midnight. */
function hour(x: number): string {
  const at = new Date(1000 * x);
  const [h, m, s] = [at.getHours(), at.getMinutes(), at.getSeconds()];
  if (h === 0 && m === 0 && s === 0) return at.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
  const two = (n: number) => String(n).padStart(2, '0');
  return s === 0 ? `${two(h)}:${two(m)}` : `${two(h)}:${two(m)}:${two(s)}`;
}
