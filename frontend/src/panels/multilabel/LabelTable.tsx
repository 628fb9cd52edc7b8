import { useMemo, useRef, useState } from 'preact/hooks';
import { ofTable } from '../../components/download';
import { Label } from '../../components/Label';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { SortHead } from '../../components/SortHead';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { useVirtual } from '../../frame/use_virtual';
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

const ROW = 26;
/** So few rows are in the page at once. */
const SHORT = 40;
const HEADS: readonly By[] = ['label', 'support', 'P', 'R', 'F1'];
const BAR = 120;

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
  const { rows } = useVirtual(sorted.length, ROW, scroller);
  const isShort = sorted.length <= SHORT;
  const before = isShort ? 0 : (rows[0]?.start ?? 0);
  const after = isShort ? 0 : Math.max(0, sorted.length * ROW - (rows.at(-1)?.end ?? 0));
  const shown = isShort ? sorted : rows.flatMap(({ index }) => sorted[index] ?? []);
  const first = isShort ? 0 : (rows[0]?.index ?? 0);
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard must be able to do. */}
      <section class="ls-multilabel-scroll" ref={scroller} tabIndex={0} aria-label="numbers of each label, table">
        <table data-testid="labels" aria-rowcount={sorted.length + 1}>
          <thead>
            <tr>
              {HEADS.map((head) => {
                const direction = by !== head ? undefined : descending ? 'descending' : 'ascending';
                return (
                  <th key={head} scope="col" aria-sort={direction ?? 'none'}>
                    <SortHead
                      name={head}
                      direction={direction}
                      onSort={() => setSorting({ by: head, descending: by === head ? !descending : false })}
                    />
                  </th>
                );
              })}
              <th scope="col">
                <Term name="told and true">told and true</Term>
              </th>
            </tr>
          </thead>
          <tbody>
            <tr style={{ height: `${before}px` }} />
            {shown.map((k, i) => {
              const one = numbers[k];
              if (one === undefined) return null;
              const isOn = selected === k;
              return (
                <tr key={k} data-class={k} aria-rowindex={first + i + 2} class={isOn ? 'ls-on' : undefined}>
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
            })}
            <tr style={{ height: `${after}px` }} />
          </tbody>
        </table>
      </section>
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
