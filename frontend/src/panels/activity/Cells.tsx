import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { gutterOf, RIGHT } from '../../charts/axis';
import { css, sequential, theme } from '../../charts/colour';
import { Over } from '../../charts/Over';
import { placeText, placeTicks } from '../../charts/ticks';
import type { StepAxis } from '../../charts/use_step_axis';
import { announce } from '../../live';
import { zoomed } from '../../math/domain';
import { middle } from '../../math/ellipsis';
import { count, inFull, percent } from '../../math/format';
import { lastAt } from '../../math/series';
import { type Row, shareAt, type Table } from './rows_of';

interface Props {
  readonly table: Table;
  readonly name: string;
  readonly axis: StepAxis;
  /** Where the evaluations stand. */
  readonly x: Float64Array;
  readonly width: number;
  /** Path of the selected layer. */
  readonly layer: string | null;
  readonly select: (layer: string, step: number) => void;
  /** Where the keyboard is, for the table behind the picture. */
  readonly onCursor: (i: number) => void;
}

const MARK = 80;
const LETTER = 6;
const TALL = 14;
/** Rows lower than this are not named. */
const READABLE = 11;
/** Height of all rows of a deep model, in CSS pixels. */
const MOST = 640;

/** Layers by evaluations; each stands until the next. One tab stop with arrow keys inside. */
export function Cells({ table, name, axis, x, width, layer, select, onCursor }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useSignal<{ readonly row: number; readonly i: number } | null>(null);
  const { rows, step } = table;
  const tall = Math.max(2, Math.min(TALL, Math.floor(MOST / rows.length)));
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
    const typical = x.length > 1 ? ((x.at(-1) ?? 0) - (x[0] ?? 0)) / (x.length - 1) : to - from;
    rows.forEach((row, r) => {
      step.forEach((_, i) => {
        const share = shareAt(row, i);
        if (Number.isNaN(share)) return;
        const at = (place: number) => Math.round(((place - from) / (to - from)) * inner);
        const left = at(x[i] ?? 0);
        const right = at(x[i + 1] ?? (x[i] ?? 0) + typical);
        context.fillStyle = css(sequential(share));
        context.fillRect(left, r * tall, Math.max(1, right - left), tall);
      });
    });
  }, [rows, step, x, from, to, inner, tall, height, ratio, shade]);

  const rowAt = (y: number) => Math.min(rows.length - 1, Math.max(0, Math.floor(y / tall)));
  const placeAt = (place: number) => Math.max(0, lastAt(x, place + Math.abs(place) * 1e-9));
  const choose = (row: number, i: number) => {
    const path = rows[row]?.path;
    if (path !== undefined) select(path, step[i] ?? 0);
  };
  const start = () => ({ row: Math.max(0, selected), i: axis.at === undefined ? 0 : placeAt(axis.at) });
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor.value ?? start();
    const next = moved(event.key, at, rows.length, step.length);
    if (next !== undefined) {
      cursor.value = next;
      onCursor(next.i);
      announce(spoken(rows[next.row], step, next.i, name));
    } else if (event.key === 'Enter') choose(at.row, at.i);
    else if (event.key === '+' || event.key === '=') axis.zoom(zoomed(axis.shown, x[at.i] ?? 0, 0.5));
    else if (event.key === '-') axis.zoom(zoomed(axis.shown, x[at.i] ?? 0, 2));
    else if (event.key === '0') axis.zoom(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = cursor.value;
  const share = (place: number) => `${(100 * (place - from)) / (to - from)}%`;
  return (
    <div class="ls-activity-picture" style={{ height: `${height + 22}px` }}>
      <div class="ls-activity-labels" style={{ width: `${gutter - 8}px` }} aria-hidden="true">
        {rows.map(({ path, isOutput }, r) =>
          tall < READABLE && r !== selected ? null : (
            <button
              key={path}
              type="button"
              tabIndex={-1}
              class={r === selected ? 'ls-activity-chosen' : ''}
              title={`${path}${isOutput ? ' · an output of the model' : ''}`}
              style={{ top: `${r * tall + tall / 2 - 7}px` }}
              onClick={() => choose(r, start().i)}
            >
              {middle(path, Math.max(4, Math.floor((gutter - 16) / LETTER)))}
            </button>
          ),
        )}
      </div>
      <div
        class="ls-activity-grid"
        role="application"
        aria-label={`${name}: arrow keys move between layers and evaluations, Enter selects, plus and minus zoom`}
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
        {selected < 0 ? null : <div class="ls-activity-selected" style={{ top: `${selected * tall}px`, height: `${tall}px` }} />}
        {at === null ? null : (
          <div
            class="ls-activity-cursor"
            style={{ left: share(x[at.i] ?? 0), top: `${at.row * tall}px`, height: `${Math.max(4, tall)}px` }}
          />
        )}
        <Over
          shown={axis.shown}
          at={axis.at}
          snap={(place) => x[placeAt(place)]}
          readout={(place, y) => <Tip row={rows[rowAt(y)]} step={step} i={placeAt(place)} name={name} />}
          choose={(place, y) => (y === undefined ? axis.choose(place) : choose(rowAt(y), placeAt(place)))}
          zoom={axis.zoom}
        />
      </div>
      <div class="ls-activity-axis" style={{ top: `${height + 3}px`, left: `${gutter}px`, width: `${inner}px` }}>
        <span class="ls-activity-axis-name">{axis.axis}</span>
        {placeTicks([from, to], axis.axis, Math.max(2, inner / MARK)).map((place) => (
          <span key={place} style={{ left: share(place) }}>
            {placeText(place, axis.axis)}
          </span>
        ))}
      </div>
    </div>
  );
}

function Tip({ row, step, i, name }: { row: Row | undefined; step: Float64Array; i: number; name: string }) {
  if (row === undefined) return null;
  return (
    <div>
      <b>{row.path}</b> {row.activation}
      {row.isOutput ? ', an output' : ''}
      <div>step {inFull(step[i] ?? 0)}</div>
      <div>
        {name}: {words(row, i)}
      </div>
    </div>
  );
}

/** The share of a cell and what it is of. */
export function words(row: Row, i: number): string {
  const share = shareAt(row, i);
  return Number.isNaN(share) ? 'not logged' : `${percent(share)}, ${count(row.counted[i] ?? 0)} of ${count(row.of[i] ?? 0)}`;
}

function spoken(row: Row | undefined, step: Float64Array, i: number, name: string): string {
  return row === undefined ? '' : `${row.path}, step ${inFull(step[i] ?? 0)}: ${name} ${words(row, i)}`;
}

function moved(
  key: string,
  { row, i }: { readonly row: number; readonly i: number },
  rows: number,
  steps: number,
): { readonly row: number; readonly i: number } | undefined {
  const to = (r: number, s: number) => ({ row: Math.max(0, Math.min(rows - 1, r)), i: Math.max(0, Math.min(steps - 1, s)) });
  switch (key) {
    case 'ArrowUp':
      return to(row - 1, i);
    case 'ArrowDown':
      return to(row + 1, i);
    case 'ArrowLeft':
      return to(row, i - 1);
    case 'ArrowRight':
      return to(row, i + 1);
    case 'Home':
      return to(row, 0);
    case 'End':
      return to(row, steps - 1);
    default:
      return undefined;
  }
}
