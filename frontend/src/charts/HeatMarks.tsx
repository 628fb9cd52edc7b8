import './heat.css';

interface Props {
  /** Of a row, in CSS pixels. */
  readonly height: number;
  /** Place of the selected row; −1: none. */
  readonly selected: number;
  /** The cell that the keyboard is on; its place along the axis as a share of the width. */
  readonly cursor: { readonly row: number; readonly share: number } | null;
}

/** The selected row of a heat map, and the cell that the keyboard is on where it is in sight. */
export function HeatMarks({ height, selected, cursor }: Props) {
  return (
    <>
      {selected < 0 ? null : <div class="ls-heat-selected" style={{ top: `${selected * height}px`, height: `${height}px` }} />}
      {cursor === null || cursor.share < 0 || cursor.share > 1 ? null : (
        <div
          class="ls-heat-cursor"
          style={{ left: `${100 * cursor.share}%`, top: `${cursor.row * height}px`, height: `${Math.max(4, height)}px` }}
        />
      )}
    </>
  );
}
