import { useRef } from 'preact/hooks';
import { csv, type Field, json } from '../../components/download';
import { Label } from '../../components/Label';
import { LongTable } from '../../components/LongTable';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { between, count, exact, plural } from '../../math/format';
import type { Point, SeriesInfo } from '../../panel';
import { countedText, type LabelRow, labelRows, mark, noVerdict, points, pText, sentence } from './facts';

interface Props {
  readonly own: SeriesInfo;
  readonly other: SeriesInfo;
  readonly point: Point<'label_comparison'>;
  readonly title: string;
  readonly label: (id: number) => string;
  readonly chosen: readonly number[];
  readonly onChoose: (id: number) => void;
}

const WHAT = 'points of samples with all labels right';
const HEADS = ['decisions', 'right here alone', 'right there alone', 'difference of the right ones', 'McNemar’s p', 'p of all'] as const;

/** A comparison of what two models tell of the labels of the same samples: of all labels of a sample, and label by label. */
export function LabelsCompared({ own, other, point, title, label, chosen, onChoose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLElement>(null);
  const c = point.payload;
  const counted = countedText(c, 'label');
  const doubt = noVerdict(c, c.decisions.length, 'label');
  const rows = labelRows(c);
  const tested = rows.filter(({ p }) => !Number.isNaN(p)).length;
  const marked = doubt === undefined ? rows.filter((row) => mark(row) !== undefined).length : 0;
  return (
    <>
      <div ref={box}>
        <p class={counted.warns ? 'ls-comparison-warns' : 'ls-soft'} data-testid="comparison-counted">
          {counted.text}
        </p>
        {doubt === undefined ? null : (
          <p class="ls-comparison-warns" data-testid="no-verdict">
            {doubt}
          </p>
        )}
        <p class="ls-comparison-sentence" data-testid="comparison-sentence" title={`p ${c.p === null ? '–' : exact(c.p)}`}>
          {sentence(c, doubt, WHAT)}
        </p>
        {c.compared === 0 ? null : (
          <p class="ls-soft" data-testid="comparison-alone">
            All labels are right {`here and there in ${plural(c.both_right, 'sample')}, here alone in ${count(c.only_this_right)}`}, there
            alone in {count(c.only_other_right)}.
            {doubt !== undefined || tested === 0
              ? ''
              : marked === 0
                ? ` No label differs surely, of ${tested} tested together.`
                : ` ${plural(marked, 'label differs', 'labels differ')} surely, of ${tested} tested together.`}
          </p>
        )}
        <LongTable
          scroller={scroller}
          class="ls-comparison-classes"
          label="gains and losses of each label"
          testId="comparison-labels"
          length={rows.length}
          head={
            <>
              <th scope="col">label</th>
              {HEADS.map((head) => (
                <th key={head} scope="col">
                  <Term name={head}>{head}</Term>
                </th>
              ))}
              {doubt === undefined ? (
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
            const isOn = chosen.length === 1 && chosen[0] === row.id;
            return (
              <tr key={row.id} data-class={row.id} aria-rowindex={number} class={isOn ? 'ls-on' : undefined}>
                <th scope="row">
                  <button type="button" aria-pressed={isOn} onClick={() => onChoose(row.id)}>
                    <Label text={label(row.id)} max={32} />
                  </button>
                </th>
                <td>{count(row.samples)}</td>
                <td>{count(row.gained)}</td>
                <td>{count(row.lost)}</td>
                <td title={`${exact(row.difference)} (95 % interval ${between(row, exact)})`}>
                  {points(row.difference)} <span class="ls-soft">({between(row, points)})</span>
                </td>
                <td title={exact(row.p)}>{pText(row.p)}</td>
                <td title={exact(row.pOfAll)}>{pText(row.pOfAll)}</td>
                {doubt === undefined ? <td>{is === undefined ? '' : <b class={`ls-comparison-${is}`}>{is}</b>}</td> : null}
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
            { label: 'CSV', make: () => csv([['label', ...HEADS, 'low', 'high'], ...rows.map((row) => fieldsOf(row, label))]) },
            {
              label: 'JSON',
              make: () => json({ run: own.run, step: point.step, other: other.run, ...c, labels: rows.map(({ id }) => label(id)) }),
            },
            asPicture(() => box.current, title),
            asVectors(() => box.current, title),
          ]}
        />
      </div>
    </>
  );
}

function fieldsOf(row: LabelRow, label: (id: number) => string): readonly Field[] {
  const known = (x: number) => (Number.isNaN(x) ? undefined : x);
  const { difference, p, pOfAll, low, high } = row;
  return [label(row.id), row.samples, row.gained, row.lost, ...[difference, p, pOfAll, low, high].map(known)];
}
