import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effective, newcombe, wilson } from './wilson';

const trials = fc.integer({ min: 1, max: 2_000_000_000 });

describe('wilson', () => {
  // SciPy 1.x: binomtest(x, n).proportion_ci(method='wilson').
  it.each([
    [869, 899, 0.9527618045954052, 0.9765264904901074],
    [3, 6, 0.18761630648265054, 0.8123836935173494],
    [3000, 6000, 0.48735253495969333, 0.5126474650403067],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371109, 1],
  ])('%i of %i as SciPy has it', (x, n, low, high) => {
    const range = wilson(x, n);
    expect(range?.low).toBeCloseTo(low, 12);
    expect(range?.high).toBeCloseTo(high, 12);
  });

  it('is undefined without trials', () => {
    expect(wilson(0, 0)).toBeUndefined();
  });

  it('holds the rate, and stays within 0 and 1', () => {
    fc.assert(
      fc.property(trials, fc.double({ min: 0, max: 1, noNaN: true }), (n, rate) => {
        const range = wilson(rate * n, n);
        const seen = (rate * n) / n;
        expect(range?.low).toBeGreaterThanOrEqual(0);
        expect(range?.low).toBeLessThanOrEqual(seen);
        expect(range?.high).toBeGreaterThanOrEqual(seen);
        expect(range?.high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('mirrors: failures have the interval of successes, turned round', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(100_000), (n, some) => {
        const x = some % (n + 1);
        expect(wilson(n - x, n)?.low).toBeCloseTo(1 - (wilson(x, n)?.high ?? Number.NaN), 12);
      }),
    );
  });

  it('narrows with more examples of the same rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 2, max: 1000 }), fc.nat(1000), (n, times, some) => {
        const x = some % (n + 1);
        const few = wilson(x, n);
        const many = wilson(x * times, n * times);
        if (few === undefined || many === undefined) throw new Error('both have trials');
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      }),
    );
  });
});

describe('effective', () => {
  it('is the number of samples when weights are equal, and 0 without weight', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0.01, max: 100, noNaN: true }), (n, w) => {
        expect(effective(n * w, n * w * w)).toBeCloseTo(n, 6);
      }),
    );
    expect(effective(0, 0)).toBe(0);
  });
});

describe('newcombe', () => {
  // Newcombe 1998, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [10, 10, 0, 10, 0.6075, 1],
  ])('%i of %i against %i of %i as published', (x, m, y, n, low, high) => {
    const range = newcombe(x / m, wilson(x, m), y / n, wilson(y, n));
    expect(range?.low).toBeCloseTo(low, 4);
    expect(range?.high).toBeCloseTo(high, 4);
  });

  it('is undefined when either rate is', () => {
    expect(newcombe(undefined, undefined, 0.5, wilson(1, 2))).toBeUndefined();
  });
});
