import { expect, it } from 'vitest';
import { extent, picture } from './picture';

it.each([
  [[0], 'nothing'],
  [[3, 0, 2], 'nothing'],
  [[], 'table'],
  [[10], 'table'],
  [[6, 10], 'table'],
  [[1000], 'line'],
  [[1, 1000], 'line'],
  [[64, 64], 'heatmap'],
  [[3, 3, 64, 64], 'heatmap'],
  [[2, 20_000], 'line'],
])('an array of shape %j is seen as %s', (shape, seen) => expect(picture(shape)).toBe(seen));

it('finds the ends among what is no number', () => {
  expect(extent([Number.NaN, 2, -1, Number.POSITIVE_INFINITY])).toEqual({ low: -1, high: 2 });
  expect(extent([Number.NaN])).toEqual({ low: Number.NaN, high: Number.NaN });
});
