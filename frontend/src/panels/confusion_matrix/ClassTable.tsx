import { useMemo, useRef, useState } from 'preact/hooks';
import { ofTable } from '../../components/download';
import { Label } from '../../components/Label';
import { LongTable, ROW } from '../../components/LongTable';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { SortCell } from '../../components/SortHead';
import { asVectors } from '../../components/vectors';
import { ascending } from '../../math/sorted';
import { classNumbers, classRows } from './download';
import { type Evaluation, type Matched, titleOf } from './evaluation';
import type { History } from './history';
import { type FigureName, figure, figureNames, figureValue } from './numbers';
import { Spark } from './Spark';
import './tables.css';

interface Props {
  readonly evaluation: Evaluation;
  readonly reference: Matched | undefined;
  readonly order: ArrayLike<number>;
  readonly history: History;
  readonly step: number;
  readonly colour: string;
  readonly selected: readonly number[];
  readonly onSelect: (classes: readonly number[]) => void;
}

interface Sorting {
  readonly by: 'class' | FigureName;
  readonly descending: boolean;
}

/** The numbers of every class in a table of its own, sorted by a click on a head. Only what is seen is in the page. */
export function ClassTable({ evaluation, reference, order, history, step, colour, selected, onSelect }: Props) {
  const scroller = useRef<HTMLElement>(null);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const names = figureNames(evaluation, reference);
  const sorted = useMemo(() => {
    if (sorting === null) return Array.from(order);
    const { by, descending } = sorting;
    const keys = by === 'class' ? evaluation.labels : evaluation.labels.map((_, k) => figureValue(by, evaluation, k, reference));
    return ascending(Array.from(order), (k) => keys[k], descending);
  }, [order, sorting, evaluation, reference]);
  const head = (by: Sorting['by']) => {
    const direction = sorting?.by !== by ? undefined : sorting.descending ? 'descending' : 'ascending';
    // Names from A, rates from the worst, and then the other way round, and then as the matrix has them.
    const next = direction === undefined ? { by, descending: false } : direction === 'ascending' ? { by, descending: true } : null;
    return <SortCell key={by} name={by} direction={direction} onSort={() => setSorting(next)} />;
  };
  const { series, point } = evaluation;
  return (
    <>
      <LongTable
        scroller={scroller}
        class="ls-confusion-table"
        label="numbers of each class"
        testId="classes"
        length={sorted.length}
        head={
          <>
            {head('class')}
            {names.map(head)}
            <th scope="col">recall over time</th>
          </>
        }
        row={(place, number) => {
          const k = sorted[place] ?? 0;
          return (
            <tr key={k} data-class={k} aria-rowindex={number} class={selected[0] === k ? 'ls-on' : undefined}>
              <th scope="row">
                <button type="button" onClick={() => onSelect([k])}>
                  <Label text={evaluation.labels[k] ?? ''} max={32} />
                </button>
              </th>
              {names.map((name) => {
                const { value, title, text, faded } = figure(name, evaluation, k, reference);
                return (
                  <td key={name} data-measure={name} data-value={value} title={title} class={faded ? 'ls-soft' : undefined}>
                    {text}
                  </td>
                );
              })}
              <td>
                <Spark moments={history.recall(k)} step={step} colour={colour} width={92} height={ROW - 6} />
              </td>
            </tr>
          );
        }}
      />
      <SaveMenu
        what="the numbers of each class"
        subject={{ training: series.training, evaluation: series.evaluation, step: point.step }}
        formats={[
          ...ofTable(
            () => classRows(evaluation, sorted, reference),
            () => classNumbers(evaluation, sorted, reference),
          ),
          asPicture(() => scroller.current, titleOf(evaluation)),
          asVectors(() => scroller.current, titleOf(evaluation)),
        ]}
      />
    </>
  );
}
