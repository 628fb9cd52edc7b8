import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { gutterOf, RIGHT } from '../../charts/axis';
import { notFinite, theme } from '../../charts/colour';
import { Over } from '../../charts/Over';
import { MARK, Marks, StepMarks } from '../../charts/StepMarks';
import type { StepAxis } from '../../charts/use_step_axis';
import { zoomKey } from '../../charts/zoom_key';
import { Label } from '../../components/Label';
import { hideTooltip, showTooltip } from '../../components/tooltip';
import { announce } from '../../live';
import { inFull, number } from '../../math/format';
import { countInWords, lastAt, lastNear } from '../../math/series';
import { beyond, isLinear, type Symlog, symlogOf } from '../../math/symlog';
import type { Moments } from '../../math/tensor_moments';
import type { Picture } from './choices';
import { HiddenTable } from './HiddenTable';
import { marksOf } from './marks';
import { inkOf, type Over as Line, outlineOf, paintBands, paintOver, paintRidges, ridgeAt, ridgeBase, ridgeSteps } from './paint';
import type { Spread } from './spreads_of';
import { counted, facts, spoken, warnings } from './words';

/** The exact mean and deviation of the values, and where their steps stand. */
export interface PlacedMoments extends Moments {
  readonly x: Float64Array;
}

/** The same parameter in another training. */
export interface Reference {
  readonly name: string;
  readonly spread: Spread;
  readonly x: Float64Array;
  readonly colour: string;
}

interface Props {
  readonly spread: Spread;
  readonly moments: PlacedMoments | undefined;
  readonly reference: Reference | undefined;
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
const UPRIGHT = 16;
/** The axis where there is no value to have one. */
const NO_VALUE: Symlog = { unit: 1, low: -1, high: 1 };

/** One parameter: bands over the steps, or ridges; one tab stop, the arrow keys go from step to step. */
export function SpreadPicture({ spread, moments, reference, picture, axis, x, width, height, step, labelled, select, onLeave }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useSignal<number | null>(null);
  const found = useMemo(() => symlogOf([...spread.bins, ...(reference?.spread.bins ?? [])]), [spread, reference?.spread]);
  const scale = found ?? NO_VALUE;
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
    if (canvas.current === null || context == null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, inner, height);
    const ink = inkOf(canvas.current);
    const frame = { width: inner, height };
    if (picture === 'ridges') {
      const beside = reference && {
        ...reference,
        at: rows.map((i) => lastNear(reference.x, x[i] ?? Number.NaN)),
      };
      paintRidges(context, spread, rows, here, scale, frame, ink, beside);
    } else {
      paintBands(context, spread, x, [from, to], scale, frame);
      const lines: Line[] = moments === undefined ? [] : [...momentLines(moments, ink.strong)];
      if (reference !== undefined) lines.push(...outlineOf(reference.spread, reference.x, scale, reference.colour));
      paintOver(context, lines, [from, to], scale, frame);
    }
  }, [spread, moments, reference, picture, rows, here, x, from, to, inner, height, ratio, scale, shade]);

  const said = warnings(spread, beyond(spread.bins, scale));
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
        <span class="ls-soft">
          {' '}
          {counted(spread)}
          {found === undefined ? '' : isLinear(scale) ? ' · linear' : ' · symmetric log'}
        </span>
        {said.map(({ text, isOdd }) => (
          <span key={text} class="ls-distributions-odd" style={isOdd ? { color: notFinite() } : undefined}>
            {text}
          </span>
        ))}
      </h4>
      <div class="ls-distributions-picture" style={{ height: `${height + (labelled || picture === 'ridges' ? 22 : 4)}px` }}>
        {picture === 'bands'
          ? (found === undefined ? [] : uprightMarks(scale, height)).map(({ value, text, at: share }) => (
              <span
                key={value}
                class="ls-distributions-mark"
                style={{ top: `${Math.min(height - 6, Math.max(6, height * (1 - share)))}px`, width: `${gutter - 8}px` }}
              >
                {text}
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
                readout={(place) => <Tip spread={spread} i={placeOf(place)} moments={moments} reference={reference} at={place} />}
                choose={(place, y) => (y === undefined ? axis.choose(place) : select(spread.step[placeOf(place)] ?? 0))}
                zoom={axis.zoom}
                remember={axis.remember}
              />
            </>
          ) : (
            <RidgePicks
              rows={rows}
              spread={spread}
              height={height}
              select={select}
              tip={(i) => <Tip spread={spread} i={i} moments={moments} reference={reference} at={x[i] ?? Number.NaN} />}
            />
          )}
        </div>
        {picture === 'ridges' ? (
          <Marks marks={found === undefined ? [] : marksOf(scale, inner, MARK)} top={height + 3} left={gutter} width={inner} />
        ) : labelled ? (
          <StepMarks axis={axis} top={height + 3} left={gutter} width={inner} />
        ) : null}
      </div>
      <HiddenTable spread={spread} i={cursor.value ?? Math.max(0, lastAt(spread.step, step))} />
    </section>
  );
}

