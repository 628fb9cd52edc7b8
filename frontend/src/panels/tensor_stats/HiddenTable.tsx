import { exact } from '../../math/format';
import type { Measure } from '../../math/tensor_measures';
import { CALLED, cellText, isFrozen } from '../../math/tensor_words';
import type { Heat } from './heat';

interface Props {
  readonly heat: Heat;
  readonly measure: Measure;
  readonly name: string;
  /** The cell that the table is around. */
  readonly row: number;
  readonly i: number;
}

const ROWS = 51;
const STEPS = 21;

/** The heat map as a table, for who does not see the canvas: the part around the cursor, or the step. */
export function HiddenTable({ heat, measure, name, row, i }: Props) {
  const { series, rows, tracks } = heat;
  const firstRow = start(row, ROWS, rows.length);
  const firstStep = start(i, STEPS, series.step.length);
  const steps = Array.from({ length: Math.min(STEPS, series.step.length) }, (_, k) => firstStep + k);
  return (
    <div class="ls-hidden">
      <table data-testid="tensor-stats" data-training={series.training}>
        <caption>
          {CALLED[measure]}, {name}: {Math.min(ROWS, rows.length)} of {rows.length} rows, {steps.length} of {series.step.length} logged
          steps
        </caption>
        <thead>
          <tr>
            <th scope="col">row</th>
            {steps.map((k) => (
              <th key={k} scope="col">
                step {exact(series.step[k] ?? 0)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(firstRow, firstRow + ROWS).map(({ node }, r) => {
            const track = tracks[firstRow + r];
            const frozen = isFrozen(node, series.rows);
            return (
              <tr key={node.path}>
                <th scope="row">{node.path}</th>
                {steps.map((k) => (
                  <td key={k} data-row={node.path} data-step={series.step[k]} data-measure={measure}>
                    {track === undefined ? 'not logged' : cellText(measure, track, k, frozen, exact)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function start(around: number, most: number, all: number): number {
  return Math.max(0, Math.min(all - most, around - (most >> 1)));
}
