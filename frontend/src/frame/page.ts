/** What the whole page shares: the list, the series on screen, the orders of classes, the selection. */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Selection } from '../selection';
import type { Source } from '../source';
import { ClassOrders } from './class_orders';
import { Poll } from './poll';
import { SeriesStore } from './store';

export interface Page {
  readonly source: Source;
  readonly store: SeriesStore;
  readonly poll: Poll;
  readonly orders: ClassOrders;
  readonly selection: ReadonlySignal<Selection>;
  readonly select: (change: Partial<Selection>) => void;
}

/** A page over a source; `url` holds its selection. */
export function makePage(source: Source, url: { readonly value: ReadonlySignal<Selection>; readonly select: Page['select'] }): Page {
  return {
    source,
    store: new SeriesStore(source),
    poll: new Poll(source),
    orders: new ClassOrders(source),
    selection: url.value,
    select: url.select,
  };
}

/** A selection that no URL holds, for pages without one. */
export function looseSelection(first: Selection): { readonly value: ReadonlySignal<Selection>; readonly select: Page['select'] } {
  const value = signal(first);
  return {
    value,
    select: (change) => {
      value.value = { ...value.peek(), ...change };
    },
  };
}
