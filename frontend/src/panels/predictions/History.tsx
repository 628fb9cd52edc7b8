import { useRef } from 'preact/hooks';
import { useWidth } from '../../frame/use_width';
import { exact, inFull, rate } from '../../math/format';
import type { SampleHistory } from '../../schema.gen';
import { historySentence, stretches } from './history';
import { type Names, verdict } from './sample';

interface Props {
  readonly history: SampleHistory;
  readonly names: Names;
  readonly step: number;
  readonly colour: string;
  readonly onStep: (step: number) => void;
}

const HEIGHT = 72;
const BAND = 20;
const LEFT = 20;
const RIGHT = 8;
const TOP = 6;
/** More points than these are a line alone. */
const DOTS = 80;
/** Width of a letter, about. */
const LETTER = 7;

/** A sample through a training: how sure the model was, and of what. */
export function History({ history, names, step, colour, onStep }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 420);
  const { step: steps, confidence } = history;
  const from = steps[0] ?? 0;
  const to = steps.at(-1) ?? from;
  const x = (at: number) => (to === from ? (LEFT + width - RIGHT) / 2 : LEFT + ((at - from) / (to - from)) * (width - LEFT - RIGHT));
  const y = (p: number) => TOP + (1 - p) * (HEIGHT - TOP);
  const place = (i: number) => x(steps[i] ?? 0);
  const dots = Array.from(confidence, (p, i) => ({
    p,
    i,
    is: verdict({ truth: history.truth, predicted: history.predicted[i] ?? 0 }, names),
  }));
  const sentence = historySentence(history, names);
  // Half-way to the neighbours.
  const edge = (i: number) => (i <= 0 ? LEFT : i >= steps.length ? width - RIGHT : (place(i - 1) + place(i)) / 2);
  const nearest = (event: MouseEvent) => {
    const frame = box.current?.getBoundingClientRect();
    const at = event.clientX - (frame?.left ?? 0);
    return Array.from(steps).reduce((best, each) => (Math.abs(x(each) - at) < Math.abs(x(best) - at) ? each : best), from);
  };
  return (
    <div ref={box} class="ls-samples-history">
      <p>{sentence}</p>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys [ and ] step as everywhere. */}
      <svg
        width={width}
        height={HEIGHT + BAND + 22}
        role="img"
        aria-label={`confidence at each evaluation. ${sentence}`}
        onClick={(event) => onStep(nearest(event))}
      >
        {[0, 1].map((p) => (
          <g key={p}>
            <line x1={LEFT} x2={width - RIGHT} y1={y(p)} y2={y(p)} class="ls-samples-grid" />
            <text x={LEFT - 6} y={y(p) + 4} text-anchor="end">
              {p}
            </text>
          </g>
        ))}
        {step < from ? null : (
          <line x1={x(Math.min(step, to))} x2={x(Math.min(step, to))} y1={TOP - 4} y2={HEIGHT + BAND + 6} class="ls-samples-cursor" />
        )}
        <polyline points={dots.map(({ p, i }) => `${place(i)},${y(p)}`).join(' ')} stroke={colour} class="ls-samples-confidence" />
        {dots.length > DOTS
          ? null
          : dots.map(({ p, i, is }) => (
              <circle
                key={i}
                cx={place(i)}
                cy={y(p)}
                r={3.5}
                stroke={colour}
                fill={is === 'right' ? colour : undefined}
                class="ls-samples-dot"
              >
                <title>{`step ${inFull(steps[i] ?? 0)}: ${names.predicted(history.predicted[i] ?? 0)}, ${is}, ${rate(p)}`}</title>
              </circle>
            ))}
        {stretches(history, names).map((each) => {
          const [left, right] = [edge(each.first), edge(each.last + 1)];
          const name = names.predicted(each.predicted);
          return (
            <g key={each.first}>
              <title>{`${name}, ${each.verdict}, from step ${inFull(steps[each.first] ?? 0)} to ${inFull(steps[each.last] ?? 0)}`}</title>
              <rect
                x={left + 0.5}
                y={HEIGHT + 6}
                width={Math.max(1, right - left - 1)}
                height={BAND}
                rx={2}
                class={`ls-samples-band-${each.verdict}`}
              />
              {name.length * LETTER < right - left - 6 ? (
                <text x={(left + right) / 2} y={HEIGHT + 6 + BAND / 2 + 4} text-anchor="middle" class="ls-samples-band-text">
                  {name}
                </text>
              ) : null}
            </g>
          );
        })}
        <text x={LEFT} y={HEIGHT + BAND + 20}>
          step {inFull(from)}
        </text>
        {to === from ? null : (
          <text x={width - RIGHT} y={HEIGHT + BAND + 20} text-anchor="end">
            {inFull(to)}
          </text>
        )}
      </svg>
      <p class="ls-soft ls-samples-key">
        line: {names.positive === undefined ? 'confidence' : `probability of ${names.predicted(names.positive)}`}; filled: right, hollow:
        wrong; below: what was predicted
      </p>
      <table class="ls-hidden" data-testid="sample-history">
        <caption>the sample at each evaluation</caption>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col">predicted</th>
            <th scope="col">verdict</th>
            <th scope="col">confidence</th>
            <th scope="col">loss</th>
          </tr>
        </thead>
        <tbody>
          {dots.map(({ p, i, is }) => (
            <tr key={i}>
              <td>{steps[i]}</td>
              <td>{names.predicted(history.predicted[i] ?? 0)}</td>
              <td>{is}</td>
              <td>{exact(p)}</td>
              <td>{Number.isNaN(history.loss[i] ?? Number.NaN) ? '–' : exact(history.loss[i] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
