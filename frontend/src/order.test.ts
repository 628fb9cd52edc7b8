import { afterEach, describe, expect, it, vi } from 'vitest';
import { blockOrder, refreshOrder } from './order';
import type { SeriesInfo } from './panel';

let runs = 0;
/** A series of its own for each test: orders are pinned for the life of the page. */
const fresh = (lastStep = 10): SeriesInfo => ({
  training: 't',
  run: `t/${runs++}`,
  tag: 'validation/confusion_matrix',
  kind: 'confusion_matrix',
  version: 1,
  evaluation: 'validation',
  name: null,
  split: null,
  lastStep,
  lastWallTime: 0,
});

const answer = (body: unknown, status = 200) => vi.fn(async () => new Response(JSON.stringify(body), { status }));
const settled = () => new Promise((resolve) => setTimeout(resolve));

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('blockOrder', () => {
  it('asks once, by run and tag, and stays as new steps come', async () => {
    const fetched = answer({ order: [1, 0], leaves: 2 });
    vi.stubGlobal('fetch', fetched);
    const series = fresh();
    expect(blockOrder(series).value.state).toBe('loading');
    await settled();
    expect(blockOrder({ ...series, lastStep: 99 }).value).toEqual({ state: 'ready', value: [1, 0] });
    expect(fetched.mock.calls).toEqual([[`./order?run=${encodeURIComponent(series.run)}&tag=validation%2Fconfusion_matrix`]]);
  });

  it('is asked for again only when told to, and only if there is something new', async () => {
    const fetched = answer({ order: [0] });
    vi.stubGlobal('fetch', fetched);
    const series = fresh();
    blockOrder(series);
    await settled();
    refreshOrder(series);
    expect(fetched).toHaveBeenCalledTimes(1);
    refreshOrder({ ...series, lastStep: 20 });
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it("keeps the server's sentence when it refuses", async () => {
    vi.stubGlobal('fetch', answer({ error: 'no such tag', fix: 'see /runs' }, 404));
    const order = blockOrder(fresh());
    await settled();
    expect(order.value).toEqual({ state: 'failed', problem: { error: 'no such tag', fix: 'see /runs' } });
  });

  it('fails, and may be tried again, on an answer that is no order', async () => {
    vi.stubGlobal('fetch', answer({ order: ['a'] }));
    const series = fresh();
    const order = blockOrder(series);
    await settled();
    expect(order.value.state).toBe('failed');
    vi.stubGlobal('fetch', answer({ order: [2] }));
    refreshOrder(series);
    await settled();
    expect(order.value).toEqual({ state: 'ready', value: [2] });
  });
});
