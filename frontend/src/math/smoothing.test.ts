import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smoothed } from './smoothing';

const weights = fc.double({ min: 0, max: 0.999, noNaN: true });
const finite = fc.double({ min: -1e300, max: 1e300, noNaN: true });

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
