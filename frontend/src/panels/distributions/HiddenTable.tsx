import { exact } from '../../math/format';
import type { Spread } from './spreads_of';
import { facts } from './words';

const STEPS = 11;

/** A picture as a table, for who does not see the canvas: the steps around the cursor, or around the selected one. */
export function HiddenTable({ spread, i }: { spread: Spread; i: number }) {
  const first = Math.max(0, Math.min(spread.bins.length - STEPS, i - (STEPS >> 1)));
  const shown = spread.bins.slice(first, first + STEPS).map((bins, k) => ({ step: spread.step[first + k] ?? 0, told: facts(bins) }));
  return (
    <div class="ls-hidden">
      <table data-testid="distribution" data-path={spread.path} data-of={spread.of}>
        <caption>
          {spread.of} of {spread.path}: {shown.length} of {spread.bins.length} steps
        </caption>
        <thead>
          <tr>
            <th scope="col">{spread.counts}</th>
            {(shown[0]?.told ?? []).map(([name]) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ step, told }) => (
            <tr key={step}>
              <th scope="row">{exact(spread.counts === 'epoch' ? step + 1 : step)}</th>
              {told.map(([name, value]) => (
                <td key={name} data-step={step} data-name={name}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
