/** Lines over a shared horizontal axis, drawn by uPlot; dots, and marks for what has no place, are added to its canvas. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { decimated } from '../math/decimate';
import { type Domain, domainInside, type Odd, oddity, type Scale } from '../math/domain';
import type { Axis } from '../math/series';
import { BELOW, FAINT, gutterOf, horizontalAxis, type Ink, inkOf, RIGHT, strength, verticalAxis } from './axis';

export interface Line {
  /** Strictly rising. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The same smoothed; then the values themselves are drawn faintly behind it. */
  readonly smooth: Float64Array | undefined;
  /** A colour that a canvas understands. */
  readonly colour: string;
  /** Lengths of dashes and gaps in CSS pixels; empty: solid. */
  readonly dash: readonly number[];
  readonly width: number;
  /** Drawn faintly, behind what matters more. */
  readonly faint?: boolean;
}

export interface Picture {
  readonly lines: readonly Line[];
  readonly axis: Axis;
  readonly scale: Scale;
  readonly shown: Domain;
  /** Of the whole, in CSS pixels; the marks of the horizontal axis come below the height. */
  readonly width: number;
  readonly height: number;
  readonly labelled: boolean;
}

/** A point nearer to its neighbours than this many pixels has no dot. */
const DOT_ROOM = 7;
const DOT = 2;
/** Marks with one word that are nearer to each other are one run, and have it once. */
const RUN = 72;

/** Draws a picture into an element; returns how to take it away. */
export function drawLines(element: HTMLElement, picture: Picture): () => void {
  const { lines, shown, scale, labelled, width, height } = picture;
  const ink = inkOf(element);
  const inner = Math.max(1, width - gutterOf(width) - RIGHT);
  const parts = lines.map((line) => ({ line, raw: part(line.x, line.y, picture, inner) }));
  const drawn = parts.flatMap(({ line, raw }) => {
    const { x, smooth, faint = false } = line;
    const look = { line, alpha: strength(faint, smooth !== undefined), width: faint ? 1 : line.width };
    if (smooth === undefined) return [{ ...raw, ...look }];
    return [
      { ...raw, line, alpha: FAINT, width: 1 },
      { ...part(x, smooth, picture, inner), ...look },
    ];
  });
  const domain = domainInside(drawn, shown, scale);
  const tables = drawn.map((each): uPlot.AlignedData => [each.x, each.y.map((y) => (oddity(y, scale) === undefined ? y : null))]);
  const options: uPlot.Options = {
    width,
    height: height + (labelled ? BELOW : 0),
    padding: [6, RIGHT, labelled ? 0 : 6, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [shown[0], shown[1]] },
      y: { distr: scale === 'log' ? 3 : 1, range: () => (domain === undefined ? [1, 2] : [domain[0], domain[1]]) },
    },
    axes: [horizontalAxis(picture.axis, ink, labelled), verticalAxis(domain, scale, height, gutterOf(width), ink)],
    series: [
      {},
      ...drawn.map(
        (each): uPlot.Series => ({
          stroke: each.line.colour,
          alpha: each.alpha,
          width: each.width,
          dash: [...each.line.dash],
          points: { show: false },
          pxAlign: 0,
        }),
      ),
    ],
    hooks: {
      draw: [
        (plot) => {
          for (const { line, raw } of parts) drawDots(plot, line, raw, scale);
          drawMarks(
            plot,
            parts.flatMap(({ line, raw }) => marksOf(plot, line.colour, raw, scale)),
            ink,
          );
        },
      ],
    },
  };
  const plot = new uPlot(options, tables.length === 0 ? [[], []] : uPlot.join(tables), element);
  return () => plot.destroy();
}

interface Part {
  readonly x: number[];
  readonly y: number[];
}

function part(x: Float64Array, y: Float64Array, { shown }: Picture, columns: number): Part {
  const kept = decimated(x, y, shown[0], shown[1], columns);
  return { x: Array.from(kept, (i) => x[i] ?? 0), y: Array.from(kept, (i) => y[i] ?? Number.NaN) };
}

