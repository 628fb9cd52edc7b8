/** The pixels of a heat map. */
import { diverging, type Rgb, sequential } from '../../charts/colour';
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

/** The colour of a value. */
export function colourOf(value: number, scale: TensorScale | undefined): Rgb {
  if (scale === undefined) return sequential(0);
  return scale.isDiverging ? diverging(heatOf(value, scale)) : sequential(heatOf(value, scale));
}

/** Draws `heat` into a canvas of `width` × `rows · row` device pixels. */
export function paint(
  context: CanvasRenderingContext2D,
  heat: Heat,
  shown: readonly [number, number],
  width: number,
  row: number,
  ink: Ink,
): void {
  const height = heat.rows.length * row;
  const image = context.createImageData(width, Math.max(1, height));
  const pixels = new Uint32Array(image.data.buffer);
  const columns = columnsOf(heat.x, shown, width);
  heat.tracks.forEach((track, r) => {
    paintRow(pixels, track, heat.scale, columns, width, r * row, row, ink);
  });
  context.putImageData(image, 0, 0);
}

const HATCH = 6;
const DOTS = 4;

function paintRow(
  pixels: Uint32Array,
  track: Track | undefined,
  scale: TensorScale | undefined,
  { first, end }: Columns,
  width: number,
  top: number,
  height: number,
  ink: Ink,
): void {
  for (let c = 0; c < width; c++) {
    const from = first[c] ?? 0;
    const to = end[c] ?? 0;
    if (to <= from) continue;
    const at = track === undefined ? -1 : shownIn(track, from, to);
    const state = at < 0 ? IS.missing : (track?.state[at] ?? IS.missing);
    // NaN has a colour that no scale has.
    const flat = packed(state === IS.value ? colourOf(track?.value[at] ?? 0, scale) : sequential(Number.NaN));
    for (let y = top; y < top + height; y++) {
      let colour = flat;
      if (state === IS.none) colour = c % DOTS === 0 && y % DOTS === 0 ? ink.strong : ink.line;
      else if (state === IS.missing || state === IS.undefined) colour = (c + y) % HATCH < 2 ? ink.strong : 0;
      pixels[y * width + c] = colour;
    }
  }
}

function packed([r, g, b]: Rgb): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
