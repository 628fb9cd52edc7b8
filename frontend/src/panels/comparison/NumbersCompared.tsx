import { useRef } from 'preact/hooks';
import { csv, json } from '../../components/download';
import { Label } from '../../components/Label';
import { LongTable } from '../../components/LongTable';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { between, count, exact, inFull, number, plural } from '../../math/format';
import type { Point, SeriesInfo } from '../../panel';
import { type NumberRow, numberRows, numberSentence, pText } from './facts';

interface Props {
  readonly own: SeriesInfo;
  readonly other: SeriesInfo;
  readonly point: Point<'number_comparison'>;
  readonly title: string;
  /** The target that is chosen. */
  readonly target: number;
}

const HEADS = [
  'values',
  'mean |e| here',
  'mean |e| there',
  'difference of the errors',
  'p of the paired t test',
  'closer here',
  'closer there',
];
const TERMS = new Set(['difference of the errors', 'p of the paired t test', 'closer here', 'closer there']);

/** A comparison of the numbers that two models predict of the same samples, target by target. */
export function NumbersCompared({ own, other, point, title, target }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const c = point.payload;
  const rows = numberRows(c);
  const shown = rows[target] ?? rows[0];
  if (shown === undefined) return null;
  const out = [
    ...(shown.differs > 0 ? [`${plural(shown.differs, 'value')} left out: another number is true there`] : []),
    ...(shown.leftOut > 0 ? [`${inFull(shown.leftOut)} only here`] : []),
  ];
  return (
    <>
      <div ref={box}>
        <p class={shown.differs > 0 ? 'ls-comparison-warns' : 'ls-soft'} data-testid="comparison-counted">
          {[`${plural(shown.compared, 'value')} compared, matched by ${c.matched_by}`, ...out].join(' · ')}
        </p>
        <p class="ls-comparison-sentence" data-testid="comparison-sentence" title={`p ${titled(shown.p) ?? '–'}`}>
          {numberSentence(shown, c.matched_by)}
        </p>
        <LongTable
          scroller={scroller}
          class="ls-comparison-classes"
          label="errors of both models on the same samples, target by target"
          testId="comparison-targets"
          length={rows.length}
          head={
            <>
              <th scope="col">target</th>
              {HEADS.map((head) => (
                <th key={head} scope="col">
                  {TERMS.has(head) ? <Term name={head}>{head}</Term> : head}
                </th>
              ))}
            </>
          }
          row={(place, at) => {
            const row = rows[place];
            if (row === undefined) return null;
            const isOn = place === shown.place && rows.length > 1;
            return (
              <tr key={place} data-target={place} aria-rowindex={at} class={isOn ? 'ls-on' : undefined}>
                <th scope="row">
                  <Label text={row.name} max={32} />
                </th>
                <td>{count(row.compared)}</td>
                <td title={titled(row.here)}>{told(row.here)}</td>
                <td title={titled(row.there)}>{told(row.there)}</td>
                <td title={Number.isNaN(row.low) ? undefined : `${exact(row.difference)} (95 % interval ${between(row, exact)})`}>
                  {told(row.difference)} {Number.isNaN(row.low) ? null : <span class="ls-soft">({between(row, number)})</span>}
                </td>
                <td title={titled(row.p)}>{pText(row.p)}</td>
                <td>{count(row.closer)}</td>
                <td>{count(row.farther)}</td>
              </tr>
            );
          }}
        />
      </div>
      <div class="ls-comparison-save">
        <SaveMenu
          what="the comparison"
          subject={{ training: own.training, evaluation: own.evaluation, part: `against_${other.training}`, step: point.step }}
          formats={[
            { label: 'CSV', make: () => csv([['target', ...HEADS, 'low', 'high'], ...rows.map(fieldsOf)]) },
            { label: 'JSON', make: () => json({ run: own.run, step: point.step, other: other.run, ...c }) },
            asPicture(() => box.current, title),
            asVectors(() => box.current, title),
          ]}
        />
      </div>
    </>
  );
}

function titled(x: number): string | undefined {
  return Number.isNaN(x) ? undefined : exact(x);
}

function told(x: number): string {
  return Number.isNaN(x) ? '–' : number(x);
}

function fieldsOf({ name, compared, here, there, difference, p, closer, farther, low, high }: NumberRow) {
  const known = (x: number) => (Number.isNaN(x) ? undefined : x);
  return [name, compared, known(here), known(there), known(difference), known(p), closer, farther, known(low), known(high)];
}
