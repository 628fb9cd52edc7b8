import { beforeEach, describe, expect, it } from 'vitest';
import { infoOf, MemorySource, matrices, NOTHING_COMPUTED } from '../memory.fixture';
import type { Source } from '../source';
import { contentOf, SeriesStore } from './store';

const at = (steps: readonly number[], writer = 'w') => matrices('a', 'validation', steps, writer);
const settled = () => new Promise((resolve) => setTimeout(resolve));

let source: MemorySource;
let store: SeriesStore;

beforeEach(() => {
  source = new MemorySource([at([10, 20])]);
  store = new SeriesStore(source);
});

const steps = (info = infoOf(at([10, 20]))) => contentOf(store.state(info).value)?.points.map(({ step }) => step);

describe('a series in the store', () => {
  it('is fetched once however many show it, and not again while it does not move', async () => {
    const info = infoOf(at([10, 20]));
    store.use(info);
    store.use(info);
    await settled();
    store.use(info);
    expect(source.asked).toEqual(['validation/confusion_matrix ..']);
    expect(steps()).toEqual([10, 20]);
  });

  it('fetches only what is new, and keeps the points it has', async () => {
    store.use(infoOf(at([10, 20])));
    await settled();
    const before = contentOf(store.state(infoOf(at([10, 20]))).value)?.points[0];
    source.log([at([10, 20, 30])]);
    store.use(infoOf(at([10, 20, 30])));
    expect(store.state(infoOf(at([10, 20]))).value).toMatchObject({ state: 'loading', old: { lastStep: 20 } });
    await settled();
    expect(source.asked.at(-1)).toBe('validation/confusion_matrix 20..30');
    expect(steps()).toEqual([10, 20, 30]);
    expect(contentOf(store.state(infoOf(at([10, 20]))).value)?.points[0]).toBe(before);
  });

  it('is fetched whole where the server makes one point of what another tool logged', async () => {
    const part = (last: number) => ({
      training: 'a',
      tag: 'fc1.weight',
      part: {
        kind: 'histograms',
        points: [
          {
            step: last,
            writer: '',
            fields: { path: 'fc1/weight', layer: 'fc1', of: 'weights', axis: 'step' },
            arrays: Object.fromEntries(
              ['step', 'wall_time', 'bucket_end', 'left', 'right', 'count'].map((name) => [name, { data: Float64Array.of(last) }]),
            ),
          },
        ],
      },
    });
    source.log([part(20)]);
    store.use(infoOf(part(20)));
    await settled();
    source.log([part(30)]);
    store.use(infoOf(part(30)));
    await settled();
    expect(source.asked.at(-1)).toBe('fc1.weight ..');
    expect(steps(infoOf(part(30)))).toEqual([30]);
  });

  it('is fetched whole when another writer took over, who may have gone back', async () => {
    store.use(infoOf(at([10, 20])));
    await settled();
    source.log([at([10, 15, 30], 'restarted')]);
    store.use(infoOf(at([10, 15, 30], 'restarted')));
    await settled();
    expect(steps()).toEqual([10, 15, 30]);
  });

  it('is fetched whole when its steps went back', async () => {
    store.use(infoOf(at([10, 20])));
    await settled();
    source.log([at([10, 12])]);
    store.use(infoOf(at([10, 12])));
    await settled();
    expect(steps()).toEqual([10, 12]);
  });

  it('tells what was refused, keeps old data, and tries again when asked', async () => {
    store.use(infoOf(at([10, 20])));
    await settled();
    source.log([at([10, 20, 30])]);
    source.refused.add('validation/confusion_matrix');
    const newer = infoOf(at([10, 20, 30]));
    store.use(newer);
    await settled();
    expect(store.state(newer).value).toMatchObject({
      state: 'failed',
      old: { lastStep: 20 },
      problem: { error: 'no series validation/confusion_matrix' },
    });
    source.refused.clear();
    store.retry(newer);
    await settled();
    expect(steps()).toEqual([10, 20, 30]);
  });

  it('drops an answer that comes after a newer one was asked for', async () => {
    const answers: (() => void)[] = [];
    const slow: Source = {
      list: () => source.list(),
      structure: (training) => source.structure(training),
      order: (info, also) => source.order(info, also),
      ...NOTHING_COMPUTED,
      points: async (info, range) => {
        const answer = await source.points(info, range);
        await new Promise<void>((resolve) => answers.push(resolve));
        return answer;
      },
    };
    store = new SeriesStore(slow);
    store.use(infoOf(at([10, 20])));
    await settled();
    source.log([at([10, 20, 30])]);
    store.use(infoOf(at([10, 20, 30])));
    await settled();
    // The second comes first, then the first.
    answers[1]?.();
    await settled();
    answers[0]?.();
    await settled();
    expect(steps()).toEqual([10, 20, 30]);
  });

  it('is called off when nobody shows it any more, and fetched when somebody does again', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    store = new SeriesStore({
      list: () => source.list(),
      structure: (training) => source.structure(training),
      order: (info, also) => source.order(info, also),
      ...NOTHING_COMPUTED,
      points: (info, range, signal) => {
        signals.push(signal);
        return signal === undefined || signals.length > 1
          ? source.points(info, range)
          : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    store.use(infoOf(at([10, 20])))();
    await settled();
    expect(signals[0]?.aborted).toBe(true);
    store.use(infoOf(at([10, 20])));
    await settled();
    expect(steps()).toEqual([10, 20]);
  });
});

it('asks once for a structure and its parameters', async () => {
  const info = { ...infoOf(at([])), kind: 'structure', tag: '' };
  store.use(info);
  store.use({ ...info, kind: 'parameters' });
  await settled();
  expect(source.asked).toEqual(['structure of a']);
});

describe('a series that is too large', () => {
  const many = Array.from({ length: 50 }, (_, i) => 10 * (i + 1));
  const info = infoOf(at(many));
  beforeEach(async () => {
    source = new MemorySource([at(many)]);
    source.pointBytes = 8e6;
    store = new SeriesStore(source);
    store.use(info);
    await settled();
  });
  const pause = () => new Promise((resolve) => setTimeout(resolve, 120));

  it('comes with some of its points, both ends among them, and the steps of all', () => {
    expect(steps(info)).toHaveLength(4);
    expect(steps(info)?.[0]).toBe(10);
    expect(steps(info)?.at(-1)).toBe(500);
    expect(contentOf(store.state(info).value)?.allSteps).toEqual(many);
  });

  it('brings the point at a step that is shown, once, and lets go of those before it', async () => {
    store.see(info, 105);
    store.see(info, 105);
    await pause();
    expect(steps(info)).toContain(100);
    expect(source.asked.filter((asked) => asked.endsWith('100..100'))).toHaveLength(1);
    for (const step of [200, 210, 220]) {
      store.see(info, step);
      await pause();
    }
    expect(steps(info)).toHaveLength(7);
    expect(steps(info)).not.toContain(100);
    expect(steps(info)).toContain(220);
    const rising = [...(steps(info) ?? [])].sort((a, b) => a - b);
    expect(steps(info)).toEqual(rising);
  });

  it('asks for nothing that a slider only passes', async () => {
    const asked = source.asked.length;
    for (const step of [110, 120, 130, 500]) store.see(info, step);
    await pause();
    expect(source.asked).toHaveLength(asked);
  });

  it('grows by what is new', async () => {
    source.log([at([...many, 510])]);
    store.use(infoOf(at([...many, 510])));
    await settled();
    expect(source.asked.at(-1)).toBe('validation/confusion_matrix 500..510');
    expect(contentOf(store.state(info).value)?.allSteps?.at(-1)).toBe(510);
    expect(steps(info)).toHaveLength(5);
  });

  it('tells when the point did not come, and tries again when asked', async () => {
    source.refused.add('validation/confusion_matrix');
    store.see(info, 105);
    await pause();
    expect(store.state(info).value.state).toBe('failed');
    expect(steps(info)).toHaveLength(4);
    source.refused.clear();
    store.retry(info);
    await settled();
    store.see(info, 105);
    await pause();
    expect(steps(info)).toContain(100);
  });
});
