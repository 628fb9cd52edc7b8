import { exact } from '../../math/format';
import { called } from './called';
import { type ChartOf, labelOf } from './charts_of';

/** The charts as a table, for who does not see them: of each line how many points, and its last value. */
export function HiddenTable({ charts }: { charts: readonly ChartOf[] }) {
  return (
    <div class="ls-hidden">
      <table data-testid="scalars">
        <caption>Last value of each series</caption>
        <thead>
          <tr>
            <th scope="col">series</th>
            <th scope="col">training</th>
            <th scope="col">points</th>
            <th scope="col">last step</th>
            <th scope="col">last value</th>
          </tr>
        </thead>
        <tbody>
          {charts.flatMap((chart) =>
            chart.curves.map((curve) => (
              <tr key={`${curve.run} ${curve.tag}`}>
                <th scope="row">{`${chart.name} ${labelOf(curve, chart)}`}</th>
                <td>{called(curve.training)}</td>
                <td>{curve.step.length}</td>
                <td>{exact(curve.step.at(-1) ?? 0)}</td>
                <td data-training={curve.training} data-name={curve.name} data-split={curve.split ?? ''} data-tag={curve.tag}>
                  {exact(curve.value.at(-1) ?? Number.NaN)}
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </div>
  );
}
