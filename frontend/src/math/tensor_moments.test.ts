import fc from 'fast-check';
import { expect, test } from 'vitest';
import { momentsOf } from './tensor_moments';
import { mergeTensorStats, type TensorSeries } from './tensor_series';
import { parametersOf, tensorSeries } from './tensor_stats.fixture';

/** A training that tells the sums of an array of weights at each of some steps. */
function told(arrays: readonly (readonly number[])[], odd = (_step: number) => 0): TensorSeries {
  const sum = (step: number, of: (x: number) => number) => (arrays[step] ?? []).reduce((all, x) => all + of(x), 0);
  const merged = mergeTensorStats(
    [
      tensorSeries('t', [
        {
          step: Array.from(arrays.keys()),
          statistics: ['weight_sum', 'weight_sum_squares', 'weight_non_finite'],
          parameters: 1,
          value: (name, _, step) => (name === 'weight_non_finite' ? odd(step) : sum(step, name === 'weight_sum' ? (x) => x : (x) => x * x)),
        },
      ]),
    ],
    new Map([['d', parametersOf({ 'a/kernel': [arrays[0]?.length ?? 0] })]]),
  );
  if (merged === undefined) throw new Error('nothing merged');
  return merged;
}

test('mean and deviation are those of the values', () => {
  const arrays = fc
    .integer({ min: 1, max: 8 })
    .chain((n) => fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: n, maxLength: n }), { minLength: 1, maxLength: 4 }));
  fc.assert(
    fc.property(arrays, (all) => {
      const found = momentsOf(told(all), 'a/kernel', 'weight');
      all.forEach((values, i) => {
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        expect(found?.mean[i]).toBeCloseTo(mean, 4);
        expect(found?.deviation[i]).toBeCloseTo(Math.hypot(...values.map((x) => x - mean)) / Math.sqrt(values.length), 3);
      });
    }),
  );
});

test('steps with a value that is not finite have none, and neither has what nobody told', () => {
  const series = told(
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    (step) => (step === 1 ? 1 : 0),
  );
  expect(momentsOf(series, 'a/kernel', 'weight')?.step).toEqual(Float64Array.of(0, 2));
  expect(momentsOf(series, 'a/kernel', 'gradient')).toBeUndefined();
  expect(momentsOf(series, 'b/kernel', 'weight')).toBeUndefined();
});