/** Marks that have room for what they say; those at the very ends only where there are no others. */
function uprightMarks(scale: Symlog, height: number) {
  const marks = marksOf(scale, height, UPRIGHT);
  const inside = marks.filter(({ at }) => at * height >= 6 && at * height <= height - 6);
  return inside.length >= 3 ? inside : marks;
}

/** What a ridge is of: the number alone, or with what it counts. */
function markText({ counts, step }: Spread, i: number, whole: boolean): string {
  const text = countInWords(counts, step[i] ?? 0);
  return whole ? text : text.slice(text.indexOf(' ') + 1);
}

/** The mean, and one standard deviation to each side of it. */
function momentLines({ x, mean, deviation }: PlacedMoments, colour: string): readonly Line[] {
  const line = (sign: number): Line => ({
    x,
    value: mean.map((m, i) => m + sign * (deviation[i] ?? Number.NaN)),
    colour,
    width: sign === 0 ? 1 : 0.75,
    dash: sign === 0 ? [] : [2, 2],
    isStepped: false,
  });
  return [line(-1), line(1), line(0)];
}

/** What takes the pointer over ridges: each row tells its numbers and selects its step. */
function RidgePicks({
  rows,
  spread,
  height,
  select,
  tip,
}: {
  rows: readonly number[];
  spread: Spread;
  height: number;
  select: (step: number) => void;
  tip: (i: number) => ComponentChildren;
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
      onMouseMove={(event) => showTooltip(tip(rowAt(event)), event.clientX, event.clientY)}
      onMouseLeave={hideTooltip}
    />
  );
}

interface TipProps {
  readonly spread: Spread;
  readonly i: number;
  readonly moments: PlacedMoments | undefined;
  readonly reference: Reference | undefined;
  /** Where the step stands. */
  readonly at: number;
}

/** The numbers of a step; those of the reference beside them. */
function Tip({ spread, i, moments, reference, at }: TipProps) {
  const bins = spread.bins[i];
  if (bins === undefined) return null;
  const other = reference?.spread.bins[lastNear(reference.x, at)];
  const others = other === undefined ? undefined : facts(other);
  const m = moments === undefined ? -1 : lastNear(moments.x, at);
  return (
    <div class="ls-distributions-tip">
      <b>{spread.path}</b>
      <div>{countInWords(spread.counts, spread.step[i] ?? 0)}</div>
      <table>
        {others === undefined ? null : (
          <thead>
            <tr>
              <td />
              <td />
              <th scope="col">
                <Label text={reference?.name ?? ''} max={18} />
              </th>
            </tr>
          </thead>
        )}
        <tbody>
          {facts(bins).map(([name, value], k) => (
            <tr key={name}>
              <th>{name}</th>
              <td>{value}</td>
              {others === undefined ? null : <td class="ls-soft">{others[k]?.[1]}</td>}
            </tr>
          ))}
          {moments === undefined || m < 0 ? null : (
            <tr>
              <th>mean ± deviation</th>
              <td>
                {number(moments.mean[m] ?? Number.NaN)} ± {number(moments.deviation[m] ?? Number.NaN)}
                {moments.x[m] === at ? '' : `, step ${inFull(moments.step[m] ?? 0)}`}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
