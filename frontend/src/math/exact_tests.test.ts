import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fisher, holm, mcnemar, upperQuantile } from './exact_tests';

const choose = (n: number, k: number): number => {
  let product = 1;
  for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i;
  return Math.round(product);
};

describe('Fisher’s exact test', () => {
  test('is twice the smaller tail of all tables with the same sums', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, m, x, y) => {
          const [a, b] = [Math.round(x * n), Math.round(y * m)];
          const total = a + b;
          const all = choose(n + m, total);
          let [low, high] = [0, 0];
          for (let k = Math.max(0, total - m); k <= Math.min(n, total); k++) {
            const p = (choose(n, k) * choose(m, total - k)) / all;
            if (k <= a) low += p;
            if (k >= a) high += p;
          }
          const expected = a * m === b * n ? 1 : Math.min(1, 2 * Math.min(low, high));
          expect(fisher(a, n, b, m)).toBeCloseTo(expected, 10);
        },
      ),
    );
  });

  test('equals SciPy’s where the distribution is symmetric', () => {
    // scipy.stats.fisher_exact([[36, 0], [26, 10]]).pvalue, and of [[490, 10], [450, 50]]
    expect(fisher(26, 36, 36, 36)).toBeCloseTo(0.0009480835494673225, 12);
    expect(fisher(450, 500, 490, 500) / 6.987845925477464e-8).toBeCloseTo(1, 8);
  });

  test('does not depend on the order, and is 1 of nothing', () => {
    expect(fisher(3, 50, 20, 60)).toBe(fisher(20, 60, 3, 50));
    expect(fisher(0, 0, 3, 5)).toBe(1);
    expect(fisher(5, 5, 9, 9)).toBe(1);
  });

  test('takes a million as it takes ten', () => {
    expect(fisher(900_000, 1_000_000, 900_500, 1_000_000)).toBeGreaterThan(0.2);
    expect(fisher(900_000, 1_000_000, 903_000, 1_000_000)).toBeLessThan(1e-11);
  });
});

describe('McNemar’s test', () => {
  test('is exact: two-sided p of a fair coin', () => {
    expect(mcnemar(0, 5)).toBeCloseTo(2 / 32, 12);
    expect(mcnemar(1, 9)).toBeCloseTo((2 * 11) / 1024, 12);
    expect(mcnemar(4, 4)).toBe(1);
    expect(mcnemar(0, 0)).toBe(1);
    expect(mcnemar(9, 1)).toBe(mcnemar(1, 9));
  });
});

describe('Holm’s correction', () => {
  test('multiplies the smallest by all, the next by one fewer, and never falls', () => {
    expect(holm([0.03, 0.01, 0.02])).toEqual([0.04, 0.03, 0.04]);
    expect(holm([0.5, 0.001])).toEqual([0.5, 0.002]);
    expect(holm([])).toEqual([]);
  });

  test('lies between p and Bonferroni’s', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (p) => {
        holm(p).forEach((adjusted, i) => {
          expect(adjusted).toBeGreaterThanOrEqual(p[i] ?? 0);
          expect(adjusted).toBeLessThanOrEqual(Math.min(1, p.length * (p[i] ?? 0)) + 1e-15);
        });
      }),
    );
  });
});

test('the upper quantile of a normal distribution', () => {
  expect(upperQuantile(0.025)).toBeCloseTo(1.959963984540054, 7);
  expect(upperQuantile(0.5)).toBeCloseTo(0, 9);
  expect(upperQuantile(0.975)).toBeCloseTo(-1.959963984540054, 7);
  expect(upperQuantile(1e-6)).toBeCloseTo(4.753424308822899, 6);
  expect(upperQuantile(0)).toBe(Number.POSITIVE_INFINITY);
});
