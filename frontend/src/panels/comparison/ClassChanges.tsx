import { useMemo, useRef, useState } from 'preact/hooks';
import { Label } from '../../components/Label';
import { LongTable } from '../../components/LongTable';
import { SortCell } from '../../components/SortHead';
import { between, count, exact, plural } from '../../math/format';
import { ascending } from '../../math/sorted';
import type { Comparison } from '../../schema.gen';
import type { Outcome } from '../predictions/choices';
import type { ComparedNames } from './Compared';
import { type ClassRow, classRows, mark, points, pText } from './facts';

interface Props {
  readonly comparison: Comparison;
  readonly names: ComparedNames;
  /** Whether a class is called better or worse. */
  readonly verdicts: boolean;
  readonly chosen: { readonly classes: readonly number[]; readonly outcome: Outcome };
  readonly onChoose: (id: number, outcome: 'only_this_right' | 'only_other_right' | 'differ') => void;
}

const COLUMNS = [
  { name: 'class', key: undefined },
  { name: 'examples', key: (row: ClassRow) => row.samples },
  { name: 'right here alone', key: (row: ClassRow) => row.gained },
  { name: 'right there alone', key: (row: ClassRow) => row.lost },
  { name: 'difference of the recalls', key: (row: ClassRow) => row.difference },
  { name: 'McNemar’s p', key: (row: ClassRow) => row.p },
  { name: 'p of all', key: (row: ClassRow) => row.pOfAll },
] as const;

interface Sorting {
  readonly by: (typeof COLUMNS)[number]['name'];
  readonly descending: boolean;
}

/** Gains and losses class by class, the surest difference first; each number lists its samples. Only what is seen is in the page. */
export function ClassChanges({ comparison, names, verdicts, chosen, onChoose }: Props) {
  const scroller = useRef<HTMLElement>(null);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const given = useMemo(() => classRows(comparison), [comparison]);
  const rows = useMemo(() => {
    if (sorting === null) return given;
    const key = COLUMNS.find(({ name }) => name === sorting.by)?.key;
    const known = (x: number) => (Number.isNaN(x) ? undefined : x);
    return ascending(given, key === undefined ? ({ id }) => names.truth(id) : (row) => known(key(row)), sorting.descending);
  }, [given, sorting, names]);
  const tested = given.filter(({ p }) => !Number.isNaN(p)).length;
  const marked = given.filter((row) => mark(row) !== undefined);
  const on = (id: number, outcome: Outcome) => chosen.classes.length === 1 && chosen.classes[0] === id && chosen.outcome === outcome;
  return (
    <>
      {verdicts ? (
        <p class="ls-soft" data-testid="comparison-marked">
          {marked.length === 0
            ? `No class differs surely, of ${plural(tested, 'class', 'classes')} tested together.`
            : `${plural(marked.length, 'class differs', 'classes differ')} surely, of ${tested} tested together.`}
        </p>
      ) : null}
      <LongTable
        scroller={scroller}
        class="ls-comparison-classes"
        label="gains and losses of each class"
        testId="comparison-classes"
        length={rows.length}
        head={
          <>
            {COLUMNS.map(({ name }) => {
              const direction = sorting?.by !== name ? undefined : sorting.descending ? 'descending' : 'ascending';
              const next = direction === 'descending' ? null : { by: name, descending: direction === 'ascending' };
              return <SortCell key={name} name={name} direction={direction} onSort={() => setSorting(next)} />;
            })}
            {verdicts ? (
              <th scope="col">
                <span class="ls-hidden">mark</span>
              </th>
            ) : null}
          </>
        }
        row={(place, number) => {
          const row = rows[place];
          if (row === undefined) return null;
          const is = mark(row);
          return (
            <tr key={row.id} data-class={row.id} aria-rowindex={number} class={chosen.classes[0] === row.id ? 'ls-on' : undefined}>
              <th scope="row">
                <button type="button" aria-pressed={on(row.id, 'differ')} onClick={() => onChoose(row.id, 'differ')}>
                  <Label text={names.truth(row.id)} max={32} />
                </button>
              </th>
              <td>{count(row.samples)}</td>
              <td>
                <Some n={row.gained} on={on(row.id, 'only_this_right')} onChoose={() => onChoose(row.id, 'only_this_right')} />
              </td>
              <td>
                <Some n={row.lost} on={on(row.id, 'only_other_right')} onChoose={() => onChoose(row.id, 'only_other_right')} />
              </td>
              <td title={`${exact(row.difference)} (95 % interval ${between(row, exact)})`}>
                {points(row.difference)} <span class="ls-soft">({between(row, points)})</span>
              </td>
              <td title={exact(row.p)}>{pText(row.p)}</td>
              <td title={exact(row.pOfAll)}>{pText(row.pOfAll)}</td>
              {verdicts ? <td>{is === undefined ? '' : <b class={`ls-comparison-${is}`}>{is}</b>}</td> : null}
            </tr>
          );
        }}
      />
    </>
  );
}

/** A number that lists its samples; nothing to list where it is 0. */
function Some({ n, on, onChoose }: { n: number; on: boolean; onChoose: () => void }) {
  if (n === 0) return <>0</>;
  return (
    <button type="button" aria-pressed={on} onClick={onChoose}>
      {count(n)}
    </button>
  );
}
