/** The pixels of bands and ridges: each bin a rectangle where it lies, nothing smoothed. */
import { css, sequential } from '../../charts/colour';
import { type Bins, orderedOf, PERCENTILES, percentilesOf } from '../../math/bins';
import { type Symlog, standing } from '../../math/symlog';
import type { Spread } from './spreads_of';

/** Pairs of percentiles between which a band lies, the widest first; the last one is the median's own bin. */
export const BANDS = [
  [0, 8],
  [1, 7],
  [2, 6],
  [3, 5],
  [4, 4],
] as const;
const DEPTH = [0.14, 0.32, 0.52, 0.74, 1] as const;

/** The colour of a band. */
export function colourOf(band: number): string {
  return css(sequential(DEPTH[band] ?? 1));
}

export interface Ink {
  readonly text: string;
  readonly line: string;
  readonly accent: string;
  readonly paper: string;
  readonly font: string;
}

/** The page's colours where an element stands, as they are now. */
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(name).trim() || 'currentcolor';
  return {
    text: of('--ls-text-2'),
    line: of('--ls-line'),
    accent: of('--ls-accent'),
    paper: of('--ls-bg'),
    font: `11px ${style.fontFamily || 'sans-serif'}`,
  };
}

export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** Where a value stands in a picture of some height, the greatest at its top. */
export function heightOf(value: number, axis: Symlog, height: number): number {
  const [from, to] = [standing(axis.low, axis), standing(axis.high, axis)];
  const share = (standing(Math.min(axis.high, Math.max(axis.low, value)), axis) - from) / (to - from);
  return height * (1 - share);
}

/**
 * Bands of percentiles over the steps. Each histogram stands until the next one: what lies between was not logged.
 *
 * @param x Where each step stands.
 */
export function paintBands(
  context: CanvasRenderingContext2D,
  { bins }: Spread,
  x: ArrayLike<number>,
  [from, to]: readonly [number, number],
  axis: Symlog,
  { width, height }: Frame,
): void {
  const at = (place: number) => ((place - from) / (to - from)) * width;
  const first = Array.from(x, (place) => place);
  const typical = first.length > 1 ? ((first.at(-1) ?? 0) - (first[0] ?? 0)) / (first.length - 1) : to - from;
  const found = bins.map((each) => percentilesOf(each, PERCENTILES));
  BANDS.forEach(([a, b], band) => {
    context.fillStyle = colourOf(band);
    found.forEach((percentiles, i) => {
      const left = Math.round(at(x[i] ?? 0));
      const right = Math.round(at(x[i + 1] ?? (x[i] ?? 0) + typical));
      if (percentiles === undefined || right < 0 || left > width) return;
      const top = heightOf(percentiles[b]?.[1] ?? 0, axis, height);
      const bottom = heightOf(percentiles[a]?.[0] ?? 0, axis, height);
      // A percentile that is one value, as 0 may be, is a line.
      const tall = Math.max(1, bottom - top);
      context.fillRect(left, Math.min(top, height - tall), Math.max(1, right - left), tall);
    });
  });
}

/** Width at which a bin of one value is drawn, in pixels. */
const LINE = 3;
/** A ridge may reach over so many of those above it. */
const OVERLAP = 1.8;

/** Where a ridge stands, from the top of a picture. */
export function ridgeBase(r: number, rows: number, height: number): number {
  return (height * (r + OVERLAP)) / (rows - 1 + OVERLAP + 0.2);
}

/** The ridge whose room a place from the top lies in. */
export function ridgeAt(y: number, rows: number, height: number): number {
  const r = Math.ceil((y * (rows - 1 + OVERLAP + 0.2)) / height - OVERLAP);
  return Math.min(rows - 1, Math.max(0, r));
}

interface Bar {
  readonly left: number;
  readonly right: number;
  /** Share of the values a unit of the axis; of a bin of one value, as if it were a unit wide. */
  readonly tall: number;
}

/** The bars of a ridge. Bins within the linear part of the axis, of which there may be many, are one on each side of 0. */
export function barsOf(bins: Bins, axis: Symlog): readonly Bar[] {
  const total = orderedOf(bins);
  const mass = new Map<string, { left: number; right: number; n: number }>();
  bins.count.forEach((n, i) => {
    let [left, right] = [bins.left[i] ?? 0, bins.right[i] ?? 0];
    if (left >= 0 && right <= axis.unit && left < right) [left, right] = [0, axis.unit];
    else if (right <= 0 && left >= -axis.unit && left < right) [left, right] = [-axis.unit, 0];
    const key = `${left} ${right}`;
    mass.set(key, { left, right, n: n + (mass.get(key)?.n ?? 0) });
  });
  return [...mass.values()].map(({ left, right, n }) => {
    const wide = standing(right, axis) - standing(left, axis);
    return { left, right, tall: n / total / (wide > 0 ? wide : 1) };
  });
}

/** Ridges of some steps, one below the other; the one of the step selected is marked. */
export function paintRidges(
  context: CanvasRenderingContext2D,
  { bins }: Spread,
  rows: readonly number[],
  selected: number,
  axis: Symlog,
  { width, height }: Frame,
  ink: Ink,
): void {
  const reach = ridgeBase(0, rows.length, height);
  const place = (value: number) => width - heightOf(value, axis, width);
  const all = rows.map((i) => (bins[i] === undefined ? [] : barsOf(bins[i], axis)));
  const wide = all.flat().filter(({ left, right }) => left < right);
  const most = wide.length === 0 ? 1 : Math.max(...wide.map(({ tall }) => tall));
  rows.forEach((i, r) => {
    const base = ridgeBase(r, rows.length, height);
    context.fillStyle = ink.line;
    context.fillRect(0, base - 0.5, width, 1);
    for (const bar of all[r] ?? []) {
      if (bar.right < axis.low || bar.left > axis.high) continue;
      // A line of many equal values is cut off rather than making all others flat; the tooltip has the number.
      const tall = Math.min(1, bar.tall / most) * reach;
      const [a, b] = [place(bar.left), place(bar.right)];
      const across = Math.max(bar.left === bar.right ? LINE : 1, b - a);
      const left = bar.left === bar.right ? a - LINE / 2 : a;
      context.fillStyle = ink.paper;
      context.fillRect(left, base - tall, across, tall);
      context.globalAlpha = 0.55;
      context.fillStyle = i === selected ? ink.accent : colourOf(3);
      context.fillRect(left, base - tall, across, tall);
      context.globalAlpha = 1;
      context.fillRect(left, base - tall, across, 1);
    }
  });
}

/** Steps of which ridges are drawn: those in the stretch shown, evenly, and always the last one and the one selected. */
export function ridgeSteps(x: ArrayLike<number>, [from, to]: readonly [number, number], selected: number, most: number): readonly number[] {
  const inside = Array.from({ length: x.length }, (_, i) => i).filter((i) => (x[i] ?? 0) >= from && (x[i] ?? 0) <= to);
  const count = Math.min(most, inside.length);
  const even = Array.from({ length: count }, (_, k) => inside[count === 1 ? 0 : Math.round((k * (inside.length - 1)) / (count - 1))] ?? 0);
  if (!inside.includes(selected) || even.includes(selected)) return even;
  // In place of its neighbour, so that there are no more of them.
  const near = even.reduce((best, i, k) => (Math.abs(i - selected) < Math.abs((even[best] ?? 0) - selected) ? k : best), 0);
  return even.map((i, k) => (k === near ? selected : i));
}
