import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import type { Place } from '../../math/curve';

/** What lies along one side of a picture. */
export interface Axis {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
}

interface Tick {
  readonly at: number;
  readonly text: string;
  /** Which end of the text stands at the place of a horizontal axis; the middle by default. */
  readonly anchor?: 'start' | 'end';
}

/** The dot that is dragged, and where it stands. */
export interface Handle {
  readonly label: string;
  readonly at: Place;
  /** A line across at the place, instead of a dot alone. */
  readonly line?: boolean;
  readonly chosen: boolean;
  readonly value: number;
  readonly text: string;
  /** Moves so many thresholds on; ±Infinity goes to the end. */
  readonly onMove: (by: number) => void;
  /** A place under the pointer, in values of the axes, with their pixels for distances. `done` when it is let go. */
  readonly onPoint: (place: Place, scale: Place, done: boolean) => void;
}

interface Props {
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  /** What is drawn, in a sentence. */
  readonly label: string;
  readonly handle?: Handle | undefined;
  readonly colour: string;
  /** Room for marks and title below; without it none are written there. */
  readonly bottom?: number;
  readonly children: (at: (place: Place) => Place) => ComponentChildren;
}

const LEFT = 46;
const RIGHT = 8;
const TOP = 6;
const BOTTOM = 34;
/** Least distance of two marks of an axis. */
const APART = 15;

/** Height at which the inside of a picture of this width is square. */
export function square(width: number): number {
  return width - LEFT - RIGHT + TOP + BOTTOM;
}

/** Where a value from 0 to 1 stands across a picture of this width, in pixels. */
export function across(width: number, value: number): number {
  return LEFT + (width - LEFT - RIGHT) * value;
}

/** A picture with two axes; what is in it is clipped to its frame. */
export function Plane({ width, height, x, y, label, handle, colour, bottom = BOTTOM, children }: Props) {
  const clip = useId();
  const [w, h] = [Math.max(1, width - LEFT - RIGHT), Math.max(1, height - TOP - bottom)];
  const at = ([px, py]: Place): Place => [LEFT + (w * (px - x.from)) / (x.to - x.from), TOP + h * (1 - (py - y.from) / (y.to - y.from))];
  const spot = handle === undefined ? undefined : at(handle.at);
  return (
    <div class="ls-curves-plane" style={{ width: `${width}px`, height: `${height}px` }}>
      <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
        <clipPath id={clip}>
          <rect x={LEFT - 1} y={TOP - 1} width={w + 2} height={h + 2} />
        </clipPath>
        <g class="ls-curves-grid">
          {x.ticks.map((tick) => (
            <line key={tick.at} x1={at([tick.at, 0])[0]} x2={at([tick.at, 0])[0]} y1={TOP} y2={TOP + h} />
          ))}
          {y.ticks.map((tick) => (
            <line key={tick.at} x1={LEFT} x2={LEFT + w} y1={at([0, tick.at])[1]} y2={at([0, tick.at])[1]} />
          ))}
        </g>
        <rect class="ls-curves-frame" x={LEFT} y={TOP} width={w} height={h} />
        <g clip-path={`url(#${clip})`}>
          {children(at)}
          {spot !== undefined && handle?.line === true ? (
            <line class="ls-curves-at" x1={spot[0]} x2={spot[0]} y1={TOP} y2={TOP + h} />
          ) : null}
        </g>
        {spot === undefined ? null : (
          <circle
            class={handle?.chosen ? 'ls-curves-dot' : 'ls-curves-dot ls-curves-unset'}
            cx={spot[0]}
            cy={spot[1]}
            r="4.5"
            style={handle?.chosen ? { stroke: colour, fill: colour } : { stroke: colour }}
          />
        )}
        <g class="ls-curves-ticks">
          {x.ticks.map((tick) => (
            <text key={tick.at} x={at([tick.at, 0])[0]} y={TOP + h + 13} text-anchor={tick.anchor ?? 'middle'}>
              {tick.text}
            </text>
          ))}
          {y.ticks.map((tick) => (
            <text key={tick.at} x={LEFT - 5} y={at([0, tick.at])[1] + 4} text-anchor="end">
              {tick.text}
            </text>
          ))}
          <text x={LEFT + w / 2} y={height - 5} text-anchor="middle">
            {x.title}
          </text>
          <text transform={`translate(9 ${TOP + h / 2}) rotate(-90)`} text-anchor="middle">
            {y.title}
          </text>
        </g>
      </svg>
      {handle === undefined || spot === undefined ? null : (
        <Grip handle={handle} spot={spot} box={{ left: LEFT, top: TOP, width: w, height: h }} x={x} y={y} />
      )}
    </div>
  );
}

interface GripProps {
  readonly handle: Handle;
  readonly spot: Place;
  readonly box: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly x: Axis;
  readonly y: Axis;
}

/** What a pointer and the keys take hold of. */
function Grip({ handle, spot, box, x, y }: GripProps) {
  const isDown = useRef(false);
  const grip = useRef<HTMLDivElement>(null);
  const point = (event: PointerEvent, done: boolean) => {
    if (!(event.currentTarget instanceof HTMLElement)) return;
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const [u, v] = [(event.clientX - left) / width, 1 - (event.clientY - top) / height];
    const [spanX, spanY] = [x.to - x.from, y.to - y.from];
    handle.onPoint([x.from + u * spanX, y.from + v * spanY], [box.width / spanX, box.height / spanY], done);
  };
  const press = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    handle.onMove(by);
  };
  return (
    <div
      class="ls-curves-over"
      style={{ left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        isDown.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
        grip.current?.focus({ preventScroll: true });
        point(event, false);
      }}
      onPointerMove={(event) => {
        if (isDown.current) point(event, false);
      }}
      onPointerUp={(event) => {
        if (isDown.current) point(event, true);
        isDown.current = false;
      }}
      onPointerCancel={() => {
        isDown.current = false;
      }}
    >
      <div
        ref={grip}
        class="ls-curves-grip"
        role="slider"
        tabIndex={0}
        aria-label={handle.label}
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={handle.value}
        aria-valuetext={handle.text}
        style={{ left: `${spot[0] - box.left}px`, top: `${spot[1] - box.top}px` }}
        onKeyDown={press}
      />
    </div>
  );
}

/** Thresholds that a key goes on by; a Page key goes a tenth of all. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 0.1,
  PageDown: -0.1,
  End: Number.POSITIVE_INFINITY,
  Home: Number.NEGATIVE_INFINITY,
};

/** A line through places, as a path. */
export function path(places: readonly Place[], at: (place: Place) => Place): string {
  let text = '';
  for (const place of places) {
    const [px, py] = at(place);
    text += `${text === '' ? 'M' : 'L'}${px.toFixed(2)} ${py.toFixed(2)}`;
  }
  return text;
}

/** 0, 0.2, …, 1, for rates. */
export const RATES: Axis['ticks'] = [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => ({ at, text: String(at) }));

/** Where both rates are the same. */
export const DIAGONAL: readonly Place[] = [
  [0, 0],
  [1, 1],
];

/** Marks that have room, the first ones first. */
export function roomy(ticks: Axis['ticks'], pixels: number, from: number, to: number, apart = APART): Axis['ticks'] {
  const kept: Axis['ticks'][number][] = [];
  for (const tick of ticks) {
    if (kept.every((other) => (Math.abs(other.at - tick.at) * pixels) / (to - from) >= apart)) kept.push(tick);
  }
  return kept;
}
