import { useSignal } from '@preact/signals';
import { hideTooltip, showTooltip } from '../../components/tooltip';
import { announce } from '../../live';
import { inFull, number } from '../../math/format';
import { three } from './words';

/** A number at each evaluation. */
export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dash: string;
  /** Undefined where it is not defined: a gap. */
  readonly points: readonly { readonly step: number; readonly value: number | undefined }[];
}

interface Props {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly width: number;
  readonly step: number;
  readonly onStep: (step: number) => void;
}

const HEIGHT = 170;
const LEFT = 34;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 34;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Rates over the steps; one tab stop, the arrow keys go from step to step. */
export function OverSteps({ title, lines, width, step, onStep }: Props) {
  const cursor = useSignal<number | null>(null);
  const steps = [...new Set(lines.flatMap(({ points }) => points.map((each) => each.step)))].sort((a, b) => a - b);
  const [from, to] = [steps[0] ?? 0, steps.at(-1) ?? 0];
  const inner = Math.max(40, width - LEFT - RIGHT);
  const x = (at: number) => (to > from ? LEFT + (inner * (at - from)) / (to - from) : LEFT + inner / 2);
  const y = (rate: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - rate);
  const told = (at: number) => lines.map(({ name, points }) => `${name} ${three(points.findLast((each) => each.step <= at)?.value)}`);
  const nearest = (event: MouseEvent) => {
    const left = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect().left : 0;
    return steps.reduce(
      (best, each) => (Math.abs(x(each) - event.clientX + left) < Math.abs(x(best) - event.clientX + left) ? each : best),
      from,
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at =
      cursor.value ??
      Math.max(
        0,
        steps.findLastIndex((each) => each <= step),
      );
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: steps.length - 1 }[event.key];
    if (next !== undefined) {
      cursor.value = Math.max(0, Math.min(steps.length - 1, next));
      const there = steps[cursor.value] ?? 0;
      announce(`step ${inFull(there)}: ${told(there).join(', ')}`);
    } else if (event.key === 'Enter') onStep(steps[at] ?? 0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const marked = cursor.value === null ? undefined : steps[cursor.value];
  return (
    <section class="ls-multilabel-card" data-picture="over-steps" style={{ width: `${width}px` }} aria-label={`${title} over the steps`}>
      <h3>
        {title} <span class="ls-soft">over the steps</span>
      </h3>
      <div
        class="ls-multilabel-steps"
        role="application"
        aria-label={`${title} at each evaluation: arrow keys go from step to step, Enter selects`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the one tab stop of the picture.
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => {
          cursor.value = null;
        }}
        onClick={(event) => onStep(nearest(event))}
        onMouseMove={(event) => {
          const at = nearest(event);
          showTooltip(
            <>
              <b>step {inFull(at)}</b>
              {told(at).map((each) => (
                <div key={each}>{each}</div>
              ))}
            </>,
            event.clientX,
            event.clientY,
          );
        }}
        onMouseLeave={hideTooltip}
      >
        <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
          {TICKS.map((tick) => (
            <g key={tick}>
              <line class="ls-multilabel-grid" x1={LEFT} x2={LEFT + inner} y1={y(tick)} y2={y(tick)} />
              {tick * 2 === Math.round(tick * 2) ? (
                <text x={LEFT - 5} y={y(tick) + 4} text-anchor="end">
                  {tick}
                </text>
              ) : null}
            </g>
          ))}
          <line class="ls-multilabel-at" x1={x(Math.min(step, to))} x2={x(Math.min(step, to))} y1={TOP} y2={HEIGHT - BOTTOM} />
          {marked === undefined ? null : <line class="ls-multilabel-here" x1={x(marked)} x2={x(marked)} y1={TOP} y2={HEIGHT - BOTTOM} />}
          {lines.map((line) => (
            <g key={line.name}>
              <path class="ls-multilabel-line" stroke={line.colour} stroke-dasharray={line.dash} d={pathOf(line, x, y)} />
              {line.points.length > 40
                ? null
                : line.points.map(({ step: at, value }) =>
                    value === undefined ? null : <circle key={at} cx={x(at)} cy={y(value)} r="2.25" fill={line.colour} />,
                  )}
            </g>
          ))}
          {(to > from ? [from, to] : [from]).map((at) => (
            <text key={at} x={x(at)} y={HEIGHT - 20} text-anchor={to === from ? 'middle' : at === from ? 'start' : 'end'}>
              {number(at)}
            </text>
          ))}
          <text x={LEFT + inner / 2} y={HEIGHT - 4} text-anchor="middle">
            step
          </text>
        </svg>
      </div>
      <p class="ls-multilabel-key">
        {lines.map(({ name, colour, dash }) => (
          <span key={name}>
            <svg width="18" height="8" viewBox="0 0 18 8" aria-hidden="true">
              <line x1="0" x2="18" y1="4" y2="4" stroke={colour} stroke-width="2" stroke-dasharray={dash} />
            </svg>{' '}
            <bdi>{name}</bdi>
          </span>
        ))}
      </p>
      <table class="ls-hidden">
        <caption>{title} at each evaluation</caption>
        <tbody>
          {steps.map((at) => (
            <tr key={at}>
              <th scope="row">{at}</th>
              <td>{told(at).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function pathOf({ points }: Line, x: (at: number) => number, y: (rate: number) => number): string {
  let path = '';
  let isDown = false;
  for (const { step, value } of points) {
    if (value !== undefined) path += `${isDown ? 'L' : 'M'}${x(step).toFixed(1)} ${y(value).toFixed(1)}`;
    isDown = value !== undefined;
  }
  return path;
}
