import { useLayoutEffect, useState } from 'preact/hooks';

/** Width of an element in CSS pixels, kept up to date; `usual` until it is known, and where there is no layout. */
export function useWidth(ref: { readonly current: HTMLElement | null }, usual: number): number {
  const [width, setWidth] = useState(usual);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const look = () => setWidth(element.clientWidth || usual);
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => watch.disconnect();
  }, [ref, usual]);
  return width;
}
