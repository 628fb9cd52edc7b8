import { useRef } from 'preact/hooks';
import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import { useVirtual } from '../../frame/use_virtual';
import type { Evaluation } from './evaluation';
import type { Moment } from './history';
import { figures, type Matched } from './numbers';
import { Spark } from './Spark';
import './tables.css';

interface Props {
  readonly evaluation: Evaluation;
  readonly reference: Matched | undefined;
  readonly order: ArrayLike<number>;
  readonly history: (k: number) => readonly Moment[];
  readonly step: number;
  readonly colour: string;
  readonly selected: readonly number[];
  readonly onSelect: (classes: readonly number[]) => void;
}

const ROW = 26;

/** The numbers of every class in a table of its own, where the matrix has too many rows for them to stand beside. Only what is seen is in the page. */
export function ClassTable({ evaluation, reference, order, history, step, colour, selected, onSelect }: Props) {
  const scroller = useRef<HTMLElement>(null);
  const { rows } = useVirtual(order.length, ROW, scroller);
  const names = ['examples', 'precision', 'recall', ...(reference === undefined ? [] : ['Δ recall'])];
  const before = rows[0]?.start ?? 0;
  const after = order.length * ROW - (rows.at(-1)?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard must be able to do.
    <section class="ls-confusion-table" ref={scroller} tabIndex={0} aria-label="numbers of each class">
      <table data-testid="classes" aria-rowcount={order.length + 1}>
        <thead>
          <tr>
            <th scope="col">class</th>
            {names.map((name) => (
              <th key={name} scope="col">
                <Term name={name}>{name}</Term>
              </th>
            ))}
            <th scope="col">recall over time</th>
          </tr>
        </thead>
        <tbody>
          <tr style={{ height: `${before}px` }} />
          {rows.map(({ index }) => {
            const k = order[index] ?? 0;
            return (
              <tr key={k} data-class={k} aria-rowindex={index + 2} class={selected[0] === k ? 'ls-on' : undefined}>
                <th scope="row">
                  <button type="button" onClick={() => onSelect([k])}>
                    <Label text={evaluation.labels[k] ?? ''} max={32} />
                  </button>
                </th>
                {figures(evaluation, k, reference).map((figure) => (
                  <td
                    key={figure.name}
                    data-measure={figure.name}
                    data-value={figure.value}
                    title={figure.title}
                    class={figure.faded ? 'ls-soft' : undefined}
                  >
                    {figure.text}
                  </td>
                ))}
                <td>
                  <Spark moments={history(k)} step={step} colour={colour} width={92} height={ROW - 6} />
                </td>
              </tr>
            );
          })}
          <tr style={{ height: `${after}px` }} />
        </tbody>
      </table>
    </section>
  );
}
