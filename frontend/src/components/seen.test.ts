import { expect, it } from 'vitest';
import { stopsOf } from './seen';

it('a ramp from left to right has its colours where they stand', () => {
  expect(stopsOf('linear-gradient(to right, rgb(0, 0, 0), rgba(1, 2, 3, 0.5), rgb(9, 9, 9))', 100)).toEqual([
    { at: 0, colour: 'rgb(0, 0, 0)' },
    { at: 0.5, colour: 'rgba(1, 2, 3, 0.5)' },
    { at: 1, colour: 'rgb(9, 9, 9)' },
  ]);
});

it('a bar whose colours meet at one place has both there', () => {
  expect(stopsOf('linear-gradient(to right, rgb(1, 1, 1) 30%, color(srgb 0.5 0.5 0.5) 0px)', 200)).toEqual([
    { at: 0.3, colour: 'rgb(1, 1, 1)' },
    { at: 0.3, colour: 'color(srgb 0.5 0.5 0.5)' },
  ]);
});

it('other backgrounds are no ramps', () => {
  for (const image of ['none', '', 'linear-gradient(rgb(0, 0, 0), rgb(1, 1, 1))', 'repeating-linear-gradient(135deg, rgb(0, 0, 0) 0px)'])
    expect(stopsOf(image, 10)).toEqual([]);
});
