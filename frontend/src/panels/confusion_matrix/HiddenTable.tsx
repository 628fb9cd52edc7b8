import type { Signal } from '@preact/signals';
import { cellValue, countAt, type Normalise } from '../../math/confusion';
import { type Difference, differenceAt } from '../../math/difference';
import { exact } from '../../math/format';
import type { Place } from './AxisLabels';
import { predictedName, trueName } from './class_name';
import type { Evaluation } from './evaluation';
import { type Grid, predictionsOf, truthsOf } from './grid';
import { figureNames, figures } from './numbers';

interface Props {
  readonly evaluation: Evaluation;
  readonly grid: Grid;
  readonly selected: readonly number[];
  readonly cursor: Signal<Place | null>;
  readonly by: Normalise;
  /** What is shown instead of shares, where it is a difference. */
  readonly changed: Difference | undefined;
}

const WHOLE = 51;
const WINDOW = 21;

/** The matrix as a table, true classes down, for who does not see the canvas: whole up to fifty classes, else the part around the cursor. */
export function HiddenTable({ evaluation, grid, selected, cursor, by, changed }: Props) {
  const c = evaluation.confusion;
  const [truths, predictions] = [truthsOf(grid), predictionsOf(grid)];
  const small = truths.length <= WHOLE;
  const [truth, predicted] = selected;
  const at = small ? null : (cursor.value ?? { row: truths.indexOf(truth ?? 0), column: predictions.indexOf(predicted ?? 0) });
  const [down, across] = grid.transposed ? [at?.column, at?.row] : [at?.row, at?.column];
  const rows = part(truths, down);
  const columns = part(predictions, across);
  const shown = (i: number, j: number) => (changed === undefined ? cellValue(c, i, j, by) : differenceAt(changed, i, j));
  return (
    <div class="ls-hidden">
      <table data-testid="confusion-matrix">
        <caption>
          Samples of each true class (row) by predicted class (column)
          {small ? '' : `; ${rows.length} of ${c.size} classes, around the cursor`}
        </caption>
        <thead>
          <tr>
            <th scope="col">true</th>
            {Array.from(columns, (j) => (
              <th key={j} scope="col">
                predicted {predictedName(evaluation, j)}
              </th>
            ))}
            {figureNames(evaluation, undefined).map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from(rows, (i) => (
            <tr key={i} data-class={i}>
              <th scope="row">{trueName(evaluation, i)}</th>
              {Array.from(columns, (j) => (
                <td key={j} data-true={i} data-predicted={j} data-shown={shown(i, j)}>
                  {exact(countAt(c, i, j))}
                </td>
              ))}
              {i === c.size
                ? null
                : figures(evaluation, i, undefined).map((figure) => (
                    <td
                      key={figure.name}
                      data-measure={figure.name}
                      data-value={figure.value}
                      data-low={figure.range?.low}
                      data-high={figure.range?.high}
                      title={figure.title}
                    >
                      {figure.text}
                    </td>
                  ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function part(ids: Int32Array, around: number | undefined): Int32Array {
  if (around === undefined || ids.length <= WINDOW) return ids;
  const from = Math.max(0, Math.min(ids.length - WINDOW, around - (WINDOW >> 1)));
  return ids.subarray(from, from + WINDOW);
}
