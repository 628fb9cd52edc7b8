import { describe, expect, it } from 'vitest';
import { placedOn } from '../../math/placed';
import { clocksOf, curvesOf } from '../../math/series';
import { numbers, rows } from './download';
import { BEGAN, facts, scalar } from './scalars.fixture';

const series = [
  scalar({
    training: '=a',
    name: 'loss',
    split: 'train',
    tag: 'loss',
    n: 5,
    step: (i) => 10 * i,
    value: (i) => (i === 2 ? Number.NaN : i / 3),
  }),
  scalar({ training: 'b', name: 'loss', split: null, tag: 'loss', n: 1, step: () => 20, value: () => -1 }),
];
const curves = curvesOf(series);
const clocks = clocksOf(curves, [facts('=a', 20)]);
const placed = placedOn(curves, 'step', clocks);

describe('the points of charts', () => {
  it('are those in the part shown, whole, each with its step, epoch and time', () => {
    expect(rows(placed, [10, 20], clocks)).toEqual([
      ['training', 'run', 'tag', 'name', 'split', 'step', 'epoch', 'wall_time', 'value'],
      ['=a', '=a/train', 'loss', 'loss', 'train', 10, 0.5, BEGAN + 2, 1 / 3],
      ['=a', '=a/train', 'loss', 'loss', 'train', 20, 1, BEGAN + 4, Number.NaN],
      ['b', 'b/layerscope', 'loss', 'loss', undefined, 20, undefined, BEGAN + 4, -1],
    ]);
  });

  it('are the same by series', () => {
    const [first] = numbers(placed, [40, 40], clocks).series;
    expect(first).toEqual({
      training: '=a',
      run: '=a/train',
      tag: 'loss',
      name: 'loss',
      split: 'train',
      points: [{ step: 40, epoch: 2, wall_time: BEGAN + 8, value: 4 / 3 }],
    });
  });
});
