import { useSignal } from '@preact/signals';
import { css, sequential, textOn, theme } from '../../charts/colour';
import { hideTooltip, showTooltip } from '../../components/tooltip';
import { announce } from '../../live';
import { middle, visible } from '../../math/ellipsis';
import { count, inFull } from '../../math/format';
import { gridMove } from '../../math/grid_move';

interface Props {
  /** Rows were missed, columns told. */
  readonly table: readonly (readonly number[])[];
  readonly ids: readonly number[];
  readonly labels: readonly string[];
  readonly selected: readonly number[];
  readonly onSelect: (classes: readonly number[]) => void;
  /** Lists the samples of a swap; undefined where they are not logged. */
  readonly onSwap: ((missed: number, told: number) => void) | undefined;
}

const LETTERS = 11;
const LEFT = 82;
const RIGHT = 28;
const TOP = 74;
const MOST_CELL = 26;
const ROOM = 190;

/** The label of a row was missed where that of a column was told; one tab stop, the arrow keys go from cell to cell. */
export function Swaps({ table, ids, labels, selected, onSelect, onSwap }: Props) {
  const cursor = useSignal<{ row: number; i: number } | null>(null);
  const size = Math.min(MOST_CELL, Math.floor(ROOM / ids.length));
  const top = Math.max(1, ...table.flat());
  const [width, height] = [LEFT + size * ids.length + RIGHT, TOP + size * ids.length + 2];
  const name = (i: number) => labels[ids[i] ?? -1] ?? '';
  const short = (i: number) => visible(middle(name(i), LETTERS));
  const said = (row: number, i: number) =>
    row === i
      ? `${name(row)}: a label is no swap of itself`
      : `${name(row)} missed, ${name(i)} told instead: ${inFull(table[row]?.[i] ?? 0)} samples`;
  const goTo = (row: number, i: number) => {
    cursor.value = { row, i };
    announce(said(row, i));
  };
  const choose = (row: number, i: number) => {
    if (onSwap === undefined || i < 0 || i === row) onSelect([ids[row] ?? 0]);
    else onSwap(ids[row] ?? 0, ids[i] ?? 0);
  };
  const at = cursor.value;
  const cellAt = (event: MouseEvent) => {
    if (!(event.currentTarget instanceof Element)) return undefined;
    const box = event.currentTarget.getBoundingClientRect();
    const [i, row] = [Math.floor((event.clientX - box.left - LEFT) / size), Math.floor((event.clientY - box.top - TOP) / size)];
    return row >= 0 && row < ids.length && i < ids.length ? { row, i } : undefined;
  };
  const shade = theme.value;
  return (
    <div
      class="ls-multilabel-swaps"
      role="application"
      aria-label={`labels missed by labels told instead: arrow keys go from cell to cell, Enter ${onSwap === undefined ? 'selects the missed label' : 'lists the samples'}`}
      data-drills={onSwap === undefined ? undefined : true}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the one tab stop of the picture.
      tabIndex={0}
      onBlur={() => {
        cursor.value = null;
      }}
      onKeyDown={(event) => {
        const now = cursor.value ?? { row: 0, i: 0 };
        const next = gridMove(event.key, now, ids.length, ids.length);
        if (next !== undefined) goTo(next.row, next.i);
        else if (event.key === 'Enter') choose(now.row, now.i);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      onClick={(event) => {
        const cell = cellAt(event);
        if (cell !== undefined) choose(cell.row, cell.i);
      }}
      onMouseMove={(event) => {
        const cell = cellAt(event);
        if (cell === undefined || cell.i < 0) hideTooltip();
        else showTooltip(said(cell.row, cell.i), event.clientX, event.clientY);
      }}
      onMouseLeave={hideTooltip}
    >
      <svg key={shade} width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {ids.map((id, row) => (
          <g key={id} class={selected.includes(id) ? 'ls-multilabel-chosen' : undefined}>
            <text x={LEFT - 6} y={TOP + (row + 0.5) * size + 4} text-anchor="end">
              {short(row)}
            </text>
            <text transform={`translate(${LEFT + (row + 0.5) * size + 3} ${TOP - 6}) rotate(-90)`}>{short(row)}</text>
          </g>
        ))}
        {table.map((line, row) =>
          line.map((n, i) => {
            const colour = sequential(n === 0 ? 0 : 0.12 + (0.88 * n) / top);
            const [x, y] = [LEFT + i * size, TOP + row * size];
            const key = `${ids[row]} ${ids[i]}`;
            if (row === i) return <rect key={key} class="ls-multilabel-self" x={x} y={y} width={size - 1} height={size - 1} />;
            return (
              <g key={key}>
                <rect x={x} y={y} width={size - 1} height={size - 1} fill={css(colour)} />
                {n === 0 || size < 20 ? null : (
                  <text
                    class="ls-multilabel-cell"
                    x={x + size / 2 - 0.5}
                    y={y + size / 2 + 3.5}
                    text-anchor="middle"
                    style={{ fill: textOn(colour) }}
                  >
                    {count(n)}
                  </text>
                )}
              </g>
            );
          }),
        )}
        {at === null ? null : (
          <rect class="ls-multilabel-cursor" x={LEFT + at.i * size - 1} y={TOP + at.row * size - 1} width={size + 1} height={size + 1} />
        )}
        <text class="ls-multilabel-axis" x={LEFT - 6} y={TOP - 20} text-anchor="end">
          told →
        </text>
        <text class="ls-multilabel-axis" x={LEFT - 6} y={TOP - 6} text-anchor="end">
          missed ↓
        </text>
      </svg>
    </div>
  );
}
