import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bins, binsOfCodes, finiteOf, orderedOf, outside, percentilesOf, zeroShare } from './bins';
import { beyond, standing, standsAt, symlogOf, symlogTicks } from './symlog';

const value = fc.oneof(fc.double({ noNaN: false }), fc.constantFrom(0, -0, 1, -0.5, Number.MIN_VALUE, -Number.MAX_VALUE));

/** The contract's code of a value: by its exponent, denormal ones by their own. */
function codeOf(x: number): number {
  if (Number.isNaN(x)) return -32_768;
  if (!Number.isFinite(x)) return Math.sign(x) * 32_767;
  if (x === 0) return 0;
  let e = Math.floor(Math.log2(Math.abs(x)));
  if (Math.abs(x) < 2 ** e) e -= 1;
  if (Math.abs(x) >= 2 ** (e + 1)) e += 1;
  return Math.sign(x) * (2000 + e);
}

function binsOf(values: readonly number[]): Bins {
  const counts = new Map<number, number>();
  for (const x of values) counts.set(codeOf(x), (counts.get(codeOf(x)) ?? 0) + 1);
  const rising = [...counts].sort(([a], [b]) => a - b);
  return binsOfCodes(
    rising.map(([code]) => code),
    rising.map(([, n]) => n),
    0,
    rising.length,
  );
}

test('every value is in one bin, or counted as not finite', () => {
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const bins = binsOf(values);
      expect(finiteOf(bins)).toBe(values.filter(Number.isFinite).length);
      expect(orderedOf(bins) + bins.nan).toBe(values.length);
      for (let i = 1; i < bins.left.length; i++) expect(bins.right[i - 1]).toBeLessThanOrEqual(bins.left[i] ?? Number.NaN);
    }),
  );
});

test('each percentile lies between its edges', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), fc.integer({ min: 0, max: 100 }), (values, p) => {
      const ordered = Float64Array.from(values.filter((x) => !Number.isNaN(x))).sort();
      const found = percentilesOf(binsOf(values), [p]);
      if (ordered.length === 0) {
        expect(found).toBeUndefined();
        return;
      }
      const wanted = ordered[Math.max(1, Math.ceil((p * ordered.length) / 100)) - 1] ?? Number.NaN;
      const [low, high] = found?.[0] ?? [Number.NaN, Number.NaN];
      expect(low).toBeLessThanOrEqual(wanted);
      expect(high).toBeGreaterThanOrEqual(wanted);
    }),
  );
});

test('zeros are told by a bin of their own, and by no bin that reaches over them', () => {
  expect(zeroShare(binsOf([0, -0, 1, 2]))).toBe(0.5);
  expect(zeroShare(binsOf([1, 2]))).toBe(0);
  const of = (left: number, right: number): Bins => ({
    left: Float64Array.of(left),
    right: Float64Array.of(right),
    count: Float64Array.of(3),
    nan: 0,
    minusInfinite: 0,
    plusInfinite: 0,
  });
  expect(zeroShare(of(-0.1, 0.1))).toBeUndefined();
  expect(zeroShare(of(0.1, 0.2))).toBe(0);
  expect(zeroShare(binsOf([Number.NaN]))).toBeUndefined();
});

test('what lies beyond an axis is counted, and the rest has a place on it', () => {
  const values = [...Array.from({ length: 40_000 }, (_, i) => 0.25 + i / 160_000), 1e9, -1e9, 0];
  const bins = binsOf(values);
  const axis = symlogOf([bins]);
  if (axis === undefined) throw new Error('no axis');
  expect(outside(bins, [axis.low, axis.high])).toEqual([1, 1]);
  expect(beyond([bins], axis)).toBe(2);
  expect([axis.low, axis.high]).toEqual([0, 0.5]);
});

test('an axis keeps the order of values, 0 at 0, and gives each back', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 2 }), (values) => {
      const axis = { unit: 2 ** -6, low: -1e6, high: 1e6 };
      const places = [...values].sort((a, b) => a - b).map((x) => standing(x, axis));
      places.forEach((place, i) => {
        expect(place).toBeGreaterThanOrEqual(places[i - 1] ?? Number.NEGATIVE_INFINITY);
      });
      expect(standing(0, axis)).toBe(0);
      for (const x of values) expect(standsAt(standing(x, axis), axis)).toBeCloseTo(x, 6);
    }),
  );
});

test('an axis has a mark at 0, and others within it', () => {
  for (const values of [[1e-4, 3, -2], [0], [5, 6], [1e-300], [-1e300, 1e300]]) {
    const axis = symlogOf([binsOf(values)]);
    if (axis === undefined) throw new Error('no axis');
    const marks = symlogTicks(axis, 6);
    expect(marks).toContain(0);
    expect(marks.every((x) => x >= axis.low && x <= axis.high)).toBe(true);
    expect(marks.length).toBeLessThanOrEqual(8);
  }
  expect(symlogOf([binsOf([Number.NaN])])).toBeUndefined();
});
