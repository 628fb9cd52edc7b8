import { Label } from '../../components/Label';
import { exact, number } from '../../math/format';
import { called } from './called';
import { type ChartOf, dashOf, labelOf } from './charts_of';
import { indexAt, type Placed } from './placed';
import { Swatch } from './Swatch';

interface Props {
  readonly chart: ChartOf;
  readonly placed: readonly Placed[];
  readonly at: number;
  readonly heading: string;
  readonly colour: (training: string) => string;
}

const MOST = 16;

/** What every line of a chart is worth at a place: in the tooltip. */
export function Readout({ chart, placed, at, heading, colour }: Props) {
  const splits = [...new Set(chart.curves.map(({ split }) => split))];
  const lines = placed.flatMap((each) => {
    const i = indexAt(each, at);
    return i < 0 ? [] : [{ ...each, i }];
  });
  const several = new Set(lines.map(({ curve }) => curve.training)).size > 1;
  return (
    <div class="ls-scalars-readout">
      <div class="ls-soft">{heading}</div>
      <table>
        <tbody>
          {lines.slice(0, MOST).map(({ curve, i }) => (
            <tr key={`${curve.run} ${curve.tag}`}>
              <td>
                <Swatch colour={colour(curve.training)} dash={dashOf(curve.split, splits)} />
              </td>
              <td>
                {several ? <Label text={called(curve.training)} max={24} /> : null} {labelOf(curve, chart)}
              </td>
              <td class="ls-scalars-value">{number(curve.value[i] ?? Number.NaN)}</td>
              <td class="ls-soft">{exact(curve.value[i] ?? Number.NaN)}</td>
              <td class="ls-soft">
                {curve.counts === 'step' ? `at step ${exact(curve.step[i] ?? 0)}` : `epoch ${exact((curve.step[i] ?? 0) + 1)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > MOST ? <div class="ls-soft">and {lines.length - MOST} more lines</div> : null}
    </div>
  );
}
