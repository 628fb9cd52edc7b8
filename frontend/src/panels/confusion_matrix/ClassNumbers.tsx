import { SortHead } from '../../components/SortHead';
import { Term } from '../../components/Term';
import type { Order } from './choices';
import type { Evaluation, Matched } from './evaluation';
import type { Grid } from './grid';
import type { History } from './history';
import { HISTORY_WIDTH, type Layout, NUMBER_WIDTH } from './layout';
import { type FigureName, figure, namesAside } from './numbers';
import { Spark } from './Spark';

interface Props {
  readonly evaluation: Evaluation;
  readonly reference: Matched | undefined;
  readonly grid: Grid;
  readonly layout: Layout;
  readonly history: History;
  readonly step: number;
  readonly colour: string;
  readonly sorted: Order;
  readonly onSort: (order: Order) => void;
}

/** Orders of the rows that columns stand for. */
const ORDER_OF: Partial<Record<FigureName, Order>> = { examples: 'examples', precision: 'precision', recall: 'recall', F1: 'f1' };

/** The columns of numbers beside the matrix, each row in line with its class. The table behind the canvas says the same. */
export function ClassNumbers({ evaluation, reference, grid, layout, history, step, colour, sorted, onSort }: Props) {
  const names = namesAside(evaluation, reference);
  const withHistory = layout.numbers === 'aside with history';
  return (
    <div class="ls-confusion-numbers">
      <div class="ls-confusion-numbers-head" style={{ height: `${layout.header}px` }}>
        {names.map((name) => {
          const order = ORDER_OF[name];
          return (
            <span key={name} style={{ width: `${NUMBER_WIDTH}px` }}>
              {order === undefined ? (
                <Term name={name}>{name}</Term>
              ) : (
                <SortHead
                  name={name}
                  direction={sorted === order ? (order === 'examples' ? 'descending' : 'ascending') : undefined}
                  onSort={() => onSort(sorted === order ? 'given' : order)}
                />
              )}
            </span>
          );
        })}
        {withHistory ? <span style={{ width: `${HISTORY_WIDTH}px` }}>recall over time</span> : null}
      </div>
      <div aria-hidden="true">
        {Array.from(grid.rows, (k) => (
          <div key={k} class="ls-confusion-numbers-row" style={{ height: `${layout.cell}px` }}>
            {names.map((name) => {
              if (k === evaluation.confusion.size && (name !== 'examples' || grid.transposed)) return null;
              const { text, title, faded } = figure(name, evaluation, k, reference);
              return (
                <span key={name} class={faded ? 'ls-soft' : undefined} title={title} style={{ width: `${NUMBER_WIDTH}px` }}>
                  {text}
                </span>
              );
            })}
            {withHistory && k < evaluation.confusion.size ? (
              <span style={{ width: `${HISTORY_WIDTH}px` }}>
                <Spark moments={history.recall(k)} step={step} colour={colour} width={76} height={Math.min(26, layout.cell - 4)} />
              </span>
            ) : null}
          </div>
        ))}
      </div>
    </div>
  );
}
