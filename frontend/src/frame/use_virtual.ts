import { elementScroll, observeElementOffset, observeElementRect, type VirtualItem, Virtualizer } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

/** A list of rows of one height, of which only those in sight (and a few around) are in the document. */
export function useVirtual(count: number, rowHeight: number, scroller: RefObject<HTMLElement | null>) {
  const [, again] = useReducer((n: number) => n + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    // Before it is measured: a screenful, so that the first paint has rows.
    initialRect: { width: 200, height: 600 },
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => again(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  const rows: readonly VirtualItem[] = virtualizer.getVirtualItems();
  return { rows, height: virtualizer.getTotalSize(), show: (index: number) => virtualizer.scrollToIndex(index) };
}
