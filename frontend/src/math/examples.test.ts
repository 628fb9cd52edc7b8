import fc from 'fast-check';
import { expect, test } from 'vitest';
import { facts } from '../panels/scalars/scalars.fixture';
import { batchesOf, examplesAt } from './examples';
import { record, tensorSeries } from './tensor_stats.fixture';

function stats(sizes: ReadonlyMap<number, number>) {
  const step = [...sizes.keys()];
  const told = { step, statistics: [], parameters: 0, value: () => 0 };
  const [series] = [tensorSeries('tensor_stats/norms', [told])];
  const payload = { ...record(told), batch_examples: Int32Array.from(sizes.values()) };
  return { ...series, points: [{ step: step.at(-1) ?? 0, wallTime: 1, payload }] };
}

const counts = (sizes: ReadonlyMap<number, number>, first: number, at: readonly number[]) => {
  const batches = batchesOf([stats(sizes)], []).get('run');
  return batches === undefined ? undefined : at.map((step) => examplesAt(batches, first, step));
};

test('where each batch is told it is their sum', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 50 }),
      fc.integer({ min: 0, max: 9 }),
      (sizes, first) => {
        const told = new Map(sizes.map((size, i) => [first + i, size]));
        const all = Array.from({ length: sizes.length + 1 }, (_, i) => first + i);
        expect(counts(told, first, all)).toEqual(all.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0)));
      },
    ),
  );
});

test('of batches that are all alike it does not matter which are told', () => {
  const some = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 500 }), (steps, size) => {
      expect(counts(new Map(steps.map((step) => [step, size])), 0, [0, 1, 77, 201])).toEqual([0, size, 77 * size, 201 * size]);
    }),
  );
});

test('a small last batch of an epoch counts for itself alone', () => {
  expect(
    counts(
      new Map([
        [0, 32],
        [10, 32],
        [20, 13],
        [30, 32],
        [40, 32],
      ]),
      0,
      [20, 21, 40],
    ),
  ).toEqual([640, 653, 1261]);
});

test('rises with the steps', () => {
  const some = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 99 })), {
    selector: ([step]) => step,
    minLength: 1,
  });
  fc.assert(
    fc.property(some, (told) => {
      const found =
        counts(
          new Map(told),
          0,
          Array.from({ length: 101 }, (_, i) => i),
        ) ?? [];
      expect(found.every((at, i) => i === 0 || at > (found[i - 1] ?? 0))).toBe(true);
    }),
  );
});

test('without sizes told the facts tell one for all; without facts nothing is known', () => {
  const batches = batchesOf([], [facts('t', 40)]).get('t');
  expect(batches === undefined ? undefined : [0, 5].map((step) => examplesAt(batches, 0, step))).toEqual([0, 160]);
  expect(counts(new Map([[0, -1]]), 0, [1])).toBeUndefined();
  expect(batchesOf([], []).size).toBe(0);
});
