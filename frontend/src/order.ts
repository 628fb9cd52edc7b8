/** Class orders by confusion, from the server: one for all kept steps of a series, and pinned until asked for again. */
import { type Signal, signal } from '@preact/signals';
import type { Problem, SeriesInfo } from './panel';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'ready'; readonly value: T };

type Order = Signal<Loaded<readonly number[]>>;

interface Pinned {
  readonly order: Order;
  /** Last step of the series when the order was asked for: with nothing newer there is nothing to ask. */
  lastStep: number;
}

const pinned = new Map<string, Pinned>();

/** The order of a series, asked for when it is first needed. It stays as it is while steps arrive and are stepped through. */
export function blockOrder(series: SeriesInfo): Order {
  const key = keyOf(series);
  const known = pinned.get(key);
  if (known !== undefined) return known.order;
  const order: Order = signal({ state: 'loading' });
  pinned.set(key, { order, lastStep: series.lastStep });
  load(series, order);
  return order;
}

/** Asks again, if steps have come since or the last try failed: what a click on "by confusion" does. The old order stays until then. */
export function refreshOrder(series: SeriesInfo): void {
  const known = pinned.get(keyOf(series));
  if (known === undefined || known.order.value.state === 'loading') return;
  if (known.order.value.state === 'ready' && known.lastStep >= series.lastStep) return;
  known.lastStep = series.lastStep;
  load(series, known.order);
}

/** Sets an order without a server: for pages that carry their answers with them. */
export function pinOrder(series: SeriesInfo, order: readonly number[]): void {
  pinned.set(keyOf(series), { order: signal({ state: 'ready', value: order }), lastStep: series.lastStep });
}

function keyOf({ run, tag }: SeriesInfo): string {
  return JSON.stringify([run, tag]);
}

async function load({ run, tag }: SeriesInfo, order: Order): Promise<void> {
  const address = `./order?${new URLSearchParams({ run, tag })}`;
  try {
    const response = await fetch(address);
    const answer: unknown = await response.json();
    order.value = response.ok ? { state: 'ready', value: readOrder(answer) } : { state: 'failed', problem: readProblem(answer, address) };
  } catch (error) {
    // No answer, or one that is not JSON: the page goes on with the given order and says why.
    order.value = { state: 'failed', problem: { error: `${address}: ${String(error)}`, fix: 'is TensorBoard still running?' } };
  }
}

function readOrder(answer: unknown): readonly number[] {
  const order = isObject(answer) ? answer.order : undefined;
  if (!Array.isArray(order) || !order.every((k): k is number => typeof k === 'number')) {
    throw new TypeError('the answer has no list of class ids named "order"');
  }
  return order;
}

function readProblem(answer: unknown, address: string): Problem {
  const text = (key: string) => (isObject(answer) && typeof answer[key] === 'string' ? answer[key] : undefined);
  return { error: text('error') ?? `${address} failed`, fix: text('fix') ?? 'see the log of TensorBoard' };
}

function isObject(x: unknown): x is Readonly<Record<string, unknown>> {
  return typeof x === 'object' && x !== null;
}
