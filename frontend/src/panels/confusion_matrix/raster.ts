/** Pixels of a matrix whose cells are small: one pass over the stored cells, whatever the number of classes. */
import type { Grid } from './grid';
import { type Heat, strength } from './heat';
import type { Lines } from './lines';
import type { Viewport } from './viewport';

/** Packed colours, as `ImageData` has them. */
export interface Ramps {
  /** [256] From no heat to all of it. */
  readonly heat: Uint32Array;
  /** [256] The greys of correct predictions, by their share. */
  readonly right: Uint32Array;
}

export interface Palette {
  readonly sure: Ramps;
  /** The same, blended into the background: for rates of few examples. */
  readonly unsure: Ramps;
}

/** What is drawn small. */
interface Small {
  readonly lines: Lines;
  readonly grid: Grid;
  readonly heat: Heat;
  readonly view: Viewport;
}

/** Errors are few where, at their least size, they would cover no more of the picture than this. */
const FEW = 0.03;

/**
 * Draws into `pixels` [height, width], which hold the background.
 *
 * Where several cells share a pixel it takes the hottest, and an error before a correct prediction: one hot cell among a
 * million stays in sight. Where errors are few each is at least `least` pixels wide and high, as far as nothing else is there:
 * a single pixel would not be seen.
 */
export function raster(pixels: Uint32Array, width: number, { lines, grid, heat, view }: Small, palette: Palette, least = 1): void {
  const height = width === 0 ? 0 : pixels.length / width;
  const hottest = new Float32Array(pixels.length);
  const firstRow = Math.max(0, Math.floor(view.top));
  const endRow = Math.min(grid.rows.length, Math.ceil(view.top + height / view.cell));
  // Left and upper pixel of the errors that are smaller, and their colour.
  const small: number[] = [];
  const most = view.cell < least ? (FEW * pixels.length) / least ** 2 : 0;
  for (let place = firstRow; place < endRow; place++) {
    const id = grid.rows[place] ?? 0;
    const y0 = clamp(Math.floor((place - view.top) * view.cell), height);
    const y1 = clamp(Math.max(y0 + 1, Math.floor((place + 1 - view.top) * view.cell)), height);
    const end = lines.end[id] ?? 0;
    for (let k = id > 0 ? (lines.end[id - 1] ?? 0) : 0; k < end; k++) {
      const cell = lines.cell?.[k] ?? k;
      const t = heat.heat[cell] ?? 0;
      if (t === 0) continue;
      const column = grid.columnOf[lines.at[k] ?? 0] ?? -1;
      const from = Math.floor((column - view.left) * view.cell);
      const to = Math.max(from + 1, Math.floor((column + 1 - view.left) * view.cell));
      if (column < 0 || to <= 0 || from >= width) continue;
      // Correct ones lie below every error: their heat is negative, and moved below 0 by the same amount.
      const faded = heat.doubt === 'faded' && heat.unsure[cell] === 1;
      const rank = t > 0 ? (faded ? 1 : 2) + strength(t, heat.ramp) : -t;
      const ramps = heat.unsure[cell] === 1 ? palette.unsure : palette.sure;
      const colour = (t > 0 ? ramps.heat[Math.round(t * 255)] : ramps.right[Math.round(-t * 255)]) ?? 0;
      for (let y = y0; y < y1; y++) {
        for (let at = y * width + Math.max(0, from), stop = y * width + Math.min(width, to); at < stop; at++) {
          if (rank <= (hottest[at] ?? 0)) continue;
          hottest[at] = rank;
          pixels[at] = colour;
        }
      }
      if (t > 0 && from >= 0 && small.length / 3 <= most) small.push(from, y0, colour);
    }
  }
  if (small.length / 3 > most) return;
  for (let i = 0; i < small.length; i += 3) {
    const [left, top, colour] = [small[i] ?? 0, small[i + 1] ?? 0, small[i + 2] ?? 0];
    for (let y = top; y < Math.min(height, top + least); y++) {
      for (let at = y * width + left, stop = y * width + Math.min(width, left + least); at < stop; at++) {
        if (hottest[at] === 0) pixels[at] = colour;
      }
    }
  }
}

function clamp(y: number, height: number): number {
  return Math.max(0, Math.min(height, y));
}