/** A dot at each point that has room for it, and at each that no line reaches. */
function drawDots(plot: uPlot, line: Line, { x, y }: Part, scale: Scale): void {
  const { ctx } = plot;
  const ratio = uPlot.pxRatio;
  const has = (i: number) => y[i] !== undefined && oddity(y[i] ?? 0, scale) === undefined;
  const at = (i: number) => plot.valToPos(x[i] ?? 0, 'x', true);
  const roomy = x.length < 2 || (at(x.length - 1) - at(0)) / (x.length - 1) >= DOT_ROOM * ratio;
  ctx.save();
  clip(plot);
  ctx.fillStyle = line.colour;
  for (let i = 0; i < x.length; i++) {
    if (!has(i)) continue;
    const alone = !has(i - 1) && !has(i + 1);
    if (!alone && !roomy) continue;
    ctx.globalAlpha = alone || (line.smooth === undefined && line.faint !== true) ? 1 : 0.45;
    ctx.beginPath();
    ctx.arc(at(i), plot.valToPos(y[i] ?? 0, 'y', true), (alone ? DOT + 0.75 : DOT) * ratio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}

/** A value without a place, and where it would be. */
interface Mark {
  readonly odd: Odd;
  readonly left: number;
  readonly colour: string;
}

function marksOf(plot: uPlot, colour: string, { x, y }: Part, scale: Scale): readonly Mark[] {
  return x.flatMap((at, i) => {
    const odd = oddity(y[i] ?? 0, scale);
    return odd === undefined ? [] : [{ odd, left: plot.valToPos(at, 'x', true), colour }];
  });
}

/** A triangle at the edge next to which a value would be, with its word at the first of each run of neighbours, of whichever lines. */
function drawMarks(plot: uPlot, marks: readonly Mark[], ink: Ink): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const size = 5 * ratio;
  ctx.save();
  clip(plot);
  ctx.font = ink.font.replace('11px', `${10 * ratio}px`);
  for (const { odd, left, colour } of marks) {
    const edge = isHigh(odd) ? bbox.top : bbox.top + bbox.height;
    // NaN points into the plot, the others beyond it.
    const base = odd === 'NaN' ? edge : edge + (isHigh(odd) ? size : -size);
    const tip = odd === 'NaN' ? edge + size : edge;
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.moveTo(left - size * 0.8, base);
    ctx.lineTo(left + size * 0.8, base);
    ctx.lineTo(left, tip);
    ctx.fill();
  }
  ctx.fillStyle = ink.warn;
  ctx.textAlign = 'left';
  const free = { top: Number.NEGATIVE_INFINITY, bottom: Number.NEGATIVE_INFINITY };
  const last = new Map<Odd, number>();
  for (const { odd, left } of marks.toSorted((a, b) => a.left - b.left)) {
    const side = isHigh(odd) ? 'top' : 'bottom';
    const isNeighbour = left - (last.get(odd) ?? Number.NEGATIVE_INFINITY) < RUN * ratio;
    last.set(odd, left);
    if (isNeighbour || left < free[side]) continue;
    const room = ctx.measureText(odd).width;
    const start = Math.min(left - size * 0.8, bbox.left + bbox.width - room);
    ctx.textBaseline = side;
    ctx.fillText(odd, start, isHigh(odd) ? bbox.top + size + 2 * ratio : bbox.top + bbox.height - size - 2 * ratio);
    free[side] = start + room + 6 * ratio;
  }
  ctx.restore();
}

function isHigh(odd: Odd): boolean {
  return odd === 'NaN' || odd === '∞';
}

/** Nothing outside of the plot, but for the half of a dot at its edge. */
function clip({ ctx, bbox }: uPlot): void {
  const room = 4 * uPlot.pxRatio;
  ctx.beginPath();
  ctx.rect(bbox.left - room, bbox.top - room, bbox.width + 2 * room, bbox.height + 2 * room);
  ctx.clip();
}
