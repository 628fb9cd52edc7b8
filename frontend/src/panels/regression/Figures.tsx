import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import type { Estimate } from '../../math/curve';
import { between, decimals, number, UNDEFINED } from '../../math/format';
import { type Scores, scoresOf, type Target } from '../../math/regression';
import { signedText, whole } from './words';

/** An evaluation whose numbers stand in a row. */
export interface Row {
  /** For tests and programs: `focus`, or the name. */
  readonly of: string;
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly target: Target;
}

const MEASURES: readonly { readonly name: string; readonly of: (scores: Scores) => Estimate; readonly write: (x: number) => string }[] = [
  { name: 'R²', of: ({ r2 }) => r2, write: (x) => (x > -10 ? decimals(x, 4) : number(x)) },
  { name: 'RMSE', of: ({ rmse }) => rmse, write: number },
  { name: 'MAE', of: ({ mae }) => mae, write: number },
  { name: 'bias', of: ({ bias }) => bias, write: (x) => signedText(x, number) },
];

/** The numbers of each evaluation, the one in focus first, with their 95 % intervals. */
export function Figures({ rows }: { rows: readonly Row[] }) {
  return (
    <div class="ls-regression-figures">
      <table>
        <thead>
          <tr>
            {rows.length > 1 ? <td /> : null}
            {MEASURES.map(({ name }) => (
              <th key={name} scope="col">
                <Term name={name}>{name}</Term>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ of, name, colour, dashed, target }) => {
            const scores = scoresOf(target);
            return (
              <tr key={of}>
                {rows.length > 1 ? (
                  <th scope="row">
                    <Swatch colour={colour} dashed={dashed} /> <Label text={name} max={24} />
                  </th>
                ) : null}
                {MEASURES.map((measure) => {
                  const { value, range } = measure.of(scores);
                  return (
                    <td key={measure.name} data-measure={measure.name} data-of={of} title={whole(value, range)}>
                      <b>{value === undefined ? UNDEFINED : measure.write(value)}</b>{' '}
                      {range === undefined ? null : <small>{between(range, measure.write)}</small>}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** A piece of an evaluation's line. */
export function Swatch({ colour, dashed }: { colour: string; dashed: boolean }) {
  return (
    <svg class="ls-regression-swatch" width="16" height="8" viewBox="0 0 16 8" aria-hidden="true">
      <line x1="0" x2="16" y1="4" y2="4" stroke={colour} stroke-width="2" stroke-dasharray={dashed ? '4 3' : undefined} />
    </svg>
  );
}
