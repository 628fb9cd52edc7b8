/** A cell of a grid of rows by steps. */
export interface Cell {
  readonly row: number;
  readonly i: number;
}

/** A cell, or the nearest that there is. */
export function within({ row, i }: Cell, rows: number, steps: number): Cell {
  return { row: Math.max(0, Math.min(rows - 1, row)), i: Math.max(0, Math.min(steps - 1, i)) };
}

/** Where an arrow key, Home or End moves a cursor; undefined for other keys. */
export function gridMove(key: string, { row, i }: Cell, rows: number, steps: number): Cell | undefined {
  switch (key) {
    case 'ArrowUp':
      return within({ row: row - 1, i }, rows, steps);
    case 'ArrowDown':
      return within({ row: row + 1, i }, rows, steps);
    case 'ArrowLeft':
      return within({ row, i: i - 1 }, rows, steps);
    case 'ArrowRight':
      return within({ row, i: i + 1 }, rows, steps);
    case 'Home':
      return within({ row, i: 0 }, rows, steps);
    case 'End':
      return within({ row, i: steps - 1 }, rows, steps);
    default:
      return undefined;
  }
}
