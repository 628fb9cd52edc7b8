import { useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { gutterOf, RIGHT } from '../../charts/axis';
import { theme } from '../../charts/colour';
import { Over } from '../../charts/Over';
import { MARK, Marks, StepMarks } from '../../charts/StepMarks';
import type { StepAxis } from '../../charts/use_step_axis';
import { zoomKey } from '../../charts/zoom_key';
import { Label } from '../../components/Label';
import { hideTooltip, showTooltip } from '../../components/tooltip';
import { announce } from '../../live';
import { number } from '../../math/format';
import { countInWords, lastAt, lastNear } from '../../math/series';
import { beyond, standing, symlogOf, symlogTicks } from '../../math/symlog';
import type { Picture } from './choices';
import { HiddenTable } from './HiddenTable';
import { heightOf, inkOf, paintBands, paintRidges, ridgeAt, ridgeBase, ridgeSteps } from './paint';
import type { Spread } from './spreads_of';
import { counted, facts, spoken, warnings } from './words';

interface Props {
  readonly spread: Spread;
  readonly picture: Picture;
  readonly axis: StepAxis;
  /** Where the steps stand. */
  readonly x: Float64Array;
  readonly width: number;
  readonly height: number;
  readonly step: number;
  /** Marks of the axis below it. */
  readonly labelled: boolean;
  readonly select: (step: number) => void;
  /** The selected layer is let go; undefined where none is. */
  readonly onLeave: (() => void) | undefined;
}

/** Steps of which ridges are drawn at most. */
export const RIDGES = 14;
/** Marks of the upright axis stand this far apart at least. */
const UPRIGHT = 17;

/** One parameter: bands over the steps, or ridges; one tab stop, the arrow keys go from step to step. */
export function SpreadPicture({ spread, picture, axis, x, width, height, step, labelled, select, onLeave }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useSignal<number | null>(null);
  const scale = useMemo(() => symlogOf(spread.bins), [spread]);
  const gutter = gutterOf(width);
  const inner = Math.max(1, Math.round(width - gutter - RIGHT));
  const ratio = window.devicePixelRatio || 1;
  const [from, to] = axis.shown;
  const shade = theme.value;
  const here = Math.max(0, lastNear(x, axis.at ?? to));
  const rows = useMemo(() => (picture === 'ridges' ? ridgeSteps(x, [from, to], here, RIDGES) : []), [picture, x, from, to, here]);

  // The theme is among what it depends on: it changes what the ink is.
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (canvas.current === null || context == null || scale === undefined) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, inner, height);
    const ink = inkOf(canvas.current);
    if (picture === 'ridges') paintRidges(context, spread, rows, here, scale, { width: inner, height }, ink);
    else paintBands(context, spread, x, [from, to], scale, { width: inner, height });
  }, [spread, picture, rows, here, x, from, to, inner, height, ratio, scale, shade]);

  const said = warnings(spread.bins, scale === undefined ? 0 : beyond(spread.bins, scale));
  const goTo = (i: number) => {
    const at = Math.max(0, Math.min(spread.bins.length - 1, i));
    const bins = spread.bins[at];
    cursor.value = at;
    if (bins !== undefined) announce(spoken(spread, bins, at));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor.value ?? here;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at - 10, PageDown: at + 10, Home: 0, End: spread.bins.length - 1 }[
      event.key
    ];
    if (next !== undefined) goTo(next);
    else if (event.key === 'Enter') select(spread.step[at] ?? 0);
    // A zoom ends with Esc, too: once the layer is let go.
    else if (event.key === 'Escape' && onLeave !== undefined) onLeave();
    else if (!zoomKey(event.key, axis, x[at] ?? 0)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = cursor.value ?? here;
  const placeOf = (place: number) => Math.max(0, lastNear(x, place));
  return (
    <section class="ls-distributions-one" data-path={spread.path}>
      <h4>
        <Label text={spread.path} max={56} />
        <span class="ls-soft"> {counted(spread)}</span>
        {said.map((each) => (
          <span key={each} class="ls-distributions-odd">
            {each}
          </span>
        ))}
      </h4>
      {scale === undefined ? null : (
        <div class="ls-distributions-picture" style={{ height: `${height + (labelled || picture === 'ridges' ? 22 : 4)}px` }}>
          {picture === 'bands'
            ? symlogTicks(scale, Math.max(3, height / UPRIGHT)).map((value) => (
                <span
                  key={value}
                  class="ls-distributions-mark"
                  style={{ top: `${Math.min(height - 6, Math.max(6, heightOf(value, scale, height)))}px`, width: `${gutter - 8}px` }}
                >
                  {number(value)}
                </span>
              ))
            : rows.map((i, r) => (
                <span
                  key={i}
                  class={`ls-distributions-mark ${i === here ? 'ls-distributions-chosen' : ''}`}
                  style={{ top: `${ridgeBase(r, rows.length, height)}px`, width: `${gutter - 8}px` }}
                >
                  {markText(spread, i, r === 0 || i === here || r === rows.length - 1)}
                </span>
              ))}
          <div
            class="ls-distributions-plot"
            role="application"
            aria-label={`${spread.of} of ${spread.path}: arrow keys go from step to step, Enter selects, Escape goes back, plus and minus zoom`}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the one tab stop of the picture.
            tabIndex={0}
            style={{ left: `${gutter}px`, width: `${inner}px`, height: `${height}px` }}
            onKeyDown={onKeyDown}
            onFocus={(event) => {
              if (event.currentTarget.matches(':focus-visible')) goTo(at);
            }}
            onBlur={() => {
              cursor.value = null;
            }}
          >
            <canvas
              ref={canvas}
              width={Math.max(1, Math.round(inner * ratio))}
              height={Math.round(height * ratio)}
              style={{ width: `${inner}px`, height: `${height}px` }}
            />
            {picture === 'bands' ? (
              <>
                {cursor.value === null ? null : (
                  <div class="ls-distributions-cursor" style={{ left: `${100 * (((x[at] ?? 0) - from) / (to - from))}%` }} />
                )}
                <Over
                  shown={axis.shown}
                  at={axis.at}
                  snap={(place) => x[placeOf(place)]}
                  readout={(place) => <Tip spread={spread} i={placeOf(place)} />}
                  choose={(place, y) => (y === undefined ? axis.choose(place) : select(spread.step[placeOf(place)] ?? 0))}
                  zoom={axis.zoom}
                  remember={axis.remember}
                />
              </>
            ) : (
              <RidgePicks rows={rows} spread={spread} height={height} select={select} />
            )}
          </div>
          {picture === 'ridges' ? (
            <Marks
              marks={symlogTicks(scale, Math.max(3, inner / MARK)).map((value) => ({ at: share(value, scale), text: number(value) }))}
              top={height + 3}
              left={gutter}
              width={inner}
            />
          ) : labelled ? (
            <StepMarks axis={axis} top={height + 3} left={gutter} width={inner} />
          ) : null}
        </div>
      )}
      <HiddenTable spread={spread} i={cursor.value ?? Math.max(0, lastAt(spread.step, step))} />
    </section>
  );
}

