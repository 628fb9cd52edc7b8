/** A vertical axis that is logarithmic on both sides of 0 and linear around it, so that 0 and small values have an honest place. Pure. */
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
  const unit = 2 ** Math.floor(Math.log2(Math.max(small, greatest / 2 ** MOST, Number.MIN_VALUE * 2)));
  return { unit, low: Math.min(low, 0), high: Math.max(high, 0) };
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

/** Marks: 0, and powers of ten that stand apart. */
export function symlogTicks(axis: Symlog, most: number): readonly number[] {
  const powers: number[] = [];
  const greatest = Math.max(Math.abs(axis.low), Math.abs(axis.high));
  const first = Math.ceil(Math.log10(axis.unit) - 1e-9);
  const last = Math.floor(Math.log10(greatest) + 1e-9);
  const sides = axis.low < 0 && axis.high > 0 ? 2 : 1;
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, Math.floor((most - 1) / sides))));
  for (let p = last; p >= first; p -= every) powers.push(Number(`1e${p}`));
  const signed = [...powers.map((x) => -x), 0, ...powers.toReversed()];
  const inside = signed.filter((x) => x >= axis.low && x <= axis.high);
  return inside.length > 1 ? inside : [...new Set([axis.low, 0, axis.high])];
}

/** Values of all distributions that lie beyond the ends of an axis. */
export function beyond(all: readonly Bins[], { low, high }: Symlog): number {
  return all.reduce((sum, bins) => {
    const [below, above] = outside(bins, [low, high]);
    return sum + below + above;
  }, 0);
}
