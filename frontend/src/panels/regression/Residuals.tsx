import { useSignal } from '@preact/signals';
import { valueTexts, valueTicks } from '../../charts/ticks';
import { Term } from '../../components/Term';
import { hideTooltip, showTooltip } from '../../components/tooltip';
import { announce } from '../../live';
import { inFull, number } from '../../math/format';
import { Swatch } from './Figures';
import { signedText } from './words';

/** Errors at one evaluation: the bounds of all but 2.5 % on either side, of the middle half, and the median. */
export interface Spread {
  readonly step: number;
  /** 2.5, 25, 50, 75 and 97.5 %; NaN where no value counts. */
  readonly at: readonly number[];
}

/** The spreads of a training. */
export interface Track {
  readonly name: string;
  readonly colour: string;
  readonly spreads: readonly Spread[];
}

export const SHARES = [0.025, 0.25, 0.5, 0.75, 0.975] as const;

interface Props {
  /** The one in focus first. */
  readonly tracks: readonly Track[];
  readonly width: number;
  readonly height: number;
  /** The step whose evaluation is shown. */
  readonly step: number;
  readonly name: string;
  readonly onStep: (step: number) => void;
}

const LEFT = 58;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 36;
/** Half the width of what stands for a single evaluation. */
const ALONE = 14;
/** More points than these are a line alone. */
const DOTS = 60;

