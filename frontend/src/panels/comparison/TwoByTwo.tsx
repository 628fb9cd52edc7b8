import { css, sequential, textOn } from '../../charts/colour';
import { count, percent } from '../../math/format';
import type { Comparison } from '../../schema.gen';
import { isVersus, type Outcome } from '../predictions/choices';
import { CELLS, inTitle, tableOf } from './facts';

interface Props {
  readonly comparison: Comparison;
  readonly chosen: Outcome;
  readonly onChoose: (outcome: Outcome) => void;
}

/** For how many samples both models are right, one of them alone, or none; each cell lists its samples. */
export function TwoByTwo({ comparison: c, chosen, onChoose }: Props) {
  const table = tableOf(c);
  return (
    <table class="ls-comparison-table" data-testid="comparison-table">
      <caption class="ls-hidden">for how many samples each of the two models is right</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">right there</th>
          <th scope="col">wrong there</th>
        </tr>
      </thead>
      <tbody>
        {CELLS.map((cells, row) => (
          <tr key={row === 0 ? 'right' : 'wrong'}>
            <th scope="row">{row === 0 ? 'right here' : 'wrong here'}</th>
            {cells.map(({ outcome, words }) => {
              const n = table[outcome];
              const on = isVersus(chosen) && chosen === outcome;
              const colour = sequential((0.75 * n) / Math.max(1, c.compared));
              return (
                <td key={outcome}>
                  <button
                    type="button"
                    aria-pressed={on}
                    title={`${words}: ${inTitle(n, c.compared)}`}
                    data-cell={outcome}
                    data-value={n}
                    style={{ background: css(colour), color: textOn(colour) }}
                    onClick={() => onChoose(on ? 'wrong' : outcome)}
                  >
                    <span class="ls-hidden">{words}: </span>
                    <b>{count(n)}</b>
                    <span>{percent(n / c.compared)}</span>
                    {outcome === 'both_wrong' && n > 0 ? <span>{count(table.same_wrong)} alike</span> : null}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
