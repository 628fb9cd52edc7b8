/** Draws the matrix on a canvas, to the device pixel. */
import { css, type Rgb, textOn } from '../../charts/colour';
import type { Grid } from './grid';
import { colourOfHeat, type Heat, type Ramp } from './heat';
import type { Lines } from './lines';
import { type Palette, raster } from './raster';
import type { Viewport } from './viewport';

export interface Picture {
  readonly lines: Lines;
  readonly grid: Grid;
  readonly heat: Heat;
  readonly gaps: Gaps;
  /** What stands in a cell of this value. */
  readonly text: (value: number) => string;
  readonly view: Viewport;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

/** Where what is shown is undefined: a rate without examples or predictions, a difference to a class that is not there. */
export interface Gaps {
  /** [K + 1] 1 for a true class of which no cell is defined. */
  readonly truth: Uint8Array;
  /** [K + 1] The same of predicted classes. */
  readonly predicted: Uint8Array;
}

/** The theme's colours that the painter needs, read from the canvas's own style. */
export interface Ink {
  readonly background: Rgb;
  readonly line: Rgb;
  readonly soft: Rgb;
  readonly font: string;
}

/** Cells below this many device pixels are drawn as pixels, without lines or stripes. */
export const RASTER_BELOW = 6;
/** Few errors are at least so many CSS pixels wide. */
const LEAST_ERROR = 2;
/** From this many CSS pixels cells have numbers in them. */
const TEXT_FROM = 20;
/** From this many CSS pixels cells have lines between them. */
export const LINES_FROM = 9;

export function paint(context: CanvasRenderingContext2D, picture: Picture, ink: Ink): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  if (picture.view.cell < RASTER_BELOW) paintPixels(context, picture, ink);
  else paintCells(context, picture, ink);
  paintUndefined(context, picture, ink);
  if (picture.view.cell >= RASTER_BELOW) paintText(context, picture, ink);
}

function paintPixels(context: CanvasRenderingContext2D, picture: Picture, ink: Ink): void {
  const { width, height } = context.canvas;
  if (width === 0 || height === 0) return;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(pack(ink.background));
  raster(pixels, width, picture, palette(ink, picture.heat.ramp), Math.round(LEAST_ERROR * picture.ratio));
  context.putImageData(image, 0, 0);
}

/** What both passes over big cells need: each visible stored cell with its corner on the canvas. */
function forEachCell(context: CanvasRenderingContext2D, picture: Picture, draw: (cell: number, x: number, y: number) => void): void {
  const { lines, grid, view } = picture;
  const { width, height } = context.canvas;
  const endRow = Math.min(grid.rows.length, Math.ceil(view.top + height / view.cell));
  for (let place = Math.max(0, Math.floor(view.top)); place < endRow; place++) {
    const id = grid.rows[place] ?? 0;
    const y = Math.round((place - view.top) * view.cell);
    const end = lines.end[id] ?? 0;
    for (let k = id > 0 ? (lines.end[id - 1] ?? 0) : 0; k < end; k++) {
      const column = grid.columnOf[lines.at[k] ?? 0] ?? -1;
      const x = Math.round((column - view.left) * view.cell);
      if (column >= 0 && x + view.cell > 0 && x < width) draw(lines.cell?.[k] ?? k, x, y);
    }
  }
}

function paintCells(context: CanvasRenderingContext2D, picture: Picture, ink: Ink): void {
  const { heat, view, ratio } = picture;
  const size = view.cell;
  const striped: [number, number][] = [];
  if (size >= LINES_FROM * ratio) paintLines(context, picture, ink);
  const gap = size >= LINES_FROM * ratio ? Math.round(ratio) : 0;
  forEachCell(context, picture, (cell, x, y) => {
    const t = heat.heat[cell] ?? 0;
    if (t === 0) return;
    context.fillStyle = css(fillOf(heat, cell, ink));
    context.fillRect(x + gap, y + gap, size - gap, size - gap);
    if (heat.unsure[cell] === 1 && heat.doubt === 'striped') striped.push([x + gap, y + gap]);
  });
  context.strokeStyle = css(ink.background);
  context.lineWidth = 2.2 * ratio;
  for (const [x, y] of striped) stripe(context, x, y, size - gap, size - gap, 6 * ratio);
}

function paintLines(context: CanvasRenderingContext2D, { grid, view, ratio }: Picture, ink: Ink): void {
  const thin = Math.round(ratio);
  const width = Math.min(context.canvas.width, grid.columns.length * view.cell + thin);
  const height = Math.min(context.canvas.height, grid.rows.length * view.cell + thin);
  context.fillStyle = css(ink.line);
  for (let row = Math.ceil(view.top); row <= grid.rows.length; row++)
    context.fillRect(0, Math.round((row - view.top) * view.cell), width, thin);
  for (let column = Math.ceil(view.left); column <= grid.columns.length; column++) {
    context.fillRect(Math.round((column - view.left) * view.cell), 0, thin, height);
  }
}

