/**
 * The list of trainings, kept fresh. Asked every second while something moves and every five when nothing did for long,
 * never more than a tenth of the time when the server is slow, and not at all while the page is hidden.
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Listing } from '../decode';
import type { Problem } from '../panel';
import { failureOf, type Source } from '../source';
import { lastWritten } from './shown';

export type Listed =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem; readonly request: string }
  | {
      readonly state: 'ready';
      readonly listing: Listing /** Why the last poll failed; the list is then an old one. */;
      readonly problem: Problem | null;
    };

const QUICK_MS = 1000;
const CALM_MS = 5000;
/** Nothing moved for so long: the training is over, or sleeps. */
const CALM_AFTER_MS = 120_000;
const SLOWEST_MS = 30_000;

/** For how many milliseconds nothing was written; 0 where nothing was ever. */
function idleFor({ trainings }: Listing): number {
  const last = Math.max(0, ...trainings.map(lastWritten));
  return last === 0 ? 0 : Math.max(0, Date.now() - 1000 * last);
}

export class Poll {
  readonly #source: Source;
  readonly #listed = signal<Listed>({ state: 'loading' });
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: AbortController | null = null;
  #failures = 0;
  #moved = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  get listed(): ReadonlySignal<Listed> {
    return this.#listed;
  }

  start(): void {
    document.addEventListener('visibilitychange', this.#visibility);
    this.now();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#visibility);
    clearTimeout(this.#timer);
    this.#flight?.abort();
  }

  /** Asks at once, unless it is asking already. */
  readonly now = (): void => {
    if (this.#flight !== null || document.hidden) return;
    clearTimeout(this.#timer);
    void this.#ask();
  };

  async #ask(): Promise<void> {
    const flight = new AbortController();
    this.#flight = flight;
    const began = performance.now();
    try {
      const listing = await this.#source.list(flight.signal);
      this.#failures = 0;
      const old = this.#listed.peek();
      if (listing !== null) {
        // What was written long ago, when the page was opened, moves no more.
        this.#moved = performance.now() - (old.state === 'ready' ? 0 : idleFor(listing));
        this.#listed.value = { state: 'ready', listing, problem: null };
      } else if (old.state === 'ready' && old.problem !== null) {
        this.#listed.value = { ...old, problem: null };
      }
    } catch (error) {
      if (flight.signal.aborted) return;
      this.#failures += 1;
      const old = this.#listed.peek();
      const { problem, request } = failureOf(error);
      this.#listed.value = old.state === 'ready' ? { ...old, problem } : { state: 'failed', problem, request };
    } finally {
      this.#flight = null;
    }
    if (!document.hidden) this.#timer = setTimeout(this.now, this.#pause(performance.now() - began));
  }

  #pause(took: number): number {
    const calm = performance.now() - this.#moved > CALM_AFTER_MS ? CALM_MS : QUICK_MS;
    return Math.min(SLOWEST_MS, Math.max(calm, 10 * took, this.#failures === 0 ? 0 : QUICK_MS * 2 ** this.#failures));
  }

  readonly #visibility = (): void => {
    clearTimeout(this.#timer);
    this.now();
  };
}
