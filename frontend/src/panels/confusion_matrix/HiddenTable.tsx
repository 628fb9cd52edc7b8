import type { Signal } from '@preact/signals';
import { countAt } from '../../math/confusion';
import { exact } from '../../math/format';
import type { Place } from './AxisLabels';
import { predictedName, trueName } from './class_name';
import type { Evaluation } from './evaluation';
import type { Grid } from './grid';
import { figures } from './numbers';

interface Props {
  readonly evaluation: Evaluation;
  readonly grid: Grid;
  readonly selected: readonly number[];
  readonly cursor: Signal<Place | null>;
}

const WHOLE = 51;
const WINDOW = 21;

/** The matrix as a table, for who does not see the canvas: whole up to fifty classes, else the part around the cursor. */
export function HiddenTable({ evaluation, grid, selected, cursor }: Props) {
  const c = evaluation.confusion;
  const small = grid.rows.length <= WHOLE;
  const [truth, predicted] = selected;
  const at = small ? null : (cursor.value ?? { row: grid.rowOf[truth ?? -1] ?? 0, column: grid.columnOf[predicted ?? -1] ?? 0 });
  const rows = part(grid.rows, at?.row);
  const columns = part(grid.columns, at?.column);
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
            <th scope="col">examples</th>
            <th scope="col">precision</th>
            <th scope="col">recall</th>
          </tr>
        </thead>
        <tbody>
          {Array.from(rows, (i) => (
            <tr key={i} data-class={i}>
              <th scope="row">{trueName(evaluation, i)}</th>
              {Array.from(columns, (j) => (
                <td key={j} data-true={i} data-predicted={j}>
                  {exact(countAt(c, i, j))}
                </td>
              ))}
              {i === c.size
                ? null
                : figures(evaluation, i, undefined).map((figure) => (
                    <td key={figure.name} data-measure={figure.name} data-value={figure.value} title={figure.title}>
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
