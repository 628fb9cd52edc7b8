import { useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { gutterOf, RIGHT } from '../../charts/axis';
import { css, sequential, theme } from '../../charts/colour';
import { HeatMarks } from '../../charts/HeatMarks';
import { Over } from '../../charts/Over';
import { StepMarks } from '../../charts/StepMarks';
import { stretchesOf } from '../../charts/stretches';
import type { StepAxis } from '../../charts/use_step_axis';
import { zoomKey } from '../../charts/zoom_key';
import { Label } from '../../components/Label';
import { announce } from '../../live';
import { visible } from '../../math/ellipsis';
import { count, inFull, number, percent } from '../../math/format';
import { type Cell, gridMove } from '../../math/grid_move';
import { lastNear } from '../../math/series';
import { shortNames } from '../../math/tensor_words';
import { rowHeight } from '../tensor_stats/heat';
import { isNotFinite, type Row, shareAt, type Table } from './rows_of';

/** Another training's table, and where its evaluations stand. */
export interface Beside {
  readonly called: string;
  readonly table: Table;
  readonly x: Float64Array;
}

interface Props {
  readonly table: Table;
  readonly name: string;
  /** What the picture is called by a screen reader. */
  readonly label: string;
  /** The same layers of another training, to be told beside. */
  readonly beside?: Beside | undefined;
  readonly axis: StepAxis;
  /** Where the evaluations stand. */
  readonly x: Float64Array;
  readonly width: number;
  /** The step of the training in focus at an evaluation. */
  readonly stepAt: (i: number) => number;
  /** Path of the selected layer. */
  readonly layer: string | null;
  readonly select: (layer: string, step: number) => void;
  /** The selected layer is let go. */
  readonly onLeave: () => void;
  /** Where the keyboard is, for the table behind the picture. */
  readonly onCursor: (i: number) => void;
}

const LETTER = 6;
/** Rows lower than this are not named. */
const READABLE = 11;

/** Layers by evaluations; each stands until the next. One tab stop with arrow keys inside. */
export function Cells({ table, name, label, beside, axis, x, width, stepAt, layer, select, onLeave, onCursor }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useSignal<Cell | null>(null);
  const { rows, step } = table;
  const tall = rowHeight(rows.length);
  const height = tall * rows.length;
  const gutter = gutterOf(width);
  const inner = Math.max(1, Math.round(width - gutter - RIGHT));
  const ratio = window.devicePixelRatio || 1;
  const [from, to] = axis.shown;
  const shade = theme.value;
  const selected = rows.findIndex(({ path }) => path === layer);

  // The theme is among what it depends on: it changes the colours.
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (canvas.current === null || context == null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, inner, height);
    const stretches = stretchesOf(x, [from, to], inner);
    rows.forEach((row, r) => {
      stretches.forEach(({ left, right }, i) => {
        const share = shareAt(row, i);
        // NaN has a colour that no scale has; what was not logged stays hatched.
        if (Number.isNaN(share) && !isNotFinite(row, i)) return;
        context.fillStyle = css(sequential(share));
        context.fillRect(left, r * tall, Math.max(1, right - left), tall);
      });
    });
    // Hatched is when a training ran and nobody looked; after its end there is nothing.
    const end = stretches.at(-1)?.right ?? inner;
    context.fillStyle = getComputedStyle(canvas.current).getPropertyValue('--ls-bg').trim() || '#fff';
    if (end < inner) context.fillRect(end, 0, inner - end, height);
  }, [rows, x, from, to, inner, tall, height, ratio, shade]);

  const letters = Math.max(4, Math.floor((gutter - 16) / LETTER));
  const names = useMemo(
    () =>
      shortNames(
        rows.map(({ path }) => path),
        letters,
      ),
    [rows, letters],
  );
  const rowAt = (y: number) => Math.min(rows.length - 1, Math.max(0, Math.floor(y / tall)));
  const placeAt = (place: number) => Math.max(0, lastNear(x, place));
  const choose = (row: number, i: number) => {
    const path = rows[row]?.path;
    if (path !== undefined) select(path, stepAt(i));
  };
  const start = () => ({ row: Math.max(0, selected), i: axis.at === undefined ? 0 : placeAt(axis.at) });
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor.value ?? start();
    const next = gridMove(event.key, at, rows.length, step.length);
    if (next !== undefined) {
      cursor.value = next;
      onCursor(next.i);
      announce(spoken(rows[next.row], step, next.i, name));
    } else if (event.key === 'Enter') choose(at.row, at.i);
    // A zoom ends with Esc, too: once the layer is let go.
    else if (event.key === 'Escape' && selected >= 0) onLeave();
    else if (!zoomKey(event.key, axis, x[at.i] ?? 0)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = cursor.value;
  return (
    <div class="ls-heat" style={{ height: `${height + 22}px` }}>
      <div class="ls-heat-labels" style={{ width: `${gutter - 8}px` }} aria-hidden="true">
        {rows.map(({ path, isOutput }, r) =>
          tall < READABLE && r !== selected ? null : (
            <button
              key={path}
              type="button"
              tabIndex={-1}
              class={r === selected ? 'ls-heat-chosen' : ''}
              title={`${path}${isOutput ? ' · an output of the model' : ''}`}
              style={{ top: `${r * tall + tall / 2 - 7}px` }}
              onClick={() => choose(r, start().i)}
            >
              <bdi>{visible(names[r] ?? path)}</bdi>
            </button>
          ),
        )}
      </div>
      <div
        class="ls-heat-grid"
        role="application"
        aria-label={`${label}: arrow keys move between layers and evaluations, Enter selects, Escape goes back, plus and minus zoom`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the one tab stop of the picture.
        tabIndex={0}
        style={{ left: `${gutter}px`, width: `${inner}px`, height: `${height}px` }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          cursor.value = null;
        }}
      >
        <canvas
          ref={canvas}
          width={Math.max(1, Math.round(inner * ratio))}
          height={Math.max(1, Math.round(height * ratio))}
          style={{ width: `${inner}px`, height: `${height}px` }}
        />
        <HeatMarks
          height={tall}
          selected={selected}
          cursor={at === null ? null : { row: at.row, share: ((x[at.i] ?? 0) - from) / (to - from) }}
        />
        <Over
          shown={axis.shown}
          at={axis.at}
          snap={(place) => x[placeAt(place)]}
          readout={(place, y) => <Tip row={rows[rowAt(y)]} step={step} i={placeAt(place)} name={name} beside={beside} at={place} />}
          choose={(place, y) => (y === undefined ? axis.choose(place) : choose(rowAt(y), placeAt(place)))}
          zoom={axis.zoom}
          remember={axis.remember}
        />
      </div>
      <StepMarks axis={axis} top={height + 3} left={gutter} width={inner} />
    </div>
  );
}

