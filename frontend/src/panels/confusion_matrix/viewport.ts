/** The part of the matrix on the canvas: where it begins, in cells, and how many device pixels a cell takes. */

export interface Viewport {
  /** First row and column seen; fractional while panning. */
  readonly top: number;
  readonly left: number;
  /** Device pixels a cell: whole from 1 up, so that cells are equal and sharp; below 1 several cells share a pixel. */
  readonly cell: number;
}

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Canvas, in device pixels. */
  readonly width: number;
  readonly height: number;
}

/** The whole matrix. */
export function overview(extent: Extent): Viewport {
  const cell = Math.min(extent.width / Math.max(1, extent.columns), extent.height / Math.max(1, extent.rows));
  return { top: 0, left: 0, cell: whole(cell) };
}

/** Bigger or smaller around the canvas point (x, y), which keeps what it is on. Never smaller than the whole matrix. */
export function zoom(view: Viewport, factor: number, x: number, y: number, extent: Extent, largest: number): Viewport {
  const least = overview(extent).cell;
  const wanted = whole(view.cell * factor);
  // From 1 a small factor would round back to 1 for ever.
  const stepped = wanted === view.cell && factor > 1 ? Math.floor(view.cell) + 1 : wanted;
  const cell = Math.max(least, Math.min(largest, stepped));
  if (cell === least) return overview(extent);
  return within({ cell, left: view.left + x / view.cell - x / cell, top: view.top + y / view.cell - y / cell }, extent);
}

/** Moved by so many device pixels. */
export function pan(view: Viewport, dx: number, dy: number, extent: Extent): Viewport {
  return within({ ...view, left: view.left - dx / view.cell, top: view.top - dy / view.cell }, extent);
}

/** Moved as little as needed for a cell to be on the canvas. */
export function reveal(view: Viewport, row: number, column: number, extent: Extent): Viewport {
  const seenRows = Math.max(1, Math.floor(extent.height / view.cell));
  const seenColumns = Math.max(1, Math.floor(extent.width / view.cell));
  const top = row < view.top ? row : row >= view.top + seenRows ? row - seenRows + 1 : view.top;
  const left = column < view.left ? column : column >= view.left + seenColumns ? column - seenColumns + 1 : view.left;
  return within({ ...view, top, left }, extent);
}

/** The cell under a canvas point, in places; undefined beside the matrix. */
export function hit(view: Viewport, x: number, y: number, extent: Extent): { readonly row: number; readonly column: number } | undefined {
  const row = Math.floor(view.top + y / view.cell);
  const column = Math.floor(view.left + x / view.cell);
  return row >= 0 && row < extent.rows && column >= 0 && column < extent.columns ? { row, column } : undefined;
}

function within(view: Viewport, extent: Extent): Viewport {
  const most = (cells: number, pixels: number) => Math.max(0, cells - pixels / view.cell);
  return {
    cell: view.cell,
    left: Math.min(most(extent.columns, extent.width), Math.max(0, view.left)),
    top: Math.min(most(extent.rows, extent.height), Math.max(0, view.top)),
  };
}

function whole(cell: number): number {
  return cell >= 1 ? Math.floor(cell) : cell;
}
