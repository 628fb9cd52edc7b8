import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { diverging, type Rgb, textOn, theme } from '../../charts/colour';
import { announce } from '../../live';
import { number } from '../../math/format';
import { gridMove, within } from '../../math/grid_move';
import { clamped, type MatrixView, showing, WHOLE, zoomed } from '../../math/matrix_view';
import type { WeightCells } from '../../math/weight_cells';
import { cellWords } from './words';

interface Props {
  readonly cells: WeightCells;
  /** Size at which colours end. */
  readonly limit: number;
  readonly label: string;
  readonly width: number;
}

const TALLEST = 300;
/** Up to so many rows each has a pixel of its own, however tall the picture is then. */
const MOST_ROWS = 640;
/** A cell that needs no more room than this. */
const WIDEST_CELL = 46;
const TALLEST_CELL = 20;
/** A cell in which its number can be read. */
const LEGIBLE = { width: 40, height: 14 };
const LARGEST_CELL = 64;
const STEP = 1.6;
/** Cells that a table behind the picture has at most. */
const MOST_IN_TABLE = 400;

/** A matrix, or a vector as a strip: blue below 0, orange above, and the numbers themselves where cells are large enough. */
export function Matrix({ cells, limit, label, width }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState<MatrixView>(WHOLE);
  const [cursor, setCursor] = useState<{ readonly row: number; readonly i: number } | null>(null);
  const { rows, columns } = cells;
  const cell = {
    width: Math.min(WIDEST_CELL, width / columns),
    height: Math.max(
      Math.min(TALLEST_CELL, TALLEST / rows, rows === 1 ? TALLEST_CELL : Math.max(width / columns, 1)),
      Math.min(1, MOST_ROWS / rows),
    ),
  };
  const size = { width: cell.width * columns, height: Math.max(1, cell.height * rows) };
  const most = Math.max(1, LARGEST_CELL / Math.min(cell.width, cell.height));
  const shown = clamped(view, size, most);
  const drawn = { width: cell.width * shown.zoom, height: cell.height * shown.zoom };
  const now = theme.value;

  useLayoutEffect(() => {
    if (canvas.current !== null) paint(canvas.current, cells, limit, size, shown, drawn);
  }, [cells, limit, size.width, size.height, shown.zoom, shown.x, shown.y, now]);

  const placeOf = ({ clientX, clientY }: MouseEvent) => {
    const box = canvas.current?.getBoundingClientRect();
    return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) };
  };
  const zoom = (factor: number, at: { readonly x: number; readonly y: number }) => setView(zoomed(shown, factor, at, size, most));

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 300), placeOf(event));
    };
    // Not passive: the page must not zoom as well.
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  });

  const over = (event: MouseEvent) => {
    const { x, y } = placeOf(event);
    setCursor(within({ row: Math.floor((y + shown.y) / drawn.height), i: Math.floor((x + shown.x) / drawn.width) }, rows, columns));
  };
  const drag = (event: PointerEvent) => {
    if (shown.zoom === 1 || event.button !== 0) return;
    const from = { x: event.clientX + shown.x, y: event.clientY + shown.y };
    const move = (next: PointerEvent) => setView(clamped({ ...shown, x: from.x - next.clientX, y: from.y - next.clientY }, size, most));
    const end = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
  };
  const keyed = (event: KeyboardEvent) => {
    const at = cursor ?? { row: 0, i: 0 };
    const centre = { x: (at.i + 0.5) * drawn.width - shown.x, y: (at.row + 0.5) * drawn.height - shown.y };
    const next = event.ctrlKey || event.metaKey || event.altKey ? undefined : gridMove(event.key, at, rows, columns);
    if (event.key === '+' || event.key === '=') zoom(STEP, centre);
    else if (event.key === '-') zoom(1 / STEP, centre);
    else if (event.key === 'Escape' && shown.zoom > 1) setView(WHOLE);
    else if (next !== undefined) {
      const to = cursor === null ? at : next;
      setCursor(to);
      announce(cellWords(cells, to.row, to.i));
      setView(showing(shown, { left: to.i * cell.width, top: to.row * cell.height, ...cell }, size, most));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const seen = seenCells(shown, drawn, size, rows, columns);
  const isFew = (seen.right - seen.left) * (seen.bottom - seen.top) <= MOST_IN_TABLE;
  return (
    <>
      <div
        class="ls-values-grid"
        role="application"
        aria-label={`${label}: ${rows} × ${columns} cells; arrow keys walk them, + and − zoom`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: one tab stop, with arrow keys inside
        tabIndex={0}
        onKeyDown={keyed}
      >
        <canvas
          ref={canvas}
          style={{ width: `${size.width}px`, height: `${size.height}px`, cursor: shown.zoom > 1 ? 'grab' : 'crosshair' }}
          onMouseMove={over}
          onMouseLeave={() => setCursor(null)}
          onPointerDown={drag}
          onDblClick={(event) => zoom(shown.zoom >= most ? 1 / most : 2, placeOf(event))}
        />
      </div>
      <p class="ls-values-readout" data-unsaved>
        {cursor !== null ? (
          cellWords(cells, cursor.row, cursor.i)
        ) : shown.zoom > 1 ? (
          <span class="ls-soft">Esc shows all of it</span>
        ) : rows === 1 || isLegible(drawn) ? null : (
          <span class="ls-soft">a double click, + or Ctrl + wheel zooms to the numbers</span>
        )}
      </p>
      {isFew ? (
        <div class="ls-hidden">
          <table>
            <caption>{label}</caption>
            <tbody>
              {range(seen.top, seen.bottom).map((row) => (
                <tr key={row}>
                  {range(seen.left, seen.right).map((column) => (
                    <td key={column} data-cell={`${row},${column}`} data-value={cells.value[row * columns + column]}>
                      {number(cells.value[row * columns + column] ?? Number.NaN)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </>
  );
}

function isLegible(cell: { readonly width: number; readonly height: number }): boolean {
  return cell.width >= LEGIBLE.width && cell.height >= LEGIBLE.height;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
}

/** The cells that are in the picture. */
function seenCells(
  view: MatrixView,
  cell: { readonly width: number; readonly height: number },
  size: { readonly width: number; readonly height: number },
  rows: number,
  columns: number,
) {
  return {
    left: Math.max(0, Math.floor(view.x / cell.width)),
    right: Math.min(columns, Math.ceil((view.x + size.width) / cell.width)),
    top: Math.max(0, Math.floor(view.y / cell.height)),
    bottom: Math.min(rows, Math.ceil((view.y + size.height) / cell.height)),
  };
}

/** The colour of a value: of no number one of its own. */
export function colourOf(value: number, limit: number): Rgb {
  return diverging(Number.isFinite(value) ? value / limit : Number.NaN);
}

function paint(
  canvas: HTMLCanvasElement,
  { rows, columns, value }: WeightCells,
  limit: number,
  size: { readonly width: number; readonly height: number },
  view: MatrixView,
  cell: { readonly width: number; readonly height: number },
): void {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(size.width * ratio));
  canvas.height = Math.max(1, Math.round(size.height * ratio));
  const context = canvas.getContext('2d');
  if (context === null) return;
  const sheet = document.createElement('canvas');
  [sheet.width, sheet.height] = [columns, rows];
  const small = sheet.getContext('2d');
  if (small === null) return;
  const image = small.createImageData(columns, rows);
  for (let k = 0; k < value.length; k++) {
    const [r, g, b] = colourOf(value[k] ?? Number.NaN, limit);
    image.data.set([r, g, b, 255], 4 * k);
  }
  small.putImageData(image, 0, 0);
  // Where several cells share a pixel it shows their mean, and not just any of them.
  context.imageSmoothingEnabled = Math.min(cell.width, cell.height) * ratio < 1;
  context.imageSmoothingQuality = 'high';
  context.setTransform(ratio, 0, 0, ratio, -view.x * ratio, -view.y * ratio);
  context.drawImage(sheet, 0, 0, columns * cell.width, rows * cell.height);
  if (!isLegible(cell)) return;
  context.font = `11px ${getComputedStyle(canvas).fontFamily}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const seen = seenCells(view, cell, size, rows, columns);
  for (let row = seen.top; row < seen.bottom; row++) {
    for (let column = seen.left; column < seen.right; column++) {
      const each = value[row * columns + column] ?? Number.NaN;
      context.fillStyle = textOn(colourOf(each, limit));
      context.fillText(number(each), (column + 0.5) * cell.width, (row + 0.5) * cell.height, cell.width - 2);
    }
  }
}