/** What a ridge is of: the number alone, or with what it counts. */
function markText({ counts, step }: Spread, i: number, whole: boolean): string {
  const text = countInWords(counts, step[i] ?? 0);
  return whole ? text : text.slice(text.indexOf(' ') + 1);
}

function share(value: number, scale: { readonly unit: number; readonly low: number; readonly high: number }): number {
  const [low, high] = [standing(scale.low, scale), standing(scale.high, scale)];
  return (standing(value, scale) - low) / (high - low);
}

/** What takes the pointer over ridges: each row tells its numbers and selects its step. */
function RidgePicks({
  rows,
  spread,
  height,
  select,
}: {
  rows: readonly number[];
  spread: Spread;
  height: number;
  select: (step: number) => void;
}) {
  const rowAt = (event: MouseEvent) => {
    const top = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect().top : 0;
    return rows[ridgeAt(event.clientY - top, rows.length, height)] ?? 0;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way is the picture itself.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the same.
    <div
      class="ls-distributions-picks"
      onClick={(event) => select(spread.step[rowAt(event)] ?? 0)}
      onMouseMove={(event) => showTooltip(<Tip spread={spread} i={rowAt(event)} />, event.clientX, event.clientY)}
      onMouseLeave={hideTooltip}
    />
  );
}

function Tip({ spread, i }: { spread: Spread; i: number }) {
  const bins = spread.bins[i];
  if (bins === undefined) return null;
  return (
    <div class="ls-distributions-tip">
      <b>{spread.path}</b>
      <div>{countInWords(spread.counts, spread.step[i] ?? 0)}</div>
      <table>
        <tbody>
          {facts(bins).map(([name, value]) => (
            <tr key={name}>
              <th>{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
