import { expect, test } from 'vitest';
import type { Bins } from './bins';
import { isLinear, standing, symlogOf, symlogTicks } from './symlog';

/** Bins of powers of two that hold values of these sizes, of both signs. */
function bins(...sizes: readonly number[]): Bins {
  const edges = sizes.map((size) => 2 ** Math.floor(Math.log2(size)));
  const both = [...edges.toReversed().map((near) => [-2 * near, -near] as const), ...edges.map((near) => [near, 2 * near] as const)];
  return {
    left: Float64Array.from(both, ([left]) => left),
    right: Float64Array.from(both, ([, right]) => right),
    count: new Float64Array(both.length).fill(1),
    nan: 0,
    minusInfinite: 0,
    plusInfinite: 0,
  };
}

test('an axis is linear where values are of like size, at every step', () => {
  const weights = bins(0.02, 0.04, 0.08, 0.16);
  const axis = symlogOf([weights, weights]);
  expect(axis === undefined ? undefined : [isLinear(axis), axis.low, axis.high]).toEqual([true, -0.25, 0.25]);
  const spread = symlogOf([bins(1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1)]);
  expect(spread === undefined ? undefined : isLinear(spread)).toBe(false);
  // Gradients that shrink a thousandfold would be a thin line at the end.
  const shrinking = symlogOf([bins(0.1, 0.2), bins(1e-4, 2e-4)]);
  expect(shrinking === undefined ? undefined : isLinear(shrinking)).toBe(false);
});

test('a linear axis keeps distances', () => {
  const axis = { unit: 4, low: -4, high: 4 };
  expect([-4, -1, 0, 2, 4].map((x) => standing(x, axis))).toEqual([-1, -0.25, 0, 0.5, 1]);
});

test('marks stand apart, and 0 is one of them', () => {
  for (const axis of [
    { unit: 2 ** -20, low: -1, high: 1 },
    { unit: 2 ** -6, low: -0.02, high: 90 },
    { unit: 2 ** -30, low: 0, high: 1e-3 },
    { unit: 0.5, low: -0.7, high: 0.9 },
  ]) {
    for (const most of [2, 3.6, 6, 11]) {
      const length = standing(axis.high, axis) - standing(axis.low, axis);
      const marks = symlogTicks(axis, most);
      const places = marks.map((x) => standing(x, axis) / length);
      expect(marks).toContain(0);
      expect(marks.length).toBeGreaterThan(1);
      places.slice(1).forEach((place, i) => {
        expect(place - (places[i] ?? 0)).toBeGreaterThanOrEqual(1 / most - 1e-9);
      });
    }
  }
});
