import { useLayoutEffect, useState } from 'preact/hooks';

export interface WindowRoom {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** Width of an element and height of the window, in CSS pixels, and the device pixels in one of them; kept up to date. */
export function useRoom(ref: { readonly current: HTMLElement | null }): WindowRoom {
  const [room, setRoom] = useState<WindowRoom>({ width: 900, height: 800, ratio: 1 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const look = () => {
      const next = { width: element.clientWidth || 900, height: window.innerHeight, ratio: window.devicePixelRatio || 1 };
      setRoom((old) => (old.width === next.width && old.height === next.height && old.ratio === next.ratio ? old : next));
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    // Zooming the page changes the ratio, and fires a resize of the window.
    window.addEventListener('resize', look);
    return () => {
      watch.disconnect();
      window.removeEventListener('resize', look);
    };
  }, [ref]);
  return room;
}
