import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useVirtual } from '../../frame/use_virtual';
import type { SeriesInfo } from '../../panel';
import { type Fetched, useExamples } from '../examples/use_examples';
import type { Looks } from './choices';
import type { Listed, ListKind } from './use_pages';

/** What a list must know of its samples. */
export interface Looked {
  readonly id: string;
  /** Place of its example; −1 where none is stored. */
  readonly example: number;
}

interface Props<S extends Looked, K extends ListKind> {
  readonly list: Listed<S, K>;
  readonly shape: { readonly looks: Looks; readonly height: number };
  /** A sample as it is drawn, and in words for those who hear it. */
  readonly tile: (sample: S, example: Fetched) => ComponentChildren;
  readonly words: (sample: S) => string;
  readonly columns: number;
  readonly examples: SeriesInfo | undefined;
  /** What the list is of, for those who hear it. */
  readonly label: string;
  /** Where the keyboard is in the list, kept while a sample is looked at; another one for another list. */
  readonly active: { current: number };
  /** Whether to take the focus as soon as the list is there. */
  readonly focus: boolean;
  readonly onFocused: () => void;
  readonly onOpen: (id: string) => void;
  readonly onBack: () => void;
}

/** Most of the window's height that a list takes, in CSS pixels. */
const TALLEST = 560;

/** The samples of a list: one tab stop with arrow keys inside; Enter opens one, Esc goes back. */
export function Tiles<S extends Looked, K extends ListKind>(props: Props<S, K>) {
  const { list, shape, columns, examples, label, active, focus, onFocused, onOpen, onBack } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(active.current);
  const lines = Math.ceil(list.total / columns);
  const { rows, height, show } = useVirtual(lines, shape.height, box);
  const first = (rows[0]?.index ?? 0) * columns;
  const last = Math.min(list.total, ((rows.at(-1)?.index ?? 0) + 1) * columns) - 1;
  useEffect(() => list.need(first, last));
  const places: number[] = [];
  for (let place = first; place <= last; place++) places.push(list.at(place)?.example ?? -1);
  const exampleAt = useExamples(examples, places);

  const current = Math.min(at, list.total - 1);
  // Where the keyboard was when this list was left; another list begins at its first.
  useLayoutEffect(() => {
    setAt(active.current);
    if (active.current > 0) show(Math.floor(active.current / columns));
    else box.current?.scrollTo({ top: 0 });
  }, [active]);
  useLayoutEffect(() => {
    if (!focus || list.stale) return;
    box.current?.focus({ preventScroll: true });
    onFocused();
  }, [focus, list.stale]);
  const go = (to: number) => {
    active.current = to;
    setAt(to);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / shape.height)) * columns;
    const by = moves(event.key, columns, page, list.total);
    const sample = list.at(current);
    if (by !== undefined) {
      const next = Math.max(0, Math.min(list.total - 1, current + by));
      go(next);
      show(Math.floor(next / columns));
    } else if ((event.key === 'Enter' || event.key === ' ') && sample !== undefined) onOpen(sample.id);
    else if (event.key === 'Escape') onBack();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={box}
      class={`ls-samples-list ls-samples-${shape.looks}`}
      role="listbox"
      aria-label={`${label}: arrow keys move, Enter opens one, Escape goes back`}
      aria-activedescendant={current >= first && current <= last ? `${id}-${current}` : undefined}
      aria-busy={list.stale}
      // The one tab stop of the list.
      tabIndex={0}
      style={{ height: `${Math.min(height, TALLEST) + 2}px` }}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: `${height}px` }}>
        {places.map((example, i) => {
          const place = first + i;
          const sample = list.at(place);
          const row = Math.floor(place / columns);
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and tells which option is active.
            // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are the list's.
            <div
              key={place}
              id={`${id}-${place}`}
              role="option"
              class={`ls-samples-tile${place === current ? ' ls-samples-active' : ''}`}
              aria-selected={place === current}
              aria-setsize={list.total}
              aria-posinset={place + 1}
              data-sample={sample?.id}
              title={sample?.id}
              style={{
                width: `calc(${100 / columns}% - 8px)`,
                height: `${shape.height - 6}px`,
                transform: `translateY(${row * shape.height}px)`,
                left: `${((place % columns) * 100) / columns}%`,
              }}
              onClick={() => {
                go(place);
                if (sample !== undefined) onOpen(sample.id);
              }}
            >
              <span class="ls-hidden">{sample === undefined ? 'loading' : props.words(sample)}</span>
              <span class="ls-samples-look" aria-hidden="true">
                {sample === undefined ? null : props.tile(sample, exampleAt(example))}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** By how many places a key moves; undefined for other keys. */
function moves(key: string, columns: number, page: number, total: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return 1;
    case 'ArrowLeft':
      return -1;
    case 'ArrowDown':
      return columns;
    case 'ArrowUp':
      return -columns;
    case 'PageDown':
      return page;
    case 'PageUp':
      return -page;
    case 'Home':
      return -total;
    case 'End':
      return total;
    default:
      return undefined;
  }
}
