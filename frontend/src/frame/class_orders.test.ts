import { describe, expect, it, vi } from 'vitest';
import type { ConfusionOrder } from '../decode';
import { infoOf, matrices } from '../memory.fixture';
import { Failed } from '../source';
import { ClassOrders } from './class_orders';

const series = infoOf(matrices('t', 'validation', [10]));
const other = infoOf(matrices('u', 'validation', [10]));
const newer = { ...series, lastStep: 20 };
const settled = () => new Promise((resolve) => setTimeout(resolve));
const found = (...order: readonly number[]): ConfusionOrder => ({ order, joins: [], classes: 'digest' });

describe('class orders', () => {
  it('are asked for once, and stay as new steps come', async () => {
    const order = vi.fn(async () => found(1, 0));
    const orders = new ClassOrders({ order });
    expect(orders.of(series).value.state).toBe('loading');
    await settled();
    expect(orders.of(newer).value).toEqual({ state: 'ready', order: found(1, 0) });
    expect(order.mock.calls).toEqual([[series, []]]);
  });

  it('are of all series shown together, and of others another one', async () => {
    const order = vi.fn(async () => found(0));
    const orders = new ClassOrders({ order });
    expect(orders.of(series, [other])).toBe(orders.of(series, [other]));
    expect(orders.of(series, [other])).not.toBe(orders.of(series));
    await settled();
    expect(order.mock.calls).toEqual([
      [series, [other]],
      [series, []],
    ]);
  });

  it('are asked for again only when told to, and only if there is something new', async () => {
    const order = vi.fn(async () => found(0));
    const orders = new ClassOrders({ order });
    orders.of(series, [other]);
    await settled();
    orders.refresh(series, [other]);
    expect(order).toHaveBeenCalledTimes(1);
    orders.refresh(series, [{ ...other, lastStep: 20 }]);
    expect(order).toHaveBeenCalledTimes(2);
  });

  it('keep the sentence of a refusal, and may be tried again', async () => {
    const problem = { error: 'no such tag', fix: 'see /runs' };
    const order = vi.fn(async () => found(2)).mockRejectedValueOnce(new Failed(problem, 'order?tag=x'));
    const orders = new ClassOrders({ order });
    const ordered = orders.of(series);
    await settled();
    expect(ordered.value).toEqual({ state: 'failed', problem });
    orders.refresh(series);
    await settled();
    expect(ordered.value).toEqual({ state: 'ready', order: found(2) });
  });
});
