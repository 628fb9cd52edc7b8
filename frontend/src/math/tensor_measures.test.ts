import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IS, type Measure, measuresOf, type Track, timesReference, track, usualMeasure } from './tensor_measures';
import { mergeTensorStats, type TensorSeries } from './tensor_series';
import { namesOnly, parametersOf, tensorSeries, theirSeries } from './tensor_stats.fixture';

const SHAPES = { 'a/kernel': [2, 2], 'a/bias': [2], 'b/kernel': [3, 1] };

/** A training of one step, by statistic the value of each of three parameters. */
function training(values: Readonly<Record<string, readonly number[]>>): TensorSeries {
  const merged = mergeTensorStats(
    [
      tensorSeries('t', [
        { step: [0], statistics: Object.keys(values), parameters: 3, value: (name, p) => values[name]?.[p] ?? Number.NaN },
      ]),
    ],
    new Map([['d', parametersOf(SHAPES)]]),
  );
  if (merged === undefined) throw new Error('nothing merged');
  return merged;
}

const at = ({ value, state }: Track) => [state[0], value[0]];
const measure = (values: Readonly<Record<string, readonly number[]>>, name: Measure, members: readonly number[]) =>
  at(track(training(values), members, name));

const square = fc.integer({ min: 0, max: 1000 }).map((n) => n / 8);
const squares = fc.tuple(square, square, square);

describe('norms', () => {
  test('of a group are those of all its values in one array', () => {
    const arrays = fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(arrays, (all) => {
        const sums = all.map((values) => values.reduce((sum, v) => sum + v * v, 0));
        const [state, value] = measure({ gradient_sum_squares: sums }, 'gradient_norm', [0, 1, 2]);
        expect(state).toBe(IS.value);
        expect(value).toBeCloseTo(Math.hypot(...all.flat()), 3);
      }),
    );
  });

  test('of a root mean square count each value of those that have a gradient', () => {
    expect(measure({ gradient_sum_squares: [16, Number.NaN, 9] }, 'gradient_rms', [0, 1, 2])).toEqual([IS.value, Math.sqrt(25 / 7)]);
  });
});

describe('ratios', () => {
  test('are those of the combined norms, and lie between those of their parts', () => {
    fc.assert(
      fc.property(squares, squares, (updates, weights) => {
        fc.pre(weights.every((w) => w > 0));
        const values = { update_sum_squares: updates, weight_sum_squares: weights };
        const parts = [0, 1, 2].map((p) => measure(values, 'update_ratio', [p])[1] ?? Number.NaN);
        const whole = measure(values, 'update_ratio', [0, 1, 2])[1] ?? Number.NaN;
        expect(whole).toBeGreaterThanOrEqual(Math.min(...parts) - 1e-9);
        expect(whole).toBeLessThanOrEqual(Math.max(...parts) + 1e-9);
      }),
    );
  });

  test('do not change with the unit of the weights', () => {
    fc.assert(
      fc.property(squares, squares, fc.constantFrom(0.25, 4, 64), (updates, weights, unit) => {
        const of = (factor: number) =>
          measure(
            { update_sum_squares: updates.map((u) => u * factor), weight_sum_squares: weights.map((w) => w * factor) },
            'update_ratio',
            [0, 2],
          );
        expect(of(unit)).toEqual(of(1));
      }),
    );
  });

  test('to weights that are all 0 are undefined', () => {
    expect(measure({ update_sum_squares: [1, 1, 1], weight_sum_squares: [0, 0, 4] }, 'update_ratio', [0, 1])).toEqual([
      IS.undefined,
      Number.NaN,
    ]);
    expect(measure({ update_sum_squares: [1, 1, 1], weight_sum_squares: [0, 0, 4] }, 'update_ratio', [1, 2])).toEqual([
      IS.value,
      Math.sqrt(0.5),
    ]);
  });

  test('leave out what has no update from both sums', () => {
    expect(measure({ update_sum_squares: [1, Number.NaN, 1], weight_sum_squares: [4, 1e6, 4] }, 'update_ratio', [0, 1, 2])).toEqual([
      IS.value,
      0.5,
    ]);
  });
});

