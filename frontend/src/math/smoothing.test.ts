import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smoothed as smoothedBySteps, usualDistance } from './smoothing';

const weights = fc.double({ min: 0, max: 0.999, noNaN: true });
const finite = fc.double({ min: -1e300, max: 1e300, noNaN: true });

/** Points one step apart. */
const smoothed = (values: Float64Array, weight: number) =>
  smoothedBySteps(
    values.map((_, i) => i),
    values,
    weight,
    1,
  );

/** Steps from how far apart they are, the first one after as many. */
function stepsOf(apart: readonly number[]): Float64Array {
  let at = 0;
  return Float64Array.from(apart, (distance) => {
    at += distance;
    return at;
  });
}

test('a constant stays constant, to the bit', () => {
  fc.assert(
    fc.property(finite, fc.integer({ min: 1, max: 60 }), weights, (constant, n, weight) => {
      const same = smoothed(new Float64Array(n).fill(constant), weight);
      expect(same.every((value) => Math.abs(value - constant) <= Math.abs(constant) * 1e-12)).toBe(true);
    }),
  );
});

test('is the weighted mean that it says it is', () => {
  const moderate = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(moderate, weights, (values, weight) => {
      const found = smoothed(Float64Array.from(values), weight);
      values.forEach((_, i) => {
        let sum = 0;
        let total = 0;
        for (let k = 0; k <= i; k++) {
          const w = weight ** (i - k);
          sum += w * (values[k] ?? 0);
          total += w;
        }
        expect(found[i]).toBeCloseTo(sum / total, 6);
      });
    }),
  );
});

test('stays between the least and the greatest value so far, and begins with the first', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1 }), weights, (values, weight) => {
      const found = smoothed(Float64Array.from(values), weight);
      const room = Math.max(...values.map(Math.abs)) * 1e-9;
      expect(found[0]).toBe(values[0]);
      found.forEach((value, i) => {
        const before = values.slice(0, i + 1);
        expect(value).toBeGreaterThanOrEqual(Math.min(...before) - room);
        expect(value).toBeLessThanOrEqual(Math.max(...before) + room);
      });
    }),
  );
});

test('weight 0 changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      expect(Array.from(smoothed(Float64Array.from(values), 0))).toEqual(values);
    }),
  );
});

test('what is not finite ends a segment: what comes after it is as if nothing had been before', () => {
  const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  fc.assert(
    fc.property(fc.array(finite), odd, fc.array(finite), weights, (before, between, after, weight) => {
      const found = smoothed(Float64Array.from([...before, between, ...after]), weight);
      expect(found[before.length]).toBe(between);
      expect(Array.from(found.subarray(before.length + 1))).toEqual(Array.from(smoothed(Float64Array.from(after), weight)));
      expect(Array.from(found.subarray(0, before.length))).toEqual(Array.from(smoothed(Float64Array.from(before), weight)));
    }),
  );
});

const line = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.double({ min: -1000, max: 1000, noNaN: true })), {
  minLength: 1,
  maxLength: 30,
});

test('a constant stays constant however far apart its points are', () => {
  fc.assert(
    fc.property(line, finite, weights, fc.integer({ min: 1, max: 40 }), (points, constant, weight, usual) => {
      const same = smoothedBySteps(
        stepsOf(points.map(([distance]) => distance)),
        new Float64Array(points.length).fill(constant),
        weight,
        usual,
      );
      expect(same.every((value) => Math.abs(value - constant) <= Math.abs(constant) * 1e-12)).toBe(true);
    }),
  );
});

test('a value weighs as many steps as it stands for: the mean is that of a line with a point at each step', () => {
  fc.assert(
    fc.property(line, fc.double({ min: 0, max: 0.99, noNaN: true }), (points, weight) => {
      const each = points.flatMap(([distance, value], i) => new Array<number>(i === 0 ? 1 : distance).fill(value));
      const dense = smoothed(Float64Array.from(each), weight);
      const found = smoothedBySteps(
        stepsOf(points.map(([distance]) => distance)),
        Float64Array.from(points, ([, value]) => value),
        weight,
        1,
      );
      let at = -1;
      points.forEach(([distance], i) => {
        at += i === 0 ? 1 : distance;
        expect(found[i]).toBeCloseTo(dense[at] ?? Number.NaN, 6);
      });
    }),
  );
});

test('steps and the usual distance counted in another unit change nothing', () => {
  fc.assert(
    fc.property(line, weights, fc.integer({ min: 1, max: 40 }), (points, weight, usual) => {
      const step = stepsOf(points.map(([distance]) => distance));
      const value = Float64Array.from(points, (point) => point[1]);
      const other = smoothedBySteps(
        step.map((at) => 1024 * at),
        value,
        weight,
        1024 * usual,
      );
      expect(Array.from(other)).toEqual(Array.from(smoothedBySteps(step, value, weight, usual)));
    }),
  );
});

test('means of epochs are not bent by a memory that is short beside an epoch', () => {
  const step = Float64Array.from({ length: 10 }, (_, i) => 400 * (i + 1));
  const falling = step.map((at) => 2 ** (-at / 400));
  const found = smoothedBySteps(step, falling, 0.9, 10);
  falling.forEach((value, i) => {
    expect(Math.abs((found[i] ?? 0) / value - 1)).toBeLessThan(0.1);
  });
});

test('points are usually as far apart as they are on half of the way', () => {
  expect(usualDistance(stepsOf([0, ...new Array<number>(99).fill(1), ...new Array<number>(50).fill(10)]))).toBe(10);
  expect(usualDistance(stepsOf([0, ...new Array<number>(99).fill(1), 10]))).toBe(1);
  expect(usualDistance(stepsOf([5, 7]))).toBe(7);
  expect(usualDistance(stepsOf([5]))).toBeUndefined();
  expect(usualDistance(stepsOf([]))).toBeUndefined();
});
