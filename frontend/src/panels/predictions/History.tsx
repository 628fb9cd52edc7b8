import { useRef } from 'preact/hooks';
import { Label } from '../../components/Label';
import { called } from '../../frame/shown';
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
  /** The same sample in another training, drawn over it. */
  readonly other?: Overlaid | undefined;
  readonly onStep: (step: number) => void;
}

export interface Overlaid {
  readonly history: SampleHistory;
  readonly names: Names;
  readonly colour: string;
  readonly training: string;
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
export function History({ history, names, step, colour, other, onStep }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 420);
  const { step: steps } = history;
  const there = other?.history.step;
  const first = steps[0] ?? 0;
  const from = Math.min(first, there?.[0] ?? first);
  const to = Math.max(steps.at(-1) ?? from, there?.at(-1) ?? from);
  const x = (at: number) => (to === from ? (LEFT + width - RIGHT) / 2 : LEFT + ((at - from) / (to - from)) * (width - LEFT - RIGHT));
  const y = (p: number) => TOP + (1 - p) * (HEIGHT - TOP);
  const place = (i: number) => x(steps[i] ?? 0);
  const dots = dotsOf(history, names);
  const dotsThere = other === undefined ? [] : dotsOf(other.history, other.names);
  const placeThere = (i: number) => x(there?.[i] ?? 0);
  const sentence = historySentence(history, names);
  // Half-way to the neighbours.
  const edge = (i: number) =>
    i <= 0
      ? from < first
        ? place(0)
        : LEFT
      : i >= steps.length
        ? to > (steps.at(-1) ?? to)
          ? place(i - 1)
          : width - RIGHT
        : (place(i - 1) + place(i)) / 2;
  const nearest = (event: MouseEvent) => {
    const frame = box.current?.getBoundingClientRect();
    const at = event.clientX - (frame?.left ?? 0);
    return Array.from(steps).reduce((best, each) => (Math.abs(x(each) - at) < Math.abs(x(best) - at) ? each : best), first);
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
        {other === undefined ? null : (
          <g data-testid="history-there">
            <title>{called(other.training)}</title>
            <polyline
              points={dotsThere.map(({ p, i }) => `${placeThere(i)},${y(p)}`).join(' ')}
              stroke={other.colour}
              stroke-dasharray="4 3"
              class="ls-samples-confidence"
            />
            {dotsThere.length > DOTS
              ? null
              : dotsThere.map(({ p, i, is }) => (
                  <circle
                    key={i}
                    cx={placeThere(i)}
                    cy={y(p)}
                    r={3}
                    stroke={other.colour}
                    fill={is === 'right' ? other.colour : undefined}
                    class="ls-samples-dot"
                  >
                    <title>{`${called(other.training)}, step ${inFull(there?.[i] ?? 0)}: ${other.names.predicted(other.history.predicted[i] ?? 0)}, ${is}, ${rate(p)}`}</title>
                  </circle>
                ))}
          </g>
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
        {other === undefined ? null : (
          <>
            ; dashed: <Label text={called(other.training)} max={24} />. There: {historySentence(other.history, other.names)}
          </>
        )}
      </p>
      <Told history={history} names={names} testid="sample-history" caption="the sample at each evaluation" />
      {other === undefined ? null : (
        <Told
          history={other.history}
          names={other.names}
          testid="sample-history-there"
          caption={`the sample at each evaluation of ${called(other.training)}`}
        />
      )}
    </div>
  );
}

function dotsOf({ confidence, truth, predicted }: SampleHistory, names: Names) {
  return Array.from(confidence, (p, i) => ({ p, i, is: verdict({ truth, predicted: predicted[i] ?? 0 }, names) }));
}

/** The same for those who hear it. */
function Told({ history, names, testid, caption }: { history: SampleHistory; names: Names; testid: string; caption: string }) {
  return (
    <table class="ls-hidden" data-testid={testid}>
      <caption>{caption}</caption>
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
        {dotsOf(history, names).map(({ p, i, is }) => (
          <tr key={i}>
            <td>{history.step[i]}</td>
            <td>{names.predicted(history.predicted[i] ?? 0)}</td>
            <td>{is}</td>
            <td>{exact(p)}</td>
            <td>{Number.isNaN(history.loss[i] ?? Number.NaN) ? '–' : exact(history.loss[i] ?? 0)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
