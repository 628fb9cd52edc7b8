import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hideTooltip, showTooltip } from '../components/tooltip';
import { type Domain, zoomed } from '../math/domain';
import { gesture } from './gesture';
import './over.css';

interface Props {
  readonly shown: Domain;
  readonly at: number | undefined;
  /** The logged place next to one. */
  readonly snap: (x: number) => number | undefined;
  /** What the tooltip says at a logged place; `y` from the top of the picture in CSS pixels. */
  readonly readout: (x: number, y: number) => ComponentChildren;
  /** Chooses the step at a place; `y` where it was clicked, none while the step is dragged. */
  readonly choose: (x: number, y: number | undefined) => void;
  readonly zoom: (to: Domain | undefined) => void;
  /** Keeps what is selected; the function returned selects it again and shows all. */
  readonly remember: () => (() => void) | undefined;
  readonly children?: ComponentChildren;
}

/** Pixels from the step's line at which it is taken hold of, and that a pointer may move in a click. */
const GRIP = 6;
const STILL = 4;
/** Milliseconds from the first press within which a second one makes a double click. */
const DOUBLE = 600;

/** What takes the pointer: a click or the line dragged chooses a step, a stretch is zoomed into, a double click shows all, and leaves the step as it was. */
export function Over({ shown, at, snap, readout, choose, zoom, remember, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const held = useSignal<{ readonly what: 'step' | 'brush'; readonly x: number; readonly left: number } | null>(null);
  /** When the press came that may be the first of two, and what undoes its click. */
  const pressed = useRef<{ readonly when: number; readonly undo: (() => void) | undefined } | null>(null);
  const [from, to] = shown;
  const share = (x: number) => (x - from) / (to - from);
  const percent = (x: number) => `${100 * share(x)}%`;
  const placeOf = (event: MouseEvent) => {
    const box = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : { left: 0, top: 0, width: 1 };
    return { x: from + ((event.clientX - box.left) / box.width) * (to - from), y: event.clientY - box.top, width: box.width };
  };
  const nearLine = (x: number, width: number) => at !== undefined && Math.abs(share(x) - share(at)) * width <= GRIP;

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    const { x, width } = placeOf(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    const isSecond = pressed.current !== null && event.timeStamp - pressed.current.when < DOUBLE;
    if (!isSecond) pressed.current = { when: event.timeStamp, undo: remember() };
    held.value = { what: nearLine(x, width) ? 'step' : 'brush', x, left: event.clientX };
  };
  const move = (event: PointerEvent) => {
    const { x, y } = placeOf(event);
    if (held.value?.what === 'step') return choose(x, undefined);
    if (held.value !== null && Math.abs(event.clientX - held.value.left) > STILL) {
      hideTooltip();
      gesture.value = { kind: 'brush', from: held.value.x, to: x };
      return undefined;
    }
    const stop = snap(x);
    gesture.value = stop === undefined ? null : { kind: 'hover', at: stop };
    if (stop !== undefined) showTooltip(readout(stop, y), event.clientX, event.clientY);
    return undefined;
  };
  const up = (event: PointerEvent) => {
    const was = held.value;
    held.value = null;
    if (was === null || was.what === 'step') return;
    const { x, y } = placeOf(event);
    gesture.value = null;
    if (Math.abs(event.clientX - was.left) <= STILL) choose(x, y);
    else {
      pressed.current = null;
      zoom([Math.min(was.x, x), Math.max(was.x, x)]);
    }
  };
  const leave = () => {
    if (held.value !== null) return;
    gesture.value = null;
    hideTooltip();
  };
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    // Without a key the wheel moves the page, as anywhere else.
    const wheel = (event: WheelEvent) => {
      const frame = element.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        const around = from + ((event.clientX - frame.left) / frame.width) * (to - from);
        zoom(zoomed([from, to], around, event.deltaY < 0 ? 0.8 : 1.25));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = (((event.deltaX || event.deltaY) * (to - from)) / frame.width) * 0.5;
        zoom([from + by, to + by]);
      } else return;
      event.preventDefault();
    };
    // Not passive: it must be able to keep the page still.
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  });
  const now = gesture.value;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way is the slider in the first chart.
    <div
      ref={box}
      class={`ls-axis-pointer ${at !== undefined && now?.kind === 'hover' && now.at === at ? 'ls-axis-grip' : ''}`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        held.value = null;
        leave();
      }}
      onPointerLeave={leave}
      onDblClick={() => {
        // The first of the two clicks has chosen a step: it was not meant to.
        if (pressed.current === null) zoom(undefined);
        else pressed.current.undo?.();
        pressed.current = null;
      }}
    >
      {now?.kind === 'hover' && inside(share(now.at)) ? <div class="ls-axis-hover" style={{ left: percent(now.at) }} /> : null}
      {now?.kind === 'brush' ? (
        <div
          class="ls-axis-brush"
          style={{
            left: percent(Math.max(from, Math.min(now.from, now.to))),
            right: `${100 * (1 - share(Math.min(to, Math.max(now.from, now.to))))}%`,
          }}
        />
      ) : null}
      {at !== undefined && inside(share(at)) ? (
        <div class="ls-axis-step" style={{ left: percent(at) }}>
          {children}
        </div>
      ) : null}
    </div>
  );
}

function inside(share: number): boolean {
  return share >= -1e-9 && share <= 1 + 1e-9;
}
