import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemorySource, matrices, NOTHING_COMPUTED } from '../memory.fixture';
import { Failed, type Source } from '../source';
import { Poll } from './poll';

let hidden = false;
let poll: Poll | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  hidden = false;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
});

afterEach(() => {
  poll?.stop();
  vi.useRealTimers();
});

/** A source that counts its calls. */
function counted(list: Source['list']): { source: Source; calls: () => number } {
  let calls = 0;
  const memory = new MemorySource([]);
  const source: Source = {
    list: (signal) => {
      calls += 1;
      return list(signal);
    },
    points: (series, range) => memory.points(series, range),
    structure: (training) => memory.structure(training),
    order: (series, also) => memory.order(series, also),
    ...NOTHING_COMPUTED,
  };
  return { source, calls: () => calls };
}

function started(source: Source): Poll {
  poll = new Poll(source);
  poll.start();
  return poll;
}

describe('the poll', () => {
  it('tells of what is logged within a second', async () => {
    const memory = new MemorySource([]);
    const listed = started(memory).listed;
    await vi.advanceTimersByTimeAsync(0);
    expect(listed.value).toMatchObject({ state: 'ready', listing: { trainings: [] } });
    memory.log([matrices('a', 'validation', [10])]);
    await vi.advanceTimersByTimeAsync(1001);
    expect(listed.value).toMatchObject({ listing: { trainings: [{ name: 'a' }] } });
  });

  it('asks nothing while the page is hidden, and at once when it is seen again', async () => {
    const memory = new MemorySource([]);
    const { source, calls } = counted(() => memory.list());
    started(source);
    await vi.advanceTimersByTimeAsync(0);
    hidden = true;
    await vi.advanceTimersByTimeAsync(60_000);
    const before = calls();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls()).toBe(before);
    hidden = false;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(calls()).toBe(before + 1);
  });

  it('calms down when nothing moves', async () => {
    const memory = new MemorySource([]);
    const { source, calls } = counted(() => memory.list());
    started(source);
    await vi.advanceTimersByTimeAsync(125_000);
    const before = calls();
    await vi.advanceTimersByTimeAsync(50_000);
    expect(calls() - before).toBeLessThanOrEqual(11);
  });

  it('is calm from the first where the log is an old one, and quick again once it moves', async () => {
    const memory = new MemorySource([matrices('a', 'validation', [10])]);
    vi.setSystemTime(new Date('2100-01-01'));
    const { source, calls } = counted(() => memory.list());
    started(source);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(calls()).toBeLessThanOrEqual(5);
    memory.log([matrices('b', 'validation', [10])]);
    await vi.advanceTimersByTimeAsync(5_000);
    const before = calls();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls() - before).toBeGreaterThanOrEqual(9);
  });

  it('keeps the old list when the server goes away, asks ever more seldom, and takes it up when it is back', async () => {
    const memory = new MemorySource([matrices('a', 'validation', [10])]);
    let gone = false;
    const { source, calls } = counted(() => (gone ? Promise.reject(new Failed({ error: 'gone', fix: '' }, 'runs')) : memory.list()));
    const listed = started(source).listed;
    await vi.advanceTimersByTimeAsync(0);
    gone = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(listed.value).toMatchObject({ state: 'ready', problem: { error: 'gone' }, listing: { trainings: [{ name: 'a' }] } });
    expect(calls()).toBeLessThan(10);
    gone = false;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(listed.value).toMatchObject({ state: 'ready', problem: null });
  });

  it('says what failed when there is no list yet', async () => {
    const { source } = counted(() => Promise.reject(new Failed({ error: 'no plugin', fix: 'install it' }, 'runs')));
    const listed = started(source).listed;
    await vi.advanceTimersByTimeAsync(0);
    expect(listed.value).toEqual({ state: 'failed', problem: { error: 'no plugin', fix: 'install it' }, request: 'runs' });
  });
});