/** How errors spread at each evaluation; one tab stop, the arrow keys go from step to step. */
export function Residuals({ tracks, width, height, step, name, onStep }: Props) {
  const cursor = useSignal<number | null>(null);
  const own = tracks[0]?.spreads ?? [];
  const all = tracks.flatMap(({ spreads }) => spreads);
  const ends = all.flatMap(({ at }) => [at[0] ?? Number.NaN, at[4] ?? Number.NaN]).filter(Number.isFinite);
  const [bottom, top] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const room = (top - bottom || 2) * 0.04;
  const [low, high] = [bottom - room, top + room];
  const steps = all.map((each) => each.step);
  const [from, to] = [Math.min(...steps), Math.max(...steps)];
  const inner = Math.max(40, width - LEFT - RIGHT);
  const x = (at: number) => (to > from ? LEFT + (inner * (at - from)) / (to - from) : LEFT + inner / 2);
  const y = (at: number) => TOP + (height - TOP - BOTTOM) * (1 - (at - low) / (high - low));
  const ticks = valueTicks([low, high], 'linear', 5);
  const texts = valueTexts(ticks);
  const marks = to > from ? valueTicks([from, to], 'linear', Math.max(2, Math.round(inner / 110))).filter(Number.isInteger) : [from];
  const here = Math.max(
    0,
    own.findLastIndex((each) => each.step <= step),
  );
  const nearest = (event: MouseEvent) => {
    const left = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect().left : 0;
    const at = event.clientX - left;
    return own.reduce((best, each, i) => (Math.abs(x(each.step) - at) < Math.abs(x(own[best]?.step ?? 0) - at) ? i : best), 0);
  };
  const goTo = (i: number) => {
    const next = Math.max(0, Math.min(own.length - 1, i));
    cursor.value = next;
    const spread = own[next];
    if (spread !== undefined) announce(`step ${inFull(spread.step)}: ${words(spread).join('; ')}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor.value ?? here;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - 10, PageDown: at + 10, Home: 0, End: own.length - 1 }[event.key];
    const chosen = own[at];
    if (next !== undefined) goTo(next);
    else if (event.key === 'Enter' && chosen !== undefined) onStep(chosen.step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const marked = own[cursor.value ?? -1];
  const shown = own[here];
  return (
    <section class="ls-regression-card" data-picture="residuals" aria-label="residuals over the steps">
      <h3>
        <Term name="residuals">residuals</Term> <span class="ls-soft">over the steps</span>
      </h3>
      <div
        class="ls-regression-plane ls-regression-steps"
        role="application"
        aria-label="residuals at each evaluation: arrow keys go from step to step, Enter selects"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the one tab stop of the picture.
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => {
          cursor.value = null;
        }}
        onClick={(event) => {
          const spread = own[nearest(event)];
          if (spread !== undefined) onStep(spread.step);
        }}
        onMouseMove={(event) => {
          const spread = own[nearest(event)];
          if (spread === undefined) return;
          const [median, half, most] = words(spread);
          showTooltip(
            <>
              <b>step {inFull(spread.step)}</b>
              <div>{median}</div>
              <div>{half}</div>
              <div>{most}</div>
            </>,
            event.clientX,
            event.clientY,
          );
        }}
        onMouseLeave={hideTooltip}
      >
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <g class="ls-regression-grid">
            {ticks.map((tick) => (
              <line key={tick} x1={LEFT} x2={LEFT + inner} y1={y(tick)} y2={y(tick)} />
            ))}
          </g>
          <line class="ls-regression-zero" x1={LEFT} x2={LEFT + inner} y1={y(0)} y2={y(0)} />
          {tracks.toReversed().map((track) => (
            <Bands key={track.name} track={track} isOwn={track === tracks[0]} x={x} y={y} />
          ))}
          {shown === undefined ? null : (
            <line class="ls-regression-at" x1={x(shown.step)} x2={x(shown.step)} y1={TOP} y2={height - BOTTOM} />
          )}
          {marked === undefined ? null : (
            <line class="ls-regression-here" x1={x(marked.step)} x2={x(marked.step)} y1={TOP} y2={height - BOTTOM} />
          )}
          <rect class="ls-regression-frame" x={LEFT} y={TOP} width={inner} height={height - TOP - BOTTOM} />
          {ticks.map((tick, k) => (
            <text key={tick} x={LEFT - 5} y={y(tick) + 4} text-anchor="end">
              {texts[k]}
            </text>
          ))}
          {marks.map((mark) => (
            <text key={mark} x={x(mark)} y={height - 20} text-anchor="middle">
              {number(mark)}
            </text>
          ))}
          <text class="ls-regression-axis" x={LEFT + inner / 2} y={height - 4} text-anchor="middle">
            step
          </text>
          <text class="ls-regression-axis" transform={`translate(10 ${(TOP + height - BOTTOM) / 2}) rotate(-90)`} text-anchor="middle">
            predicted − true{name === '' ? '' : ` ${name}`}
          </text>
        </svg>
      </div>
      <Legend tracks={tracks} />
      <HiddenTable tracks={tracks} />
    </section>
  );
}

function Bands({ track, isOwn, x, y }: { track: Track; isOwn: boolean; x: (at: number) => number; y: (at: number) => number }) {
  const there = track.spreads.filter(({ at }) => at.every(Number.isFinite));
  const line = (k: number) => there.map(({ step, at }) => `${x(step).toFixed(1)} ${y(at[k] ?? 0).toFixed(1)}`);
  const area = (a: number, b: number) => (there.length === 0 ? '' : `M${line(a).join('L')}L${line(b).toReversed().join('L')}Z`);
  const [only] = there;
  if (only !== undefined && there.length === 1) {
    const box = (a: number, b: number) => {
      const [high, low] = [y(only.at[b] ?? 0), y(only.at[a] ?? 0)];
      return { x: x(only.step) - ALONE, y: high, width: 2 * ALONE, height: Math.max(1, low - high) };
    };
    const median = y(only.at[2] ?? 0);
    return (
      <>
        {isOwn ? (
          <>
            <rect class="ls-regression-most" fill={track.colour} stroke={track.colour} {...box(0, 4)} />
            <rect class="ls-regression-half" fill={track.colour} {...box(1, 3)} />
          </>
        ) : (
          <rect class="ls-regression-outline" stroke={track.colour} {...box(0, 4)} />
        )}
        <line
          class="ls-regression-median"
          stroke={track.colour}
          x1={x(only.step) - ALONE}
          x2={x(only.step) + ALONE}
          y1={median}
          y2={median}
        />
      </>
    );
  }
  return (
    <>
      {isOwn ? (
        <>
          <path class="ls-regression-most" fill={track.colour} stroke={track.colour} d={area(0, 4)} />
          <path class="ls-regression-half" fill={track.colour} d={area(1, 3)} />
        </>
      ) : (
        [0, 4].map((k) => <polyline key={k} class="ls-regression-outline" stroke={track.colour} points={line(k).join(' ')} />)
      )}
      <polyline class="ls-regression-median" stroke={track.colour} points={line(2).join(' ')} />
      {isOwn && there.length <= DOTS
        ? there.map(({ step, at }) => <circle key={step} cx={x(step)} cy={y(at[2] ?? 0)} r="2.5" fill={track.colour} />)
        : null}
    </>
  );
}

function Legend({ tracks }: { tracks: readonly Track[] }) {
  const [own, ...others] = tracks;
  if (own === undefined) return null;
  return (
    <div class="ls-regression-legend">
      <span class="ls-regression-key">
        <Swatch colour={own.colour} dashed={false} /> median
      </span>
      <span class="ls-regression-key">
        <Patch colour={own.colour} kind="half" /> middle 50 %
      </span>
      <span class="ls-regression-key">
        <Patch colour={own.colour} kind="most" /> 95 %
      </span>
      {others.map(({ name, colour }) => (
        <span key={name} class="ls-regression-key">
          <Swatch colour={colour} dashed={false} /> <bdi>{name}</bdi>: median, ends of 95 %
        </span>
      ))}
    </div>
  );
}

function Patch({ colour, kind }: { colour: string; kind: 'half' | 'most' }) {
  return (
    <svg width="14" height="10" viewBox="0 0 14 10" aria-hidden="true">
      <rect class={`ls-regression-${kind}`} fill={colour} width="14" height="10" />
    </svg>
  );
}

function HiddenTable({ tracks }: { tracks: readonly Track[] }) {
  return (
    <div class="ls-hidden">
      {tracks.map(({ name, spreads }) => (
        <table key={name} data-testid="residuals">
          <caption>Residuals of {name}</caption>
          <thead>
            <tr>
              <th scope="col">step</th>
              {SHARES.map((share) => (
                <th key={share} scope="col">
                  {100 * share} %
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {spreads.map(({ step, at }) => (
              <tr key={step}>
                <td>{step}</td>
                {at.map((each, k) => (
                  <td key={SHARES[k]}>{Number.isNaN(each) ? '–' : number(each)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

function words({ at }: Spread): readonly [string, string, string] {
  if (!at.every(Number.isFinite)) return ['no value counts', '', ''];
  const text = (k: number) => signedText(at[k] ?? 0, number);
  return [`median ${text(2)}`, `middle 50 %: ${text(1)} to ${text(3)}`, `95 %: ${text(0)} to ${text(4)}`];
}
