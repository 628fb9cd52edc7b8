/** The pixels of a heat map. */
import { diverging, type Rgb, sequential, still } from '../../charts/colour';
import type { Domain } from '../../math/domain';
import { IS, type Track } from '../../math/tensor_measures';
import { type Columns, columnsOf, shownIn } from '../../math/tensor_raster';
import { heatOf, type TensorScale } from '../../math/tensor_scale';
import type { Heat } from './heat';

/** Colours of what is no value, packed as `ImageData` has them. */
export interface Ink {
  readonly line: number;
  readonly strong: number;
}

/** The page's colours where a canvas stands, as they are now. */
export function inkOf(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): Ink {
  const style = getComputedStyle(canvas);
  const of = (name: string) => {
    context.fillStyle = style.getPropertyValue(name).trim() || '#888';
    // A canvas writes every opaque colour as #rrggbb.
    const hex = Number.parseInt(String(context.fillStyle).slice(1), 16);
    return packed([(hex >> 16) & 255, (hex >> 8) & 255, hex & 255]);
  };
  return { line: of('--ls-line'), strong: of('--ls-line-strong') };
}

/** The colour of a value: in the heat map and on the boxes of the model. */
export function colourOf(value: number, scale: TensorScale | undefined): Rgb {
  if (scale === undefined) return sequential(0);
  if (value === 0 && scale.isSigned !== true) return still();
  return scale.isDiverging ? diverging(heatOf(value, scale)) : sequential(heatOf(value, scale));
}

/** Draws `heat` into a canvas of `width` × `rows · row` device pixels. */
export function paint(context: CanvasRenderingContext2D, heat: Heat, shown: Domain, width: number, row: number, ink: Ink): void {
  const image = context.createImageData(width, Math.max(1, heat.rows.length * row));
  new Uint32Array(image.data.buffer).set(pixelsOf(heat, shown, width, row, ink));
  context.putImageData(image, 0, 0);
}

/** The pixels of `heat` [rows · row, width], packed as `ImageData` has them; 0 where nothing was logged. */
export function pixelsOf(heat: Heat, shown: Domain, width: number, row: number, ink: Ink): Uint32Array {
  const pixels = new Uint32Array(width * heat.rows.length * row);
  const columns = columnsOf(heat.x, shown, width);
  const palette = paletteOf(heat.scale);
  heat.tracks.forEach((track, r) => {
    paintRow(pixels, track, palette, columns, width, r * row, row, ink);
  });
  return pixels;
}

interface Palette {
  readonly scale: TensorScale | undefined;
  /** From the least heat to the greatest. */
  readonly heat: Uint32Array;
  readonly zero: number;
  /** A colour that no scale has. */
  readonly notFinite: number;
}

const SHADES = 512;
const HATCH = 6;
const DOTS = 4;

function paletteOf(scale: TensorScale | undefined): Palette {
  const shade = (k: number) => (scale?.isDiverging === true ? diverging((2 * k) / SHADES - 1) : sequential(k / SHADES));
  return {
    scale,
    heat: Uint32Array.from({ length: SHADES + 1 }, (_, k) => packed(shade(k))),
    zero: packed(colourOf(0, scale)),
    notFinite: packed(sequential(Number.NaN)),
  };
}

function paintRow(
  pixels: Uint32Array,
  track: Track | undefined,
  palette: Palette,
  { first, end }: Columns,
  width: number,
  top: number,
  height: number,
  ink: Ink,
): void {
  const line = pixels.subarray(top * width, (top + 1) * width);
  // What is hatched or dotted is drawn over the lines when they are there.
  const patterned: { readonly c: number; readonly state: number }[] = [];
  let state = -1;
  let colour = 0;
  for (let c = 0; c < width; c++) {
    const from = first[c] ?? 0;
    const to = end[c] ?? 0;
    if (to <= from) continue;
    if (c === 0 || from !== first[c - 1] || to !== end[c - 1]) {
      const at = track === undefined ? -1 : shownIn(track, from, to);
      state = at < 0 ? IS.missing : (track?.state[at] ?? IS.missing);
      colour = state === IS.value ? shadeOf(track?.value[at] ?? 0, palette) : palette.notFinite;
    }
    if (state === IS.value || state === IS.nonFinite) line[c] = colour;
    else patterned.push({ c, state });
  }
  for (let y = 1; y < height; y++) pixels.copyWithin((top + y) * width, top * width, (top + 1) * width);
  for (const { c, state: odd } of patterned) {
    for (let y = top; y < top + height; y++) {
      const isLine = odd === IS.none ? c % DOTS === 0 && y % DOTS === 0 : (c + y) % HATCH < 2;
      pixels[y * width + c] = isLine ? ink.strong : odd === IS.none ? ink.line : 0;
    }
  }
}

function shadeOf(value: number, { scale, heat, zero }: Palette): number {
  if (value === 0 || scale === undefined) return zero;
  const t = heatOf(value, scale);
  return heat[Math.round((scale.isDiverging ? (t + 1) / 2 : t) * SHADES)] ?? 0;
}

function packed([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
