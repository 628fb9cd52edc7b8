import { useRef } from 'preact/hooks';
import { valueTexts, valueTicks } from '../../charts/ticks';
import { useWidth } from '../../frame/use_width';
import { exact, inFull, number } from '../../math/format';
import type { NumberSampleHistory } from '../../schema.gen';
import { historySentence } from './history';

interface Props {
  readonly history: NumberSampleHistory;
  /** The target that is drawn, by its place. */
  readonly target: number;
  readonly step: number;
  readonly colour: string;
  readonly onStep: (step: number) => void;
}

const HEIGHT = 120;
const LEFT = 52;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;
/** More points than these are a line alone. */
const DOTS = 80;

/** A sample through a training: what was predicted of it, and what is true. */
export function NumberHistory({ history, target, step, colour, onStep }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 420);
  const size = history.targets.length;
  const truth = history.truth[target] ?? Number.NaN;
  const told = Array.from(history.step, (at, i) => ({ at, predicted: history.predicted[i * size + target] ?? Number.NaN })).filter(
    ({ predicted }) => Number.isFinite(predicted),
  );
  if (told.length === 0) return <p class="ls-soft">No prediction of this target counts for it.</p>;
  const [from, to] = [told[0]?.at ?? 0, told.at(-1)?.at ?? 0];
  const values = [truth, ...told.map(({ predicted }) => predicted)].filter(Number.isFinite);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * 0.06 || Math.abs(most) / 20 || 1;
  const [low, high] = [least - room, most + room];
  const x = (at: number) => (to === from ? (LEFT + width - RIGHT) / 2 : LEFT + ((at - from) / (to - from)) * (width - LEFT - RIGHT));
  const y = (value: number) => TOP + ((high - value) / (high - low)) * (HEIGHT - TOP);
  const ticks = valueTicks([low, high], 'linear', 4);
  const texts = valueTexts(ticks);
  const sentence = historySentence(
    truth,
    told.map(({ predicted }) => predicted),
  );
  const nearest = (event: MouseEvent) => {
    const at = event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
    return told.reduce((best, each) => (Math.abs(x(each.at) - at) < Math.abs(x(best) - at) ? each.at : best), from);
  };
  return (
    <div ref={box} class="ls-samples-history">
      <p>{sentence}</p>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys [ and ] step as everywhere. */}
      <svg
        width={width}
        height={HEIGHT + BOTTOM}
        role="img"
        aria-label={`prediction at each evaluation. ${sentence}`}
        onClick={(event) => onStep(nearest(event))}
      >
        {ticks.map((tick, k) => (
          <g key={tick}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} class="ls-samples-grid" />
            <text x={LEFT - 5} y={y(tick) + 4} text-anchor="end">
              {texts[k]}
            </text>
          </g>
        ))}
        {step < from ? null : <line x1={x(Math.min(step, to))} x2={x(Math.min(step, to))} y1={TOP} y2={HEIGHT} class="ls-samples-cursor" />}
        {Number.isFinite(truth) ? <line x1={LEFT} x2={width - RIGHT} y1={y(truth)} y2={y(truth)} class="ls-samples-true" /> : null}
        <polyline
          points={told.map(({ at, predicted }) => `${x(at)},${y(predicted)}`).join(' ')}
          stroke={colour}
          class="ls-samples-confidence"
        />
        {told.length > DOTS
          ? null
          : told.map(({ at, predicted }) => (
              <circle key={at} cx={x(at)} cy={y(predicted)} r={3.5} stroke={colour} fill={colour} class="ls-samples-dot">
                <title>{`step ${inFull(at)}: ${number(predicted)}`}</title>
              </circle>
            ))}
        <text x={LEFT} y={HEIGHT + BOTTOM - 4}>
          step {inFull(from)}
        </text>
        {to === from ? null : (
          <text x={width - RIGHT} y={HEIGHT + BOTTOM - 4} text-anchor="end">
            {inFull(to)}
          </text>
        )}
      </svg>
      <p class="ls-soft ls-samples-key">line: what was predicted; dashed: what is true</p>
      <table class="ls-hidden" data-testid="number-sample-history">
        <caption>the sample at each evaluation</caption>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col">predicted</th>
            <th scope="col">error</th>
          </tr>
        </thead>
        <tbody>
          {told.map(({ at, predicted }) => (
            <tr key={at}>
              <td>{at}</td>
              <td>{exact(predicted)}</td>
              <td>{exact(predicted - truth)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