/** Stripes over rows and columns in which what is shown is undefined. */
function paintUndefined(context: CanvasRenderingContext2D, { gaps, grid, view, ratio }: Picture, ink: Ink): void {
  const width = grid.columns.length * view.cell;
  const height = grid.rows.length * view.cell;
  const [rows, columns] = grid.transposed ? [gaps.predicted, gaps.truth] : [gaps.truth, gaps.predicted];
  context.strokeStyle = css(gapInk(ink));
  context.lineWidth = Math.max(1, ratio);
  grid.rows.forEach((id, place) => {
    if (rows[id] === 1) stripe(context, 0, (place - view.top) * view.cell, width, view.cell, 6 * ratio);
  });
  grid.columns.forEach((id, place) => {
    if (columns[id] === 1) stripe(context, (place - view.left) * view.cell, 0, view.cell, height, 6 * ratio);
  });
}

/** The colour of stripes where there is nothing to show. */
export function gapInk(ink: Ink): Rgb {
  return mix(ink.line, ink.soft, 0.25);
}

function paintText(context: CanvasRenderingContext2D, picture: Picture, ink: Ink): void {
  const { heat, view, text: write, ratio } = picture;
  if (view.cell < TEXT_FROM * ratio) return;
  const size = Math.min(12, view.cell / ratio / 2.4) * ratio;
  context.font = `${size}px ${ink.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  forEachCell(context, picture, (cell, x, y) => {
    const value = heat.value[cell] ?? Number.NaN;
    if (Number.isNaN(value)) return;
    const text = write(value);
    const wide = context.measureText(text).width;
    const room = view.cell - 4 * ratio;
    if (wide > room * 1.6) return;
    const middle = [x + view.cell / 2, y + view.cell / 2 + ratio] as const;
    const fill = fillOf(heat, cell, ink);
    if (heat.unsure[cell] === 1 && heat.doubt === 'striped') {
      // The stripes give way to the number.
      context.fillStyle = css(fill);
      context.fillRect(middle[0] - wide / 2 - 2 * ratio, middle[1] - size * 0.65, wide + 4 * ratio, size * 1.2);
    }
    context.fillStyle = isSoft(heat, cell) ? css(ink.soft) : textOn(fill);
    context.fillText(text, middle[0], middle[1], room);
  });
}

function stripe(context: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, distance: number): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.beginPath();
  // On one lattice for the whole canvas, so that neighbours join.
  for (let d = Math.floor((x + y) / distance) * distance; d < x + y + width + height; d += distance) {
    context.moveTo(d - y, y);
    context.lineTo(d - y - height, y + height);
  }
  context.stroke();
  context.restore();
}

/** The colour of a cell as it is drawn where it is big. */
export function fillOf({ heat, unsure, doubt, ramp }: Heat, cell: number, ink: Ink): Rgb {
  const t = heat[cell] ?? 0;
  const fill = t >= 0 ? colourOfHeat(t, ramp) : grey(-t, ink);
  return unsure[cell] === 1 && doubt === 'faded' ? mix(fill, ink.background, FADED) : fill;
}

/** Whether its number steps back: of correct predictions that stand aside, and of what may be no difference. */
export function isSoft({ heat, unsure, doubt }: Heat, cell: number): boolean {
  return (heat[cell] ?? 0) < 0 || (unsure[cell] === 1 && doubt === 'faded');
}

/** How much of a colour gives way to the background where it is faded. */
const FADED = 0.75;

/** Correct predictions: from barely there to the colour of lines. */
function grey(share: number, ink: Ink): Rgb {
  return mix(ink.background, ink.line, 0.2 + 0.5 * share);
}

function mix(from: Rgb, to: Rgb, t: number): Rgb {
  return [from[0] + (to[0] - from[0]) * t, from[1] + (to[1] - from[1]) * t, from[2] + (to[2] - from[2]) * t];
}

function palette(ink: Ink, which: Ramp): Palette {
  const ramp = (colour: (t: number) => Rgb) => Uint32Array.from({ length: 256 }, (_, i) => pack(colour(i / 255)));
  // Stronger than in big cells, where a number stands on it.
  const right = (t: number) => mix(ink.background, ink.soft, 0.15 + 0.3 * t);
  const pale = (colour: Rgb) => mix(colour, ink.background, 0.55);
  return {
    sure: { heat: ramp((t) => colourOfHeat(t, which)), right: ramp(right) },
    unsure: { heat: ramp((t) => pale(colourOfHeat(t, which))), right: ramp((t) => pale(right(t))) },
  };
}

/** Little-endian RGBA, as every machine that runs a browser has it. */
function pack([r, g, b]: Rgb): number {
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
}
