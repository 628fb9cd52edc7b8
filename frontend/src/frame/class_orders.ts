/** Class orders by confusion: one for all kept steps of a series, and pinned until asked for again. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import type { Problem, SeriesInfo } from '../panel';
import { failureOf, type Source } from '../source';

export type Ordered =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'ready'; readonly order: readonly number[] };

interface Pinned {
  readonly ordered: Signal<Ordered>;
  /** Last step of the series when the order was asked for: with nothing newer there is nothing to ask. */
  lastStep: number;
}

export class ClassOrders {
  readonly #source: Pick<Source, 'order'>;
  readonly #pinned = new Map<string, Pinned>();

  constructor(source: Pick<Source, 'order'>) {
    this.#source = source;
  }

  /** The order of a series, asked for when it is first needed. It stays as it is while steps arrive and are stepped through. */
  of(series: SeriesInfo): ReadonlySignal<Ordered> {
    const known = this.#pinned.get(keyOf(series));
    if (known !== undefined) return known.ordered;
    const ordered = signal<Ordered>({ state: 'loading' });
    this.#pinned.set(keyOf(series), { ordered, lastStep: series.lastStep });
    void this.#bring(series, ordered);
    return ordered;
  }

  /** Asks again, if steps have come since or the last try failed: what a click on "by confusion" does. The old order stays until then. */
  refresh(series: SeriesInfo): void {
    const known = this.#pinned.get(keyOf(series));
    if (known === undefined || known.ordered.value.state === 'loading') return;
    if (known.ordered.value.state === 'ready' && known.lastStep >= series.lastStep) return;
    known.lastStep = series.lastStep;
    void this.#bring(series, known.ordered);
  }

  async #bring(series: SeriesInfo, ordered: Signal<Ordered>): Promise<void> {
    try {
      ordered.value = { state: 'ready', order: await this.#source.order(series) };
    } catch (error) {
      ordered.value = { state: 'failed', problem: failureOf(error).problem };
    }
  }
}

/** The page's orders, for the panels that show classes; null where there is no page. */
export const Orders = createContext<ClassOrders | null>(null);

function keyOf({ run, tag }: SeriesInfo): string {
  return JSON.stringify([run, tag]);
}
