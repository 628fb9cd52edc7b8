import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { hideTooltip, showTooltip } from '../../components/tooltip';
import type { Domain } from '../../math/domain';

/** A gesture under way over the stack; each chart shows it. */
export type Gesture =
  | { readonly kind: 'hover'; readonly at: number }
  | { readonly kind: 'brush'; readonly from: number; readonly to: number }
  | null;

interface Props {
  readonly gesture: Signal<Gesture>;
  readonly shown: Domain;
  readonly at: number | undefined;
  /** The logged place next to one. */
  readonly snap: (x: number) => number | undefined;
  readonly readout: (x: number) => ComponentChildren;
  /** Chooses the step at a place. */
  readonly choose: (x: number) => void;
  readonly zoom: (to: Domain | undefined) => void;
  readonly children?: ComponentChildren;
}

/** Pixels from the step's line at which it is taken hold of, and that a pointer may move in a click. */
const GRIP = 6;
const STILL = 4;

/** What takes the pointer: a click or the line dragged chooses a step, a stretch is zoomed into, a double click shows all. */
export function Over({ gesture, shown, at, snap, readout, choose, zoom, children }: Props) {
  const held = useSignal<{ readonly what: 'step' | 'brush'; readonly x: number; readonly left: number } | null>(null);
  const [from, to] = shown;
  const share = (x: number) => (x - from) / (to - from);
  const percent = (x: number) => `${100 * share(x)}%`;
  const placeOf = (event: MouseEvent) => {
    const box = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : { left: 0, width: 1 };
    return { x: from + ((event.clientX - box.left) / box.width) * (to - from), width: box.width };
  };
  const nearLine = (x: number, width: number) => at !== undefined && Math.abs(share(x) - share(at)) * width <= GRIP;

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    const { x, width } = placeOf(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    held.value = { what: nearLine(x, width) ? 'step' : 'brush', x, left: event.clientX };
  };
  const move = (event: PointerEvent) => {
    const { x } = placeOf(event);
    if (held.value?.what === 'step') return choose(x);
    if (held.value !== null && Math.abs(event.clientX - held.value.left) > STILL) {
      hideTooltip();
      gesture.value = { kind: 'brush', from: held.value.x, to: x };
      return undefined;
    }
    const stop = snap(x);
    gesture.value = stop === undefined ? null : { kind: 'hover', at: stop };
    if (stop !== undefined) showTooltip(readout(stop), event.clientX, event.clientY);
    return undefined;
  };
  const up = (event: PointerEvent) => {
    const was = held.value;
    held.value = null;
    if (was === null || was.what === 'step') return;
    const { x } = placeOf(event);
    gesture.value = null;
    if (Math.abs(event.clientX - was.left) <= STILL) choose(x);
    else zoom([Math.min(was.x, x), Math.max(was.x, x)]);
  };
  const leave = () => {
    if (held.value !== null) return;
    gesture.value = null;
    hideTooltip();
  };
  const now = gesture.value;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard's way is the slider in the first chart.
    <div
      class={`ls-scalars-pointer ${at !== undefined && now?.kind === 'hover' && now.at === at ? 'ls-scalars-grip' : ''}`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        held.value = null;
        leave();
      }}
      onPointerLeave={leave}
      onDblClick={() => zoom(undefined)}
    >
      {now?.kind === 'hover' && inside(share(now.at)) ? <div class="ls-scalars-hover" style={{ left: percent(now.at) }} /> : null}
      {now?.kind === 'brush' ? (
        <div
          class="ls-scalars-brush"
          style={{
            left: percent(Math.max(from, Math.min(now.from, now.to))),
            right: `${100 * (1 - share(Math.min(to, Math.max(now.from, now.to))))}%`,
          }}
        />
      ) : null}
      {at !== undefined && inside(share(at)) ? (
        <div class="ls-scalars-step" style={{ left: percent(at) }}>
          {children}
        </div>
      ) : null}
    </div>
  );
}

function inside(share: number): boolean {
  return share >= -1e-9 && share <= 1 + 1e-9;
}
