import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

const LEAST = 0.2;
const MOST = 2;
/** Smaller than this the text is not read, so a wide picture scrolls instead. */
const LEGIBLE = 0.7;

/**
 * The scale of a picture in a scrolling box: as wide as it fits until it is chosen, Ctrl and the wheel, or a drag to move.
 *
 * Args:
 *   width, height: Of the picture at scale 1.
 *   isSideways: It is read along its width: one that would not fit scrolls at its full size.
 */
export function useZoom(scroller: RefObject<HTMLElement | null>, width: number, height: number, isSideways = false) {
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [chosen, setChosen] = useState<number | 'fit' | null>(null);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    const measure = () => setRoom({ width: box.clientWidth, height: box.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [scroller]);
  const fitting = (least: number, all: boolean) => {
    if (room.width === 0 || width === 0) return 1;
    const whole = all && room.height > 0 ? Math.min(room.width / width, room.height / height) : room.width / width;
    return Math.max(least, Math.min(1, whole));
  };
  const atFirst = isSideways && fitting(0, false) < LEGIBLE ? 1 : fitting(LEGIBLE, false);
  const scale = chosen === null ? atFirst : chosen === 'fit' ? fitting(LEAST, true) : chosen;
  const by = (factor: number) => setChosen(Math.max(LEAST, Math.min(MOST, scale * factor)));

  useEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      by(Math.exp(-event.deltaY / 300));
    };
    // Not passive: the page must not zoom as well.
    box.addEventListener('wheel', wheel, { passive: false });
    return () => box.removeEventListener('wheel', wheel);
  });

  const drag = {
    onPointerDown: (event: PointerEvent) => {
      const box = scroller.current;
      const onBox = event.target instanceof Element && event.target.closest('[data-box]') !== null;
      if (box === null || event.button !== 0 || onBox || event.pointerType === 'touch') return;
      const from = { x: event.clientX + box.scrollLeft, y: event.clientY + box.scrollTop };
      const move = (next: PointerEvent) => box.scrollTo(from.x - next.clientX, from.y - next.clientY);
      const end = () => {
        window.removeEventListener('pointermove', move);
        window.removeEventListener('pointerup', end);
      };
      window.addEventListener('pointermove', move);
      window.addEventListener('pointerup', end);
    },
  };
  return { scale, isReady: room.width > 0, by, fit: () => setChosen('fit'), drag };
}
