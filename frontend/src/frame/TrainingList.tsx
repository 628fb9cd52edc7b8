import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Label } from '../components/Label';
import type { Training } from '../decode';
import { plural } from '../math/format';
import type { Selection } from '../selection';
import './training_list.css';
import { called, filtered, type Shown } from './shown';
import { useVirtual } from './use_virtual';

const ROW = 28;
/** The cells of a row: shown or not, the name, the reference. */
const COLUMNS = 3;

interface Props {
  readonly trainings: readonly Training[];
  readonly shown: Shown | undefined;
  readonly colour: (training: string) => string;
  readonly select: (change: Partial<Selection>) => void;
}

/** All trainings: which are on screen, which is in focus, which one the others are compared with. One tab stop, arrow keys inside. */
export function TrainingList({ trainings, shown, colour, select }: Props) {
  const [filter, setFilter] = useState('');
  const found = filtered(trainings, filter);
  const last = useRef(trainings);
  // An unfinished expression leaves the list as it was.
  if (found !== undefined) last.current = found;
  const rows = last.current;

  return (
    <>
      <h2 id="ls-list">Trainings</h2>
      <input
        id="ls-filter"
        type="search"
        class="ls-filter"
        placeholder="Filter (regex)"
        aria-label="filter trainings by regular expression"
        aria-invalid={found === undefined}
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (filter === '') event.currentTarget.blur();
          else setFilter('');
        }}
      />
      <p class={`ls-filter-note ${found === undefined ? 'ls-filter-bad' : ''}`} aria-live="polite">
        {found === undefined
          ? 'not a regular expression yet'
          : filter !== ''
            ? `${found.length} of ${plural(trainings.length, 'training')}`
            : trainings.length > 20
              ? plural(trainings.length, 'training')
              : ''}
      </p>
      <Rows rows={rows} shown={shown} colour={colour} select={select} />
    </>
  );
}

function Rows({ rows, shown, colour, select }: Omit<Props, 'trainings'> & { readonly rows: readonly Training[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtual(rows.length, ROW, scroller);
  const [cursor, setCursor] = useState<readonly [row: number, column: number]>([0, 1]);
  const [moving, setMoving] = useState(false);
  const at: readonly [number, number] = [Math.min(cursor[0], Math.max(0, rows.length - 1)), cursor[1]];

  // The row of the cursor may have to be made before it can have the focus.
  useLayoutEffect(() => {
    if (!moving) return;
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-cell="${at[0]}-${at[1]}"]`);
    if (cell === null || cell === undefined) return;
    cell.focus();
    setMoving(false);
  });

  const move = (event: KeyboardEvent) => {
    const next = moved(event.key, at, rows.length);
    if (next === undefined) return;
    event.preventDefault();
    virtual.show(next[0]);
    setCursor(next);
    setMoving(true);
  };

  return (
    <div ref={scroller} class="ls-trainings">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA's own pattern for a table walked with the arrow keys. */}
      <table role="grid" aria-labelledby="ls-list" aria-rowcount={rows.length} style={{ height: `${virtual.height}px` }} onKeyDown={move}>
        <tbody>
          {virtual.rows.map(({ index, start }) => {
            const training = rows[index];
            if (training === undefined) return null;
            return (
              <Row
                key={training.name}
                training={training}
                index={index}
                top={start}
                column={index === at[0] ? at[1] : null}
                focusOn={(column) => setCursor([index, column])}
                shown={shown}
                colour={colour(training.name)}
                select={select}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly training: Training;
  readonly index: number;
  readonly top: number;
  /** Where the list's one tab stop is, if it is in this row. */
  readonly column: number | null;
  readonly focusOn: (column: number) => void;
  readonly shown: Shown | undefined;
  readonly colour: string;
  readonly select: (change: Partial<Selection>) => void;
}

function Row({ training, index, top, column, focusOn, shown, colour, select }: RowProps) {
  const { name } = training;
  const isFocus = shown?.focus.name === name;
  const isReference = shown?.reference?.name === name;
  const chosen = shown?.all.filter((each) => each !== shown.reference || each === shown.focus).map((each) => each.name) ?? [];
  const isOn = shown?.all.some((each) => each.name === name) ?? false;
  const cell = (k: number) => ({ 'data-cell': `${index}-${k}`, tabIndex: column === k ? 0 : -1, onFocus: () => focusOn(k) });
  const title = called(name);

  const toggle = () => {
    if (isReference) select({ reference: null, trainings: chosen.filter((each) => each !== name) });
    else if (!isOn) select({ trainings: [...chosen, name] });
    // The last one stays: a page of nothing helps nobody.
    else if (chosen.length > 1) select({ trainings: chosen.filter((each) => each !== name) });
  };
  const focus = () => {
    const others = chosen.filter((each) => each !== name);
    select({ trainings: [name, ...(chosen.includes(name) ? others : others.slice(1))], ...(isReference ? { reference: null } : {}) });
  };
  return (
    <tr
      class={`ls-training ${isOn ? 'ls-on' : ''} ${isFocus ? 'ls-focus' : ''}`}
      aria-rowindex={index + 1}
      aria-selected={isFocus}
      style={{ top: `${top}px` }}
    >
      <td>
        <input
          type="checkbox"
          class="ls-training-dot"
          checked={isOn}
          aria-label={`show ${title}`}
          title={isOn ? 'shown' : 'show beside the others'}
          style={{ '--dot': colour }}
          onClick={(event) => {
            // The selection alone says what is checked.
            event.preventDefault();
            toggle();
          }}
          {...cell(0)}
        />
      </td>
      <td class="ls-training-name">
        <button type="button" aria-current={isFocus} onClick={focus} {...cell(1)}>
          {/* As many letters as fit beside the word "reference", or without it. */}
          <Label text={title} max={isReference ? 15 : 23} />
        </button>
      </td>
      <td>
        {isFocus ? null : (
          <button
            type="button"
            class="ls-training-reference"
            aria-pressed={isReference}
            aria-label={`${title} as reference`}
            title="compare with this one"
            onClick={() => select({ reference: isReference ? null : name })}
            {...cell(2)}
          >
            reference
          </button>
        )}
      </td>
    </tr>
  );
}

/** Where a key moves the cursor; undefined when it is no key of the grid. */
export function moved(key: string, [row, column]: readonly [number, number], rows: number): readonly [number, number] | undefined {
  const to = (r: number, c: number): readonly [number, number] => [
    Math.max(0, Math.min(rows - 1, r)),
    Math.max(0, Math.min(COLUMNS - 1, c)),
  ];
  switch (key) {
    case 'ArrowDown':
      return to(row + 1, column);
    case 'ArrowUp':
      return to(row - 1, column);
    case 'ArrowRight':
      return to(row, column + 1);
    case 'ArrowLeft':
      return to(row, column - 1);
    case 'PageDown':
      return to(row + 10, column);
    case 'PageUp':
      return to(row - 10, column);
    case 'Home':
      return to(0, column);
    case 'End':
      return to(rows - 1, column);
    default:
      return undefined;
  }
}
