import { type Confusion, countAt } from '../../math/confusion';
import type { Place } from './AxisLabels';
import { cellOf, type Grid } from './grid';

/** What several cells that share a pixel hold together. */
export interface Under {
  readonly cells: number;
  readonly samples: number;
  readonly errors: number;
}

/**
 * The sum over the cells that share a place's pixel, of which the picture shows the strongest; undefined where a cell has a
 * pixel of its own.
 *
 * @param pixels Device pixels a cell.
 */
export function underPixel(c: Confusion, grid: Grid, { row, column }: Place, pixels: number): Under | undefined {
  if (pixels >= 1) return undefined;
  const side = Math.ceil(1 / pixels);
  const [top, left] = [Math.floor(row / side) * side, Math.floor(column / side) * side];
  let [cells, samples, errors] = [0, 0, 0];
  for (let i = top; i < Math.min(grid.rows.length, top + side); i++) {
    for (let j = left; j < Math.min(grid.columns.length, left + side); j++) {
      const { truth, predicted } = cellOf(grid, { row: i, column: j });
      const n = countAt(c, truth, predicted);
      cells++;
      samples += n;
      if (truth !== predicted && truth !== c.size) errors += n;
    }
  }
  return { cells, samples, errors };
}
