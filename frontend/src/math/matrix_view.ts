/** Which part of a matrix a picture shows, and how large: zoomed about a place, and never beyond the edges. Pure. */
export interface MatrixView {
  /** How many times as large as all of it. */
  readonly zoom: number;
  /** The place of the whole picture, in its own pixels, that is at the upper left. */
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const WHOLE: MatrixView = { zoom: 1, x: 0, y: 0 };

/** So that what is shown has no empty edge. */
export function clamped({ zoom, x, y }: MatrixView, { width, height }: Size, most: number): MatrixView {
  const z = Math.min(Math.max(1, most), Math.max(1, zoom));
  return { zoom: z, x: Math.min(Math.max(0, x), width * (z - 1)), y: Math.min(Math.max(0, y), height * (z - 1)) };
}

/** Larger or smaller by a factor: what lies under a place of the picture stays there, where edges allow it. */
export function zoomed(
  view: MatrixView,
  factor: number,
  at: { readonly x: number; readonly y: number },
  size: Size,
  most: number,
): MatrixView {
  const zoom = Math.min(Math.max(1, most), Math.max(1, view.zoom * factor));
  const by = zoom / view.zoom;
  return clamped({ zoom, x: (view.x + at.x) * by - at.x, y: (view.y + at.y) * by - at.y }, size, most);
}

/** So that a cell is seen. */
export function showing(
  view: MatrixView,
  cell: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  size: Size,
  most: number,
): MatrixView {
  const inside = (start: number, length: number, from: number, room: number) => Math.min(Math.max(from, start + length - room), start);
  const x = inside(cell.left * view.zoom, cell.width * view.zoom, view.x, size.width);
  const y = inside(cell.top * view.zoom, cell.height * view.zoom, view.y, size.height);
  return clamped({ ...view, x, y }, size, most);
}
