import { Label } from '../../components/Label';
import { exact, number } from '../../math/format';
import { indexAt, type Placed } from '../../math/placed';
import { type Curve, countInWords } from '../../math/series';
import { called } from './called';
import { type ChartOf, dashOf, labelOf, strengthOf } from './charts_of';
import { Swatch } from './Swatch';

interface Props {
  readonly chart: ChartOf;
  readonly placed: readonly Placed[];
  readonly at: number;
  /** The values of each line smoothed; undefined where they are drawn as they are. */
  readonly smooth: ReadonlyMap<Curve, Float64Array> | undefined;
  readonly heading: string;
  readonly colour: (training: string) => string;
}

const MOST = 16;

/** What every line of a chart is worth at a place: in the tooltip. */
export function Readout({ chart, placed, at, smooth, heading, colour }: Props) {
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
        {smooth === undefined ? null : (
          <thead>
            <tr>
              <td colSpan={2} />
              <th scope="col">smoothed</th>
              <th scope="col">raw</th>
            </tr>
          </thead>
        )}
        <tbody>
          {lines.slice(0, MOST).map(({ curve, x, i }) => (
            <tr key={`${curve.run} ${curve.tag}`}>
              <td>
                <Swatch
                  colour={colour(curve.training)}
                  dash={dashOf(curve.split, splits)}
                  strength={strengthOf(curve, chart, smooth !== undefined)}
                />
              </td>
              <td>
                {several ? <Label text={called(curve.training)} max={18} /> : null} {labelOf(curve, chart)}
              </td>
              {smooth === undefined ? null : <Value of={smooth.get(curve)?.[i]} />}
              <Value of={curve.value[i]} />
              {/* Where the line has no point here, which one it is. */}
              {x[i] === at ? null : <td class="ls-soft">{earlier(curve, i)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > MOST ? <div class="ls-soft">and {lines.length - MOST} more lines</div> : null}
    </div>
  );
}

function Value({ of = Number.NaN }: { of: number | undefined }) {
  return (
    <td class="ls-scalars-value" title={exact(of)}>
      {number(of)}
    </td>
  );
}

function earlier({ counts, step }: Curve, i: number): string {
  return countInWords(counts, step[i] ?? 0);
}
