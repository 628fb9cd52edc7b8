import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { gutterOf, RIGHT } from '../../charts/axis';
import { theme } from '../../charts/colour';
import { HeatMarks } from '../../charts/HeatMarks';
import { Over } from '../../charts/Over';
import { StepMarks } from '../../charts/StepMarks';
import type { StepAxis } from '../../charts/use_step_axis';
import { zoomKey } from '../../charts/zoom_key';
import { announce } from '../../live';
import { type Cell, gridMove, within } from '../../math/grid_move';
import { nearest } from '../../math/placed';
import { lastNear } from '../../math/series';
import type { RowNode } from '../../math/tensor_rows';
import type { TensorSeries } from '../../math/tensor_series';
import { type Heat, rowHeight } from './heat';
import { inkOf, paint } from './paint';
import { RowLabels } from './RowLabels';
import { RowTip } from './RowTip';

interface Props {
  readonly name: string;
  readonly heat: Heat;
  readonly axis: StepAxis;
  /** The training whose rows these are. */
  readonly from: TensorSeries;
  readonly width: number;
  /** The seen row of the selected layer; −1: none. */
  readonly selectedRow: number;
  readonly sentence: (row: number, i: number) => string;
  readonly onSelect: (node: RowNode, step: number) => void;
  readonly onToggle: (node: RowNode) => void;
  /** The selected layer is let go. */
  readonly onLeave: () => void;
  /** Where the keyboard is, for the table behind the picture. */
  readonly onCursor: (row: number, i: number) => void;
}

const PAGE = 10;
/** Room of a letter of a row's name, in CSS pixels. */
const LETTER = 6;

/** Rows by steps, to the device pixel; one tab stop with arrow keys inside. */
export function Heatmap({ name, heat, axis, from: rowsFrom, width, selectedRow, sentence, onSelect, onToggle, onLeave, onCursor }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hovered = useSignal(-1);
  const cursor = useSignal<Cell | null>(null);
  const ratio = window.devicePixelRatio || 1;
  const gutter = gutterOf(width);
  const columns = Math.max(1, Math.round((width - gutter - RIGHT) * ratio));
  const row = Math.max(1, Math.round(rowHeight(heat.rows.length) * ratio));
  const inner = columns / ratio;
  const height = (row * heat.rows.length) / ratio;
  const [from, to] = axis.shown;
  const shade = theme.value;

  // The theme is among what it depends on: it changes what the ink is.
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (canvas.current !== null && context != null) paint(context, heat, [from, to], columns, row, inkOf(canvas.current, context));
  }, [heat, from, to, columns, row, shade]);

  const rowAt = (y: number) => Math.min(heat.rows.length - 1, Math.max(0, Math.floor((y * ratio) / row)));
  const placeAt = (x: number) => Math.max(0, lastNear(heat.x, x));
  const stepOf = (i: number) => heat.series.step[i] ?? 0;
  /** The step of the training in focus at a logged place: a reference's own is another one where they are counted from different starts. */
  const chosenAt = (i: number) => {
    const own = heat.series === rowsFrom || axis.axis === 'step';
    return own ? stepOf(i) : (nearest(axis.stops, heat.x[i] ?? 0)?.step ?? stepOf(i));
  };
  const choose = (x: number, y: number | undefined) => {
    const node = y === undefined ? undefined : heat.rows[rowAt(y)]?.node;
    if (node === undefined) axis.choose(x);
    else onSelect(node, chosenAt(placeAt(x)));
  };

  const start = () => ({ row: Math.max(0, selectedRow), i: axis.at === undefined ? 0 : placeAt(axis.at) });
  const goTo = (at: Cell) => {
    cursor.value = at;
    onCursor(at.row, at.i);
    announce(sentence(at.row, at.i));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor.value ?? start();
    const node = heat.rows[at.row]?.node;
    const next = moved(event, at, heat.rows.length, heat.series.step.length);
    if (next !== undefined) goTo(next);
    else if (event.key === 'Enter' && node !== undefined) onSelect(node, chosenAt(at.i));
    else if (event.key === ' ' && node !== undefined) onToggle(node);
    // A zoom ends with Esc, too: once the layer is let go.
    else if (event.key === 'Escape' && selectedRow >= 0) onLeave();
    else if (!zoomKey(event.key, axis, heat.x[at.i] ?? 0)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const at = cursor.value;
  return (
    <div class="ls-heat" style={{ height: `${height + 22}px` }}>
      <RowLabels
        rows={heat.rows}
        height={row / ratio}
        width={gutter - 8}
        letters={Math.max(4, Math.floor((gutter - 16) / LETTER))}
        selected={selectedRow}
        hovered={hovered}
        onToggle={onToggle}
        onSelect={(node) => onSelect(node, chosenAt(placeAt(axis.at ?? to)))}
      />
      <div
        ref={grid}
        class="ls-heat-grid"
        role="application"
        aria-label={`${name}: arrow keys move between rows and logged steps, Enter selects, Escape goes back, Space unfolds a row, plus and minus zoom`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the one tab stop of the picture.
        tabIndex={0}
        style={{ left: `${gutter}px`, width: `${inner}px`, height: `${height}px` }}
        onKeyDown={onKeyDown}
        onFocus={() => {
          if (grid.current?.matches(':focus-visible') === true) goTo(cursor.value ?? start());
        }}
        onBlur={() => {
          cursor.value = null;
        }}
        onPointerMove={(event) => {
          hovered.value = rowAt(event.clientY - event.currentTarget.getBoundingClientRect().top);
        }}
        onPointerLeave={() => {
          hovered.value = -1;
        }}
      >
        <canvas
          ref={canvas}
          width={columns}
          height={Math.max(1, row * heat.rows.length)}
          style={{ width: `${inner}px`, height: `${height}px` }}
        />
        <HeatMarks
          height={row / ratio}
          selected={selectedRow}
          cursor={at === null ? null : { row: at.row, share: ((heat.x[at.i] ?? 0) - from) / (to - from) }}
        />
        <Over
          shown={axis.shown}
          at={axis.at}
          snap={(x) => heat.x[placeAt(x)]}
          readout={(x, y) => <RowTip heat={heat} row={rowAt(y)} i={placeAt(x)} from={rowsFrom} />}
          choose={choose}
          zoom={axis.zoom}
          remember={axis.remember}
        />
      </div>
      <StepMarks axis={axis} top={height + 3} left={gutter} width={inner} />
    </div>
  );
}

/** Where a key moves the cursor; undefined for other keys. */
function moved({ key, ctrlKey, metaKey }: KeyboardEvent, at: Cell, rows: number, steps: number): Cell | undefined {
  const corner = ctrlKey || metaKey;
  if (key === 'PageUp') return within({ row: at.row - PAGE, i: at.i }, rows, steps);
  if (key === 'PageDown') return within({ row: at.row + PAGE, i: at.i }, rows, steps);
  if (corner && key === 'Home') return within({ row: 0, i: 0 }, rows, steps);
  if (corner && key === 'End') return within({ row: rows - 1, i: steps - 1 }, rows, steps);
  return gridMove(key, at, rows, steps);
}
