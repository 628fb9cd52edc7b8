import { Term } from '../../components/Term';
import type { Evaluation } from './evaluation';
import type { Grid } from './grid';
import type { Moment } from './history';
import { HISTORY_WIDTH, type Layout, NUMBER_WIDTH } from './layout';
import { figures, type Matched } from './numbers';
import { Spark } from './Spark';

interface Props {
  readonly evaluation: Evaluation;
  readonly reference: Matched | undefined;
  readonly grid: Grid;
  readonly layout: Layout;
  readonly history: (k: number) => readonly Moment[];
  readonly step: number;
  readonly colour: string;
}

/** The columns of numbers beside the matrix, each row in line with its class. The table behind the canvas says the same. */
export function ClassNumbers({ evaluation, reference, grid, layout, history, step, colour }: Props) {
  const names = ['examples', 'precision', 'recall', ...(reference === undefined ? [] : ['Δ recall'])];
  const withHistory = layout.numbers === 'aside with history';
  return (
    <div class="ls-confusion-numbers">
      <div class="ls-confusion-numbers-head" style={{ height: `${layout.header}px` }}>
        {names.map((name) => (
          <span key={name} style={{ width: `${NUMBER_WIDTH}px` }}>
            <Term name={name}>{name}</Term>
          </span>
        ))}
        {withHistory ? <span style={{ width: `${HISTORY_WIDTH}px` }}>recall over time</span> : null}
      </div>
      <div aria-hidden="true">
        {Array.from(grid.rows, (k) => (
          <div key={k} class="ls-confusion-numbers-row" style={{ height: `${layout.cell}px` }}>
            {figures(evaluation, k, reference).map((figure) =>
              k === evaluation.confusion.size && figure.name !== 'examples' ? null : (
                <span
                  key={figure.name}
                  class={figure.faded ? 'ls-soft' : undefined}
                  title={figure.title}
                  style={{ width: `${NUMBER_WIDTH}px` }}
                >
                  {figure.text}
                </span>
              ),
            )}
            {withHistory && k < evaluation.confusion.size ? (
              <span style={{ width: `${HISTORY_WIDTH}px` }}>
                <Spark moments={history(k)} step={step} colour={colour} width={76} height={Math.min(26, layout.cell - 4)} />
              </span>
            ) : null}
          </div>
        ))}
      </div>
    </div>
  );
}
