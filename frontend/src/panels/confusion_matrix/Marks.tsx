import type { Signal } from '@preact/signals';
import type { Place } from './AxisLabels';
import { type Grid, placeOf } from './grid';
import type { Viewport } from './viewport';

interface Props {
  readonly grid: Grid;
  readonly view: Viewport;
  readonly ratio: number;
  readonly selected: readonly number[];
  readonly cursor: Signal<Place | null>;
  readonly hover: Signal<Place | null>;
}

/** Frames over the canvas: the selected cell or class, the cursor, and the row and column under the mouse. The canvas is not drawn again for them. */
export function Marks({ grid, view, ratio, selected, cursor, hover }: Props) {
  const size = view.cell / ratio;
  const x = (column: number) => (column - view.left) * size;
  const y = (row: number) => (row - view.top) * size;
  const cell = ({ row, column }: Place) => ({ left: `${x(column)}px`, top: `${y(row)}px`, width: `${size}px`, height: `${size}px` });
  const [truth, predicted] = selected;
  const { row, column } =
    predicted === undefined
      ? { row: grid.rowOf[truth ?? -1] ?? -1, column: grid.columnOf[truth ?? -1] ?? -1 }
      : placeOf(grid, truth, predicted);
  const active = hover.value ?? cursor.value;
  return (
    <div class="ls-confusion-marks">
      {active === null ? null : (
        <>
          <i class="ls-confusion-band" style={{ left: 0, right: 0, top: `${y(active.row)}px`, height: `${size}px` }} />
          <i class="ls-confusion-band" style={{ top: 0, bottom: 0, left: `${x(active.column)}px`, width: `${size}px` }} />
        </>
      )}
      {predicted !== undefined && row >= 0 && column >= 0 ? <i class="ls-confusion-selected" style={cell({ row, column })} /> : null}
      {row >= 0 && predicted === undefined ? (
        <>
          <i class="ls-confusion-selected" style={{ left: 0, right: 0, top: `${y(row)}px`, height: `${size}px` }} />
          <i class="ls-confusion-selected" style={{ top: 0, bottom: 0, left: `${x(column)}px`, width: `${size}px` }} />
        </>
      ) : null}
      {cursor.value === null ? null : <i class="ls-confusion-cursor" style={cell(cursor.value)} />}
    </div>
  );
}