describe('zero, none, missing and what is not finite', () => {
  test('are four things', () => {
    expect(measure({ gradient_sum_squares: [0, 0, 0] }, 'gradient_norm', [0, 1])).toEqual([IS.value, 0]);
    expect(measure({ gradient_sum_squares: [Number.NaN, Number.NaN, 1] }, 'gradient_norm', [0, 1])).toEqual([IS.none, Number.NaN]);
    expect(measure({ weight_sum_squares: [1, 1, 1] }, 'gradient_norm', [0])).toEqual([IS.missing, Number.NaN]);
    expect(measure({ gradient_sum_squares: [Number.POSITIVE_INFINITY, 1, 1] }, 'gradient_norm', [0, 1])[0]).toBe(IS.nonFinite);
    expect(measure({ gradient_sum_squares: [4, 1, 1], gradient_non_finite: [0, 2, 0] }, 'gradient_norm', [0, 1])).toEqual([
      IS.nonFinite,
      Math.sqrt(5),
    ]);
    expect(measure({ gradient_sum_squares: [4, 1, 1], gradient_non_finite: [0, 2, 0] }, 'gradient_norm', [0, 2])[0]).toBe(IS.value);
  });

  test('what is not finite is counted where it was counted, and told where it was not', () => {
    const values = {
      weight_sum_squares: [1, 1, 1],
      weight_non_finite: [0, 0, 0],
      gradient_sum_squares: [1, 1, 1],
      gradient_non_finite: [0, 2, 1],
    };
    expect(measure(values, 'non_finite', [0, 1, 2])).toEqual([IS.nonFinite, 3 / 18]);
    expect(measure(values, 'non_finite', [0])).toEqual([IS.value, 0]);
    expect(measure({ update_sum_squares: [Number.POSITIVE_INFINITY, 1, 1] }, 'non_finite', [0, 1])).toEqual([IS.nonFinite, Number.NaN]);
  });

  test('where every value that was counted is NaN, the share is all', () => {
    const infinite = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const sizes = [4, 2, 3];
    const values = {
      weight_sum_squares: infinite,
      weight_non_finite: sizes,
      gradient_sum_squares: infinite,
      gradient_non_finite: sizes,
      // Of updates nobody counts them.
      update_sum_squares: infinite,
    };
    expect(measure(values, 'non_finite', [0, 1, 2])).toEqual([IS.nonFinite, 1]);
    expect(measure({ ...values, update_non_finite: [0, 1, 0] }, 'non_finite', [1])).toEqual([IS.nonFinite, 5 / 6]);
  });

  test('a group is not finite as soon as one of its parameters is', () => {
    const one = fc.constantFrom(0, 1, 2.5, Number.NaN, Number.POSITIVE_INFINITY);
    fc.assert(
      fc.property(fc.tuple(one, one, one), (gradients) => {
        const values = { gradient_sum_squares: gradients };
        const parts = [0, 1, 2].map((p) => measure(values, 'gradient_norm', [p])[0]);
        const [whole] = measure(values, 'gradient_norm', [0, 1, 2]);
        const worst = parts.includes(IS.nonFinite) ? IS.nonFinite : parts.includes(IS.value) ? IS.value : IS.none;
        expect(whole).toBe(worst);
      }),
    );
  });
});

describe('against a reference', () => {
  const of = (value: readonly number[], state: readonly number[] = value.map(() => IS.value)): Track => ({
    value: Float64Array.from(value),
    state: Uint8Array.from(state),
  });
  const x = (...places: number[]) => Float64Array.from(places);

  test('the same training is once itself, at every step', () => {
    fc.assert(
      fc.property(fc.array(square, { minLength: 1 }), (values) => {
        const own = of(values);
        const places = Float64Array.from(values.keys());
        expect([...timesReference(own, places, own, places).value]).toEqual(values.map(() => 1));
      }),
    );
  });

  test('takes the reference’s last value at or before the place', () => {
    expect([...timesReference(of([4, 6, 8]), x(0, 10, 20), of([2, 3]), x(5, 15)).value]).toEqual([Number.NaN, 3, 8 / 3]);
  });

  test('has no ratio where either has no value', () => {
    const times = timesReference(
      of([1, 1, 1, 1], [IS.value, IS.none, IS.value, IS.value]),
      x(0, 1, 2, 3),
      of([0, 1, 1, 1], [0, 0, IS.nonFinite, 1]),
      x(0, 1, 2, 3),
    );
    expect([...times.state]).toEqual([IS.undefined, IS.none, IS.nonFinite, IS.missing]);
  });
});

