import fc from 'fast-check';
import { expect, test } from 'vitest';
import { domainInside, domainOf, horizontal, oddity, within } from './domain';

const scales = fc.constantFrom('linear' as const, 'log' as const);

test('a domain holds every value that has a place, and is never empty', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), scales, (values, scale) => {
      const domain = domainOf(values, scale);
      const placed = values.filter((value) => oddity(value, scale) === undefined);
      expect(domain === undefined).toBe(placed.length === 0);
      if (domain === undefined) return;
      expect(domain[0]).toBeLessThan(domain[1]);
      expect(domain.every(Number.isFinite)).toBe(true);
      expect(placed.every((value) => value >= domain[0] && value <= domain[1])).toBe(true);
      if (scale === 'log') expect(domain[0]).toBeGreaterThan(0);
    }),
  );
});

test('the vertical axis holds all of each line inside the stretch shown, and nothing beside it', () => {
  const x = [0, 1, 2, 3];
  const raw = { x, y: [900, 1, 2, 900] };
  const smoothed = { x, y: [900, 40, 30, 900] };
  expect(domainInside([raw, smoothed], [1, 2], 'linear')).toEqual(domainOf([1, 2, 30, 40], 'linear'));
  expect(domainInside([raw], [1.2, 1.8], 'linear')).toBeUndefined();
});

test('what has no place has a word', () => {
  const words = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, 1].map((value) => [
    oddity(value, 'linear'),
    oddity(value, 'log'),
  ]);
  expect(words).toEqual([
    ['NaN', 'NaN'],
    ['∞', '∞'],
    ['−∞', '−∞'],
    [undefined, '≤ 0'],
    [undefined, '≤ 0'],
    [undefined, undefined],
  ]);
});

test('a horizontal axis begins at 0 when the first point is near it, and is never empty', () => {
  expect(horizontal([Float64Array.of(40, 1200)])).toEqual([0, 1200]);
  expect(horizontal([Float64Array.of(100_000, 120_000)])).toEqual([100_000, 120_000]);
  expect(horizontal([Float64Array.of(-3, 10)])).toEqual([-3, 10]);
  expect(horizontal([Float64Array.of(40)])).toEqual([0, 40]);
  expect(horizontal([Float64Array.of(0)])).toEqual([0, 1]);
  expect(horizontal([])).toEqual([0, 1]);
});

test('a range is cut to the whole, the right way round', () => {
  expect(within([50, 10], [0, 40])).toEqual([10, 40]);
  expect(within([50, 60], [0, 40])).toBeUndefined();
  expect(within([5, 5], [0, 40])).toBeUndefined();
});
