/** Where a key moves the cursor in a grid of cells. */

interface Cell {
  readonly row: number;
  readonly column: number;
}

const PAGE = 10;

/** Arrows by one, PageUp and PageDown by ten rows, Home and End within the row, with Ctrl to the corners; undefined for other keys. */
export function move(
  event: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean },
  { row, column }: Cell,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Cell | undefined {
  const corner = event.ctrlKey || event.metaKey;
  const to = (r: number, c: number): Cell => ({
    row: Math.max(0, Math.min(rows - 1, r)),
    column: Math.max(0, Math.min(columns - 1, c)),
  });
  switch (event.key) {
    case 'ArrowUp':
      return to(row - 1, column);
    case 'ArrowDown':
      return to(row + 1, column);
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'PageUp':
      return to(row - PAGE, column);
    case 'PageDown':
      return to(row + PAGE, column);
    case 'Home':
      return to(corner ? 0 : row, 0);
    case 'End':
      return to(corner ? rows - 1 : row, columns - 1);
    default:
      return undefined;
  }
}
