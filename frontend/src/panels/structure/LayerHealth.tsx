import { notFinite } from '../../charts/colour';
import { Term } from '../../components/Term';
import { decimated } from '../../math/decimate';
import type { Box } from '../../math/folding';
import { inFull } from '../../math/format';
import { lastAt } from '../../math/series';
import { IS, MEASURES, type Measure, type Track, track } from '../../math/tensor_measures';
import type { TensorSeries } from '../../math/tensor_series';
import { CALLED, cellText } from '../../math/tensor_words';
import { membersOf } from './health';
import type { Read } from './read_structure';
import './layer_health.css';

interface Props {
  readonly read: Read;
  readonly box: Box;
  readonly table: TensorSeries;
  /** Leaves out parameters of fewer than two axes, as the boxes do. */
  readonly kernelsOnly: boolean;
  readonly step: number;
  /** Shows a measure of all layers over time. */
  readonly open: (measure: Measure) => void;
}

const WIDTH = 150;
const HEIGHT = 26;
const EDGE = 3;

/** What training does to a layer: each measure at the step, and over all logged steps. */
export function LayerHealth({ read, box, table, kernelsOnly, step, open }: Props) {
  const kernels = kernelsOnly ? membersOf(read, box, table, true).members : [];
  // A layer of biases alone has no kernels to be told of.
  const members = kernels.length > 0 ? kernels : membersOf(read, box, table, false).members;
  if (members.length === 0) return null;
  const i = lastAt(table.step, step);
  const frozen = box.count.frozen > 0 && box.count.trainable === 0;
  return (
    <table class="ls-structure-health" data-testid="layer-health">
      <thead>
        <tr>
          <td class="ls-soft">{kernels.length > 0 ? 'kernels alone' : ''}</td>
          <th scope="col" class="ls-structure-number">
            {i < 0 ? 'before the first step' : `at step ${inFull(table.step[i] ?? 0)}`}
          </th>
          <th scope="col">over time, log</th>
        </tr>
      </thead>
      <tbody>
        {MEASURES.map((measure) => {
          const own = track(table, members, measure);
          const text = i < 0 ? 'not logged' : cellText(measure, own, i, frozen);
          return (
            <tr key={measure} data-measure={measure} data-value={own.value[i]}>
              <th scope="row">
                <Term name={CALLED[measure]}>{CALLED[measure]}</Term>
              </th>
              <td class="ls-structure-number" style={own.state[i] === IS.nonFinite ? { color: notFinite() } : undefined}>
                {text}
              </td>
              <td>
                {measure === 'non_finite' ? null : (
                  <button type="button" aria-label={`${CALLED[measure]} of all layers over time`} onClick={() => open(measure)}>
                    <Line track={own} steps={table.step} i={i} />
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The values above 0 on a logarithmic axis; what has no place there is a gap, and what is not finite a mark at the top. */
function Line({ track: { value, state }, steps, i }: { track: Track; steps: Float64Array; i: number }) {
  const from = steps[0] ?? 0;
  const to = Math.max(from + 1, steps.at(-1) ?? 0);
  const y = value.map((v, k) => (state[k] === IS.value && v > 0 ? Math.log10(v) : Number.NaN));
  const kept = decimated(steps, y, from, to, WIDTH);
  const known = y.filter(Number.isFinite);
  const low = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const left = (k: number) => EDGE + (((steps[k] ?? 0) - from) / (to - from)) * (WIDTH - 2 * EDGE);
  const top = (k: number) => (high > low ? EDGE + ((high - (y[k] ?? 0)) / (high - low)) * (HEIGHT - 2 * EDGE) : HEIGHT / 2);
  let isDown = false;
  let path = '';
  for (const k of kept) {
    const has = Number.isFinite(y[k] ?? Number.NaN);
    // A lone point is a dot: a line of no length with round ends.
    if (has) path += isDown ? `L${left(k).toFixed(1)} ${top(k).toFixed(1)}` : `M${left(k).toFixed(1)} ${top(k).toFixed(1)}h0`;
    isDown = has;
  }
  const bad = Array.from(state.keys()).filter((k) => state[k] === IS.nonFinite);
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      {i < 0 ? null : <path class="ls-structure-now" d={`M${left(i).toFixed(1)} 0V${HEIGHT}`} />}
      <path class="ls-structure-spark" d={path} />
      {bad.slice(0, 200).map((k) => (
        <path key={k} class="ls-structure-bad-mark" style={{ stroke: notFinite() }} d={`M${left(k).toFixed(1)} 0v5`} />
      ))}
    </svg>
  );
}
