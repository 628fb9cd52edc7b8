/** The pixels of bands and ridges: each bin a rectangle where it lies, nothing smoothed. */
import { css, notFinite, sequential } from '../../charts/colour';
import { stretchesOf } from '../../charts/stretches';
import { type Bins, finiteOf, oddOf, orderedOf, PERCENTILES, percentilesOf } from '../../math/bins';
import { isLinear, type Symlog, standing, standsAt } from '../../math/symlog';
import type { Spread } from './spreads_of';

/** Pairs of percentiles between which a band lies, the widest first; the last one is the median's own bin. */
export const BANDS = [
  [0, 8],
  [1, 7],
  [2, 6],
  [3, 5],
  [4, 4],
] as const;
/** Pale, so that lines over them are seen; each has an edge that is darker by so much. */
const DEPTH = [0.07, 0.14, 0.22, 0.32, 0.5] as const;
const EDGE = 0.2;

/** The colour of a band. */
export function colourOf(band: number): string {
  return css(sequential(DEPTH[band] ?? 1));
}

/** The colour of a band's edges. */
export function edgeOf(band: number): string {
  return css(sequential((DEPTH[band] ?? 1) + EDGE));
}

export interface Ink {
  readonly strong: string;
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
    strong: of('--ls-text'),
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

/** Height of the mark of a step at which some values are not finite. */
const MARK = 4;

/**
 * Bands of percentiles over the steps. Each histogram stands until the next one: what lies between was not logged. Where no
 * value is finite the whole column has the colour of that.
 *
 * @param x Where each step stands.
 */
export function paintBands(
  context: CanvasRenderingContext2D,
  { bins }: Spread,
  x: ArrayLike<number>,
  shown: readonly [number, number],
  axis: Symlog,
  { width, height }: Frame,
): void {
  const stretches = stretchesOf(x, shown, width);
  const found = bins.map((each) => (finiteOf(each) === 0 ? undefined : percentilesOf(each, PERCENTILES)));
  const seen = (i: number) => (stretches[i]?.right ?? 0) >= 0 && (stretches[i]?.left ?? 0) <= width;
  const fill = (i: number, top: number, tall: number) => {
    const { left = 0, right = 0 } = stretches[i] ?? {};
    context.fillRect(left, top, Math.max(1, right - left), tall);
  };
  BANDS.forEach(([a, b], band) => {
    found.forEach((percentiles, i) => {
      if (percentiles === undefined || !seen(i)) return;
      const top = heightOf(percentiles[b]?.[1] ?? 0, axis, height);
      const bottom = heightOf(percentiles[a]?.[0] ?? 0, axis, height);
      context.fillStyle = colourOf(band);
      fill(i, top, bottom - top);
      // A percentile that is one value, as 0 may be, is a line.
      context.fillStyle = edgeOf(band);
      fill(i, Math.max(0, Math.min(height - 1, Math.round(top))), 1);
      fill(i, Math.max(0, Math.min(height - 1, Math.round(bottom) - 1)), 1);
    });
  });
  context.fillStyle = notFinite();
  bins.forEach((each, i) => {
    const odd = oddOf(each);
    if (odd !== 'none' && seen(i)) fill(i, 0, odd === 'all' ? height : MARK);
  });
}

/** A line over the steps: [step] its height above the axis' zero as a value. */
export interface Over {
  readonly x: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  /** Each value stands until the next one, as a histogram does; else they are joined. */
  readonly isStepped: boolean;
}

/** Lines over the bands; a value that is not finite makes a gap. */
export function paintOver(
  context: CanvasRenderingContext2D,
  lines: readonly Over[],
  shown: readonly [number, number],
  axis: Symlog,
  { width, height }: Frame,
): void {
  for (const { x, value, colour, width: thick, dash, isStepped } of lines) {
    const stretches = stretchesOf(x, shown, width);
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = thick;
    context.setLineDash([...dash]);
    context.beginPath();
    let isDown = false;
    stretches.forEach(({ left, right }, i) => {
      const v = value[i] ?? Number.NaN;
      if (!Number.isFinite(v)) {
        isDown = false;
        return;
      }
      const y = heightOf(v, axis, height);
      if (isDown) context.lineTo(left, y);
      else context.moveTo(left, y);
      if (isStepped) context.lineTo(right, y);
      isDown = true;
    });
    context.stroke();
    context.setLineDash([]);
  }
}

/** The lines that stand for another training's bands: its 7th and 93rd percentile, and the middle of the bin that holds its median. */
export function outlineOf({ bins }: Spread, x: ArrayLike<number>, axis: Symlog, colour: string): readonly Over[] {
  const found = bins.map((each) => (finiteOf(each) === 0 ? undefined : percentilesOf(each, [7, 50, 93])));
  const line = (of: (percentiles: NonNullable<(typeof found)[number]>) => number, dash: readonly number[]): Over => ({
    x,
    value: found.map((percentiles) => (percentiles === undefined ? Number.NaN : of(percentiles))),
    colour,
    width: dash.length > 0 ? 1 : 1.5,
    dash,
    isStepped: true,
  });
  const middle = (low: number, high: number) => standsAt((standing(low, axis) + standing(high, axis)) / 2, axis);
  return [
    line((p) => p[0]?.[0] ?? Number.NaN, [3, 2]),
    line((p) => p[2]?.[1] ?? Number.NaN, [3, 2]),
    line((p) => middle(p[1]?.[0] ?? Number.NaN, p[1]?.[1] ?? Number.NaN), []),
  ];
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

/** Parts of an axis that is linear all along within which bins on each side of 0 are one. */
const FINE = 64;

/** The bars of a ridge, rising. Bins next to 0, of which there may be many, are one on each side of it. */
export function barsOf(bins: Bins, axis: Symlog): readonly Bar[] {
  const total = orderedOf(bins);
  const near = isLinear(axis) ? axis.unit / FINE : axis.unit;
  const mass = new Map<string, { left: number; right: number; n: number }>();
  bins.count.forEach((n, i) => {
    let [left, right] = [bins.left[i] ?? 0, bins.right[i] ?? 0];
    if (left >= 0 && right <= near && left < right) [left, right] = [0, near];
    else if (right <= 0 && left >= -near && left < right) [left, right] = [-near, 0];
    const key = `${left} ${right}`;
    mass.set(key, { left, right, n: n + (mass.get(key)?.n ?? 0) });
  });
  return [...mass.values()].map(({ left, right, n }) => {
    const wide = standing(right, axis) - standing(left, axis);
    return { left, right, tall: n / total / (wide > 0 ? wide : 1) };
  });
}

/** What a ridge of another training is drawn with. */
export interface Beside {
  readonly spread: Spread;
  /** [row] Which of its steps stands beside each ridge; −1: none. */
  readonly at: readonly number[];
  readonly colour: string;
}

const FILL = 0.25;
/** Width of the paper around a ridge, which keeps it apart from those behind it. */
const HALO = 3;

/** Ridges of some steps, one below the other; the one of the step selected is marked. Another training's are outlines. */
export function paintRidges(
  context: CanvasRenderingContext2D,
  { bins }: Spread,
  rows: readonly number[],
  selected: number,
  axis: Symlog,
  { width, height }: Frame,
  ink: Ink,
  beside: Beside | undefined,
): void {
  const reach = ridgeBase(0, rows.length, height);
  const place = (value: number) => width - heightOf(value, axis, width);
  const barsAt = (all: readonly Bins[], i: number) => (all[i] === undefined ? [] : barsOf(all[i], axis));
  const own = rows.map((i) => barsAt(bins, i));
  const others = rows.map((_, r) => (beside === undefined ? [] : barsAt(beside.spread.bins, beside.at[r] ?? -1)));
  const wide = [...own, ...others].flat().filter(({ left, right }) => left < right);
  const most = wide.length === 0 ? 1 : Math.max(...wide.map(({ tall }) => tall));
  // A line of many equal values is cut off rather than making all others flat; the tooltip has the number.
  const tallOf = (bar: Bar) => Math.min(1, bar.tall / most) * reach;
  const inside = (bar: Bar) => bar.right >= axis.low && bar.left <= axis.high;
  const trace = (bars: readonly Bar[], base: number) => {
    context.beginPath();
    context.moveTo(0, base);
    for (const bar of bars.filter((each) => inside(each) && each.left < each.right)) {
      const [a, b] = [place(bar.left), place(bar.right)];
      context.lineTo(a, base);
      context.lineTo(a, base - tallOf(bar));
      context.lineTo(b, base - tallOf(bar));
      context.lineTo(b, base);
    }
    context.lineTo(width, base);
  };
  rows.forEach((i, r) => {
    const base = ridgeBase(r, rows.length, height);
    const bars = own[r] ?? [];
    const colour = i === selected ? ink.accent : css(sequential(0.62));
    trace(bars, base);
    context.lineJoin = 'round';
    context.strokeStyle = ink.paper;
    context.lineWidth = HALO;
    context.stroke();
    context.fillStyle = ink.paper;
    context.fill();
    context.globalAlpha = FILL;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = ink.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, base);
    context.lineTo(width, base);
    context.stroke();
    outline(context, bars.filter(inside), base, place, tallOf, colour);
    if (beside !== undefined) outline(context, (others[r] ?? []).filter(inside), base, place, tallOf, beside.colour);
    const odd = oddOf(bins[i]);
    context.fillStyle = notFinite();
    if (odd === 'all') context.fillRect(0, base - MARK, width, MARK);
    else if (odd === 'some') context.fillRect(width - 3 * MARK, base - MARK, 3 * MARK, MARK);
  });
}

/** The upper edge of bars, with a side where there is no bar next to them; a bin of one value is a line. */
function outline(
  context: CanvasRenderingContext2D,
  bars: readonly Bar[],
  base: number,
  place: (value: number) => number,
  tallOf: (bar: Bar) => number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  let at = Number.NaN;
  for (const bar of bars) {
    const [a, b] = [place(bar.left), place(bar.right)];
    if (bar.left === bar.right) {
      context.fillRect(a - LINE / 2, base - tallOf(bar), LINE, tallOf(bar));
      continue;
    }
    if (Math.abs(a - at) > 0.5 || Number.isNaN(at)) {
      if (!Number.isNaN(at)) context.lineTo(at, base);
      context.moveTo(a, base);
    }
    context.lineTo(a, base - tallOf(bar));
    context.lineTo(b, base - tallOf(bar));
    at = b;
  }
  if (!Number.isNaN(at)) context.lineTo(at, base);
  context.stroke();
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
