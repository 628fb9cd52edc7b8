/** Class orders by confusion: one for all kept steps of the series shown, and pinned until asked for again. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import type { ConfusionOrder } from '../decode';
import type { Problem, SeriesInfo } from '../panel';
import { failureOf, type Source } from '../source';

export type Ordered =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'ready'; readonly order: ConfusionOrder };

interface Pinned {
  readonly ordered: Signal<Ordered>;
  /** Last step of each series when the order was asked for: with nothing newer there is nothing to ask. */
  lastSteps: readonly number[];
}

export class ClassOrders {
  readonly #source: Pick<Source, 'order'>;
  readonly #pinned = new Map<string, Pinned>();

  constructor(source: Pick<Source, 'order'>) {
    this.#source = source;
  }

  /**
   * One order for all steps of some series, in the classes of the first; asked for when it is first needed. It stays as it is
   * while steps arrive and are stepped through.
   */
  of(first: SeriesInfo, others: readonly SeriesInfo[] = []): ReadonlySignal<Ordered> {
    const key = keyOf(first, others);
    const known = this.#pinned.get(key);
    if (known !== undefined) return known.ordered;
    const ordered = signal<Ordered>({ state: 'loading' });
    this.#pinned.set(key, { ordered, lastSteps: lastStepsOf(first, others) });
    void this.#bring(first, others, ordered);
    return ordered;
  }

  /** Asks again, if steps have come since or the last try failed: what a click on "by confusion" does. The old order stays until then. */
  refresh(first: SeriesInfo, others: readonly SeriesInfo[] = []): void {
    const known = this.#pinned.get(keyOf(first, others));
    if (known === undefined || known.ordered.value.state === 'loading') return;
    const lastSteps = lastStepsOf(first, others);
    if (known.ordered.value.state === 'ready' && lastSteps.every((last, i) => (known.lastSteps[i] ?? -1) >= last)) return;
    known.lastSteps = lastSteps;
    void this.#bring(first, others, known.ordered);
  }

  async #bring(first: SeriesInfo, others: readonly SeriesInfo[], ordered: Signal<Ordered>): Promise<void> {
    try {
      ordered.value = { state: 'ready', order: await this.#source.order(first, others) };
    } catch (error) {
      ordered.value = { state: 'failed', problem: failureOf(error).problem };
    }
  }
}

/** The page's orders, for the panels that show classes; null where there is no page. */
export const Orders = createContext<ClassOrders | null>(null);

function keyOf(first: SeriesInfo, others: readonly SeriesInfo[]): string {
  return JSON.stringify([first, ...others].map(({ run, tag }) => [run, tag]));
}

function lastStepsOf(first: SeriesInfo, others: readonly SeriesInfo[]): readonly number[] {
  return [first, ...others].map(({ lastStep }) => lastStep);
}
