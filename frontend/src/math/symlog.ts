/**
 * An axis of values of both signs: linear where they are of like size, else logarithmic on both sides of 0 and linear around
 * it, so that 0 and small values have an honest place. Pure.
 */
import { type Bins, outside } from './bins';

export interface Symlog {
  /** Up to this size the axis is linear. */
  readonly unit: number;
  readonly low: number;
  readonly high: number;
}

/** Share of the values, of all steps shown, that may lie beyond each end of an axis; they are counted, not squashed. */
const TAIL = 5e-4;
/** Values so many times as large as the rest are a tail. */
const FAR = 16;
/** Share of the values that may lie where the axis is linear, zeros left out. */
const SMALL = 0.02;
/** Powers of two from the unit to the ends, at most. */
const MOST = 24;
/** Where no value is so many times as large as the usual one of any step, a linear axis shows all of them. */
const LIKE = 32;

/** Whether all of an axis is linear. */
export function isLinear({ unit, low, high }: Symlog): boolean {
  return unit >= Math.max(-low, high);
}

/** Where a value stands: ±1 is the unit, and each power of two above it is 1 further. */
export function standing(x: number, { unit }: Pick<Symlog, 'unit'>): number {
  const size = Math.abs(x) / unit;
  return size <= 1 ? x / unit : Math.sign(x) * (1 + Math.log2(size));
}

/** The value that stands at a place. */
export function standsAt(place: number, { unit }: Pick<Symlog, 'unit'>): number {
  const size = Math.abs(place);
  return size <= 1 ? place * unit : Math.sign(place) * unit * 2 ** (size - 1);
}

/** The axis for all of some distributions; undefined where none has a finite value. */
export function symlogOf(all: readonly Bins[]): Symlog | undefined {
  const edges: { size: number; mass: number }[] = [];
  const ends: { left: number; right: number; mass: number }[] = [];
  for (const { left, right, count } of all) {
    const total = count.reduce((sum, n) => sum + n, 0);
    for (let i = 0; i < count.length; i++) {
      const [l, r, mass] = [left[i] ?? 0, right[i] ?? 0, (count[i] ?? 0) / total];
      ends.push({ left: l, right: r, mass });
      const size = Math.max(Math.abs(l), Math.abs(r));
      if (size > 0) edges.push({ size, mass });
    }
  }
  if (ends.length === 0) return undefined;
  if (edges.length === 0) return { unit: 1, low: -1, high: 1 };
  const share = (part: number) => part * edges.reduce((sum, { mass }) => sum + mass, 0);
  const sizes = [...edges].sort((a, b) => a.size - b.size);
  const small = reached(sizes, share(SMALL)).size;
  const tail = TAIL * all.length;
  const low = end(
    ends.map(({ left, mass }) => ({ at: left, mass })).sort((a, b) => a.at - b.at),
    tail,
  );
  const high = end(
    ends.map(({ right, mass }) => ({ at: right, mass })).sort((a, b) => b.at - a.at),
    tail,
  );
  const greatest = Math.max(Math.abs(low), Math.abs(high));
  if (greatest <= LIKE * Math.min(...all.map(usual))) return { unit: greatest, low: Math.min(low, 0), high: Math.max(high, 0) };
  const unit = 2 ** Math.floor(Math.log2(Math.max(small, greatest / 2 ** MOST, Number.MIN_VALUE * 2)));
  return { unit, low: Math.min(low, 0), high: Math.max(high, 0) };
}

/** The size that half of the values of a distribution have at most, zeros left out; infinite where there is nothing else. */
function usual({ left, right, count }: Bins): number {
  const sizes = Array.from(count, (mass, i) => ({ size: Math.max(Math.abs(left[i] ?? 0), Math.abs(right[i] ?? 0)), mass }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => a.size - b.size);
  const half = sizes.reduce((sum, { mass }) => sum + mass, 0) / 2;
  return sizes.length === 0 ? Number.POSITIVE_INFINITY : reached(sizes, half).size;
}

/** Where an axis ends: before its tail, where that makes it shorter by much. */
function end(outermost: readonly { readonly at: number; readonly mass: number }[], tail: number): number {
  const all = outermost[0]?.at ?? 0;
  const most = reached(outermost, tail).at;
  return Math.abs(all) > FAR * Math.abs(most) ? most : all;
}

/** The first of some, in their order, at which a mass is reached. */
function reached<T extends { readonly mass: number }>(ordered: readonly T[], mass: number): T {
  let sum = 0;
  const found = ordered.find((each) => {
    sum += each.mass;
    return sum > mass;
  });
  const last = found ?? ordered.at(-1);
  if (last === undefined) throw new RangeError('there must be something to choose from');
  return last;
}

/**
 * Marks of an axis that is not linear: 0, and powers of ten. Where these would touch each other, the greatest come first.
 *
 * @param most How many would stand side by side: two are at least that part of the axis apart.
 */
export function symlogTicks(axis: Symlog, most: number): readonly number[] {
  const greatest = Math.max(-axis.low, axis.high);
  const first = Math.ceil(Math.log10(axis.unit) - 1e-9);
  const last = Math.floor(Math.log10(greatest) + 1e-9);
  const length = standing(axis.high, axis) - standing(axis.low, axis);
  const kept = [0];
  const add = (x: number) => {
    const isInside = x >= axis.low && x <= axis.high;
    const apart = (other: number) => Math.abs(standing(x, axis) - standing(other, axis)) / length;
    if (isInside && kept.every((other) => apart(other) >= 1 / most)) kept.push(x);
  };
  for (let p = last; p >= first; p--) for (const sign of [1, -1]) add(sign * Number(`1e${p}`));
  // Where no power of ten has a place, the ends tell what there is.
  if (kept.length === 1) for (const x of [axis.high, axis.low]) add(x);
  return kept.sort((a, b) => a - b);
}

/** Values of all distributions that lie beyond the ends of an axis. */
export function beyond(all: readonly Bins[], { low, high }: Symlog): number {
  return all.reduce((sum, bins) => {
    const [below, above] = outside(bins, [low, high]);
    return sum + below + above;
  }, 0);
}
