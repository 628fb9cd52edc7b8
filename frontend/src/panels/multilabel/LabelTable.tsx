import { useMemo, useRef, useState } from 'preact/hooks';
import { ofTable } from '../../components/download';
import { Label } from '../../components/Label';
import { LongTable } from '../../components/LongTable';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { SortCell } from '../../components/SortHead';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import type { Estimate } from '../../math/curve';
import { count, exact, inFull } from '../../math/format';
import { type LabelNumbers, labelNumbers, support } from '../../math/multilabel';
import { ascending } from '../../math/sorted';
import { labelRows, labelsOf } from './download';
import { type Evaluation, titleOf } from './evaluation';
import { rangeText, three, whole } from './words';

interface Props {
  readonly evaluation: Evaluation;
  readonly find: string;
  readonly selected: number | undefined;
  readonly onSelect: (classes: readonly number[]) => void;
  readonly onFind: (find: string) => void;
}

type By = 'label' | 'support' | 'P' | 'R' | 'F1';

const HEADS: readonly By[] = ['label', 'support', 'P', 'R', 'F1'];
const BAR = 100;

/** The numbers of every label, in a table that is sorted by a click on a head. Only what is seen is in the page. */
export function LabelTable({ evaluation, find, selected, onSelect, onFind }: Props) {
  const scroller = useRef<HTMLElement>(null);
  const [{ by, descending }, setSorting] = useState<{ by: By; descending: boolean }>({ by: 'F1', descending: false });
  const { point, labels, series } = evaluation;
  const numbers = useMemo(() => labels.map((_, k) => labelNumbers(point.payload, k)), [point.payload, labels]);
  const sorted = useMemo(() => {
    const wanted = find.trim().toLocaleLowerCase();
    const ids = labels.flatMap((label, k) => (label.toLocaleLowerCase().includes(wanted) ? [k] : []));
    return ascending(ids, (k) => keyOf(by, labels[k] ?? '', numbers[k]), descending);
  }, [labels, numbers, find, by, descending]);
  return (
    <section class="ls-multilabel-labels" aria-label="numbers of each label">
      <p class="ls-multilabel-find">
        <input
          type="search"
          placeholder="find labels"
          aria-label="find labels by name"
          value={find}
          onInput={(event) => onFind(event.currentTarget.value)}
        />{' '}
        <span class="ls-soft" role="status">
          {find === '' ? '' : `${count(sorted.length)} of ${count(labels.length)} labels`}
        </span>
      </p>
      <LongTable
        scroller={scroller}
        class="ls-multilabel-scroll"
        label="numbers of each label, table"
        testId="labels"
        length={sorted.length}
        head={
          <>
            {HEADS.map((head) => (
              <SortCell
                key={head}
                name={head}
                direction={by !== head ? undefined : descending ? 'descending' : 'ascending'}
                onSort={() => setSorting({ by: head, descending: by === head ? !descending : false })}
              />
            ))}
            <th scope="col">
              <Term name="told and true">told and true</Term>
            </th>
          </>
        }
        row={(place, number) => {
          const k = sorted[place] ?? -1;
          const one = numbers[k];
          if (one === undefined) return null;
          const isOn = selected === k;
          return (
            <tr key={k} data-class={k} aria-rowindex={number} class={isOn ? 'ls-on' : undefined}>
              <th scope="row">
                <button type="button" aria-pressed={isOn} onClick={() => onSelect(isOn ? [] : [k])}>
                  <Label text={labels[k] ?? ''} max={26} />
                </button>
              </th>
              <td data-measure="support" title={exact(support(one))}>
                {count(support(one))}
              </td>
              <Rate name="precision" estimate={one.precision} />
              <Rate name="recall" estimate={one.recall} />
              <Rate name="F1" estimate={one.f1} />
              <td>
                <Bar one={one} />
              </td>
            </tr>
          );
        }}
      />
      <p class="ls-multilabel-key">
        <i class="ls-multilabel-tp" /> told rightly <i class="ls-multilabel-fn" /> missed <i class="ls-multilabel-fp" /> told falsely
      </p>
      <SaveMenu
        what="the numbers of each label"
        subject={{ training: series.training, evaluation: series.evaluation, step: point.step }}
        formats={[
          ...ofTable(
            () => labelRows(evaluation, sorted),
            () => ({ run: series.run, tag: series.tag, step: point.step, labels: labelsOf(evaluation, sorted) }),
          ),
          asPicture(() => scroller.current, titleOf(evaluation)),
          asVectors(() => scroller.current, titleOf(evaluation)),
        ]}
      />
    </section>
  );
}

function Rate({ name, estimate }: { name: string; estimate: Estimate }) {
  return (
    <td data-measure={name} title={whole(estimate)}>
      {three(estimate.value)} <small>{rangeText(estimate)}</small>
    </td>
  );
}

/** Of the samples that have the label or were told to: told rightly, missed, told falsely. */
function Bar({ one }: { one: LabelNumbers }) {
  const { tp, fp, fn, tn } = one.counts;
  const all = tp + fn + fp;
  const width = (n: number) => (all === 0 ? 0 : (BAR * n) / all);
  return (
    <svg class="ls-multilabel-bar" width={BAR} height="12" viewBox={`0 0 ${BAR} 12`} aria-hidden="true">
      <title>{`${inFull(tp)} told rightly, ${inFull(fn)} missed, ${inFull(fp)} told falsely, ${inFull(tn)} rightly not told`}</title>
      <rect class="ls-multilabel-none" width={BAR} height="12" />
      <rect class="ls-multilabel-tp" width={width(tp)} height="12" />
      <rect class="ls-multilabel-fn" x={width(tp)} width={width(fn)} height="12" />
      <rect class="ls-multilabel-fp" x={width(tp) + width(fn)} width={width(fp)} height="12" />
    </svg>
  );
}

function keyOf(by: By, label: string, one: LabelNumbers | undefined): string | number | undefined {
  if (by === 'label' || one === undefined) return label;
  if (by === 'support') return support(one);
  return (by === 'P' ? one.precision : by === 'R' ? one.recall : one.f1).value;
}
