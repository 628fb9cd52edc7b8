import type { Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { groupNames } from '../../math/row_names';
import type { RowNode, VisibleRow } from '../../math/tensor_rows';
import { shortNames, tail } from '../../math/tensor_words';

interface Props {
  readonly rows: readonly VisibleRow[];
  /** Of a row, in CSS pixels. */
  readonly height: number;
  readonly width: number;
  /** About how many letters have room. */
  readonly letters: number;
  readonly selected: number;
  readonly hovered: Signal<number>;
  readonly onToggle: (node: RowNode) => void;
  readonly onSelect: (node: RowNode) => void;
}

/** Rows lower than this are not all named. */
const READABLE = 11;

/** Names beside the rows, in forward order; of low rows those of their groups, and the one pointed at. The keyboard's way is the picture itself. */
export function RowLabels({ rows, height, width, letters, selected, hovered, onToggle, onSelect }: Props) {
  const every = Math.ceil(READABLE / height);
  const groups = useMemo(() => (every === 1 ? undefined : groupNames(rows, every)), [rows, every]);
  // Room for the sign that a row unfolds.
  const names = useMemo(
    () =>
      shortNames(
        rows.map(({ node }) => node.name),
        Math.max(4, letters - 2),
      ),
    [rows, letters],
  );
  const named = new Set(rows.flatMap((_, r) => (groups === undefined && Math.floor(every / 2) === r % every ? [r] : [])));
  for (const special of [selected, hovered.value]) {
    if (special < 0 || special >= rows.length) continue;
    // It takes the room of its neighbours.
    for (const r of [...named]) if (Math.abs(r - special) < every) named.delete(r);
    named.add(special);
  }
  return (
    <div class="ls-heat-labels" style={{ width: `${width}px` }} aria-hidden="true">
      {groups
        ?.filter(({ row }) => [...named].every((r) => Math.abs(r - row) >= every))
        .map(({ row, name }) => (
          <span key={name} title={name} style={{ top: `${row * height}px` }}>
            <bdi>{tail(name, letters)}</bdi>
          </span>
        ))}
      {[...named].map((r) => {
        const row = rows[r];
        if (row === undefined) return null;
        const { node, isOpen } = row;
        const foldable = node.children.length > 0;
        const look = r === selected ? 'ls-heat-chosen' : r === hovered.value ? 'ls-heat-pointed' : '';
        return (
          <button
            key={node.path}
            type="button"
            tabIndex={-1}
            class={look}
            title={`${node.path}${foldable ? (isOpen ? ' · click to fold it' : ' · click to unfold it') : ''}`}
            style={{ top: `${(r + 0.5) * height - 7}px` }}
            onClick={() => (foldable ? onToggle(node) : onSelect(node))}
          >
            <bdi>{names[r]}</bdi>
            {foldable ? <i>{isOpen ? '▾' : '▸'}</i> : null}
          </button>
        );
      })}
    </div>
  );
}
