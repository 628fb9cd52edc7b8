import { visible } from '../../math/ellipsis';
import { exact, inFull, plural } from '../../math/format';
import { IS, measuresOf, track } from '../../math/tensor_measures';
import { membersIn } from '../../math/tensor_rows';
import { CALLED, cellText, isFrozen } from '../../math/tensor_words';
import type { Heat } from './heat';

interface Props {
  readonly heat: Heat;
  readonly row: number;
  /** Place of the step. */
  readonly i: number;
  /** The training whose rows these are, where the heat map is of another one. */
  readonly from?: Heat['series'];
}

/** Every measure of a row at a step: in the tooltip. */
export function RowTip({ heat, row, i, from = heat.series }: Props) {
  const node = heat.rows[row]?.node;
  if (node === undefined) return null;
  const { series } = heat;
  const members = membersIn(node.members, from, series);
  const frozen = isFrozen({ ...node, members }, series.rows);
  const [only] = members;
  const shape = members.length === 1 ? series.rows[only ?? -1]?.shape : undefined;
  return (
    <div class="ls-tensors-tip">
      <div>
        <bdi class="ls-heat-path">{visible(node.path)}</bdi>
      </div>
      <div class="ls-soft">
        step {inFull(series.step[i] ?? 0)}
        {shape === undefined ? ` · ${plural(members.length, 'parameter')}` : ` · ${shape.length === 0 ? 'one value' : shape.join(' × ')}`}
        {series.skipped[i] === 1 ? ' · update left out by loss scaling' : ''}
      </div>
      <table>
        <tbody>
          {measuresOf(series).map((measure) => {
            const own = track(series, members, measure);
            const value = own.value[i] ?? Number.NaN;
            return (
              <tr key={measure}>
                <th scope="row">{CALLED[measure]}</th>
                <td title={own.state[i] === IS.value ? exact(value) : undefined}>{cellText(measure, own, i, frozen)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
