import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import type { Estimate } from '../../math/curve';
import { exact, UNDEFINED } from '../../math/format';
import { type Macro, overall } from '../../math/multilabel';
import type { Multilabel } from '../../schema.gen';
import { Swatch } from '../regression/Figures';
import { rangeText, three, whole } from './words';

export interface Row {
  readonly of: string;
  readonly name: string;
  readonly colour: string;
  readonly payload: Multilabel;
}

const HEADS = ['subset accuracy', 'Hamming loss', 'micro P · R · F1', 'macro P · R · F1'] as const;

/** The numbers of all labels together, of each evaluation. */
export function Overall({ rows }: { rows: readonly Row[] }) {
  return (
    <div class="ls-multilabel-overall">
      <table data-testid="overall">
        <thead>
          <tr>
            {rows.length > 1 ? <td /> : null}
            {HEADS.map((name) => (
              <th key={name} scope="col">
                <Term name={name}>{name}</Term>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ of, name, colour, payload }) => {
            const { subset, hamming, micro, macro } = overall(payload);
            const labels = payload.unknown.length;
            const sets = [macro.precision.labels, macro.recall.labels];
            return (
              <tr key={of}>
                {rows.length > 1 ? (
                  <th scope="row">
                    <Swatch colour={colour} dashed={false} /> <Label text={name} max={24} />
                  </th>
                ) : null}
                <Told name="subset accuracy" of={of} estimate={subset} />
                <Told name="Hamming loss" of={of} estimate={hamming} />
                <td data-measure="micro" data-of={of}>
                  <Three values={[micro.precision, micro.recall, micro.f1]} />
                </td>
                <td data-measure="macro" data-of={of} title={setText(macro)}>
                  <Three values={[macro.precision.value, macro.recall.value, macro.f1.value]} />{' '}
                  <small>
                    {sets.every((n) => n === labels)
                      ? `all ${labels} labels`
                      : `of ${sets[0]} · ${sets[1]} · ${sets[0]} of ${labels} labels`}
                  </small>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Told({ name, of, estimate }: { name: string; of: string; estimate: Estimate }) {
  return (
    <td data-measure={name} data-of={of} title={whole(estimate)}>
      <b>{three(estimate.value)}</b> <small>{rangeText(estimate)}</small>
    </td>
  );
}

function Three({ values }: { values: readonly (number | undefined)[] }) {
  return (
    <b>
      {values.map((value, i) => (
        <span key={i} title={value === undefined ? UNDEFINED : exact(value)}>
          {i === 0 ? '' : ' · '}
          {three(value)}
        </span>
      ))}
    </b>
  );
}

function setText(macro: { readonly precision: Macro; readonly recall: Macro }): string {
  return `recall over the ${macro.recall.labels} labels that any sample has; precision and F1 over the ${macro.precision.labels} that any sample has or was told to have`;
}