interface TipProps {
  readonly row: Row | undefined;
  readonly step: Float64Array;
  readonly i: number;
  readonly name: string;
  readonly beside: Beside | undefined;
  /** Where the evaluation stands. */
  readonly at: number;
}

function Tip({ row, step, i, name, beside, at }: TipProps) {
  if (row === undefined) return null;
  const other = beside?.table.rows.find(({ path }) => path === row.path);
  const k = beside === undefined ? -1 : lastNear(beside.x, at);
  return (
    <div>
      <b>
        <bdi class="ls-heat-path">{visible(row.path)}</bdi>
      </b>{' '}
      {row.activation}
      {row.isOutput ? ', an output' : ''}
      <div>step {inFull(step[i] ?? 0)}</div>
      <div>
        {name}: {words(row, i)}
      </div>
      {beside === undefined ? null : (
        <div class="ls-soft">
          <Label text={beside.called} max={24} />: {other === undefined || k < 0 ? 'not logged' : words(other, k)}
          {other === undefined || k < 0 ? '' : difference(row, i, other, k)}
        </div>
      )}
    </div>
  );
}

/** How many points of a hundred more the share is than another; nothing where one of them is none. */
function difference(row: Row, i: number, other: Row, k: number): string {
  const points = 100 * (shareAt(row, i) - shareAt(other, k));
  if (Number.isNaN(points)) return '';
  return `; difference ${points > 0 ? '+' : ''}${number(Math.round(10 * points) / 10)} points`;
}

/** The share of a cell and what it is of. */
export function words(row: Row, i: number): string {
  const bad = row.notFinite[i] ?? 0;
  if (bad > 0) return `not finite: ${count(bad)} of ${count(row.values[i] ?? 0)} values`;
  if (isNotFinite(row, i)) return 'not finite: the layer’s weights are NaN or infinite';
  const share = shareAt(row, i);
  return Number.isNaN(share) ? 'not logged' : `${percent(share)}, ${count(row.counted[i] ?? 0)} of ${count(row.of[i] ?? 0)}`;
}

function spoken(row: Row | undefined, step: Float64Array, i: number, name: string): string {
  return row === undefined ? '' : `${row.path}, step ${inFull(step[i] ?? 0)}: ${name} ${words(row, i)}`;
}