describe('what another tool logged', () => {
  const NAN = Number.NaN;
  /** [parameter][step] of each statistic, of a kernel and a bias of one layer. */
  const theirs = (values: Readonly<Record<string, readonly (readonly number[])[]>>): TensorSeries => {
    const told = {
      step: [0, 1, 2],
      statistics: Object.keys(values),
      parameters: 2,
      value: (name: string, p: number, step: number) => values[name]?.[p]?.[step] ?? NAN,
    };
    const merged = mergeTensorStats([theirSeries(told)], new Map([['d', namesOnly(['a/weight', 'a/bias'])]]));
    if (merged === undefined) throw new Error('nothing merged');
    return merged;
  };
  const told = (table: TensorSeries, name: Measure, members: readonly number[]) => {
    const { state, value } = track(table, members, name);
    return Array.from(state, (each, i) => (each === IS.value ? value[i] : Object.entries(IS).find(([, is]) => is === each)?.[0]));
  };
  const gradients = theirs({
    gradient_sum_squares: [
      [9, 9, Number.POSITIVE_INFINITY],
      [16, NAN, 16],
    ],
  });

  test('is the norm of a layer at the steps at which each of its parameters was logged, and never 0 or frozen for the rest', () => {
    expect(told(gradients, 'gradient_norm', [0, 1])).toEqual([5, 'missing', 'nonFinite']);
    expect(told(gradients, 'gradient_norm', [0])).toEqual([3, 3, 'nonFinite']);
    expect(told(gradients, 'gradient_norm', [1])).toEqual([4, 'missing', 4]);
    for (const other of ['update_ratio', 'weight_norm', 'gradient_ratio'] as const) {
      expect(told(gradients, other, [0, 1])).toEqual(['missing', 'missing', 'missing']);
    }
  });

  test('has no shapes', () => {
    expect(gradients.rows.map(({ shape, size }) => [shape, size])).toEqual([
      [undefined, NAN],
      [undefined, NAN],
    ]);
  });

  test('of means is told of single parameters, of extremes of several too', () => {
    const means = theirs({
      weight_mean: [
        [-1, 2, NAN],
        [5, 5, 5],
      ],
      gradient_max: [
        [-1, 2, NAN],
        [0, 5, 5],
      ],
      weight_min: [
        [-1, 2, 3],
        [0, 5, 1],
      ],
    });
    expect(told(means, 'weight_mean', [0])).toEqual([-1, 2, 'missing']);
    expect(told(means, 'weight_mean', [0, 1])).toEqual(['missing', 'missing', 'missing']);
    expect(told(means, 'gradient_max', [0, 1])).toEqual([0, 5, 'missing']);
    expect(told(means, 'weight_min', [0, 1])).toEqual([-1, 2, 1]);
  });

  test('is shown by what it tells', () => {
    expect(usualMeasure(gradients)).toBe('gradient_norm');
    expect(
      usualMeasure(
        theirs({
          weight_mean: [
            [1, 1, 1],
            [1, 1, 1],
          ],
        }),
      ),
    ).toBe('weight_mean');
    expect(
      measuresOf(
        theirs({
          weight_mean: [
            [1, 1, 1],
            [1, 1, 1],
          ],
        }),
      ).slice(-2),
    ).toEqual(['non_finite', 'weight_mean']);
    const ours = training({ weight_sum_squares: [1, 1, 1], weight_mean: [1, 1, 1] });
    expect([usualMeasure(ours), measuresOf(ours).length]).toEqual(['update_ratio', 6]);
  });
});
