import { expect, test } from 'vitest';
import { IS, track } from '../../math/tensor_measures';
import { mergeTensorStats, type TensorSeries } from '../../math/tensor_series';
import { parametersOf, tensorSeries } from '../../math/tensor_stats.fixture';
import { chartsOf } from './lines_of';

const SHAPES = { 'a/kernel': [2, 2], 'a/bias': [2], 'a/moving_mean': [2], 'ab/kernel': [2, 2] };

function training(value: (statistic: string, parameter: number, step: number) => number, name = 'run'): TensorSeries {
  const statistics = ['weight_sum_squares', 'gradient_sum_squares', 'update_sum_squares'];
  const merged = mergeTensorStats(
    [tensorSeries('t', [{ step: [0, 10, 20], statistics, parameters: 4, value }], name)],
    new Map([['d', parametersOf(SHAPES)]]),
  );
  if (merged === undefined) throw new Error('nothing merged');
  return merged;
}

const placed = (...all: readonly TensorSeries[]) =>
  all.map(({ training: name, step }) => ({ curve: { training: name } as never, x: step }));

test('a layer has a line for each parameter that it learns, of three measures', () => {
  const own = training((statistic, p, step) => (statistic === 'weight_sum_squares' ? 4 : (p + 1) ** 2 * (1 + step)));
  const charts = chartsOf('a', own, undefined, false, placed(own));
  expect(charts.map(({ measure }) => measure)).toEqual(['update_ratio', 'gradient_norm', 'weight_norm']);
  expect(charts.map(({ lines }) => lines.map(({ name }) => name))).toEqual(Array(3).fill(['kernel', 'bias']));
  expect(charts[1]?.lines[1]?.y).toEqual(track(own, [1], 'gradient_norm').value);
  expect(charts.map(({ scale }) => scale)).toEqual(['log', 'linear', 'linear']);
  expect(chartsOf('a', own, undefined, true, placed(own))[0]?.lines.map(({ name }) => name)).toEqual(['kernel']);
});

test('what is not finite keeps its place as NaN, and what is not there has none', () => {
  const own = training((statistic, p, step) => {
    if (statistic !== 'gradient_sum_squares') return 1;
    return p === 1 ? Number.NaN : step === 10 ? Number.POSITIVE_INFINITY : 1;
  });
  const [, gradients] = chartsOf('a', own, undefined, false, placed(own));
  expect(gradients?.lines.map(({ name }) => name)).toEqual(['kernel']);
  expect(gradients?.lines[0]?.y).toEqual(Float64Array.of(1, Number.NaN, 1));
  expect(gradients?.lines[0]?.track.state[1]).toBe(IS.nonFinite);
});

test('the reference’s lines are those of the same parameters', () => {
  const own = training(() => 1);
  const other = training(() => 9, 'other');
  const [, gradients] = chartsOf('a', own, other, false, placed(own, other));
  expect(gradients?.lines.map(({ training: name, name: of, isOwn }) => [name, of, isOwn])).toEqual([
    ['run', 'kernel', true],
    ['run', 'bias', true],
    ['other', 'kernel', false],
    ['other', 'bias', false],
  ]);
  expect(gradients?.lines[2]?.y).toEqual(Float64Array.of(3, 3, 3));
});

test('a group of many parameters has one line of all together, and an unknown layer none', () => {
  const shapes = Object.fromEntries(Array.from({ length: 8 }, (_, k) => [`g/l${k}/kernel`, [2, 2]]));
  const merged = mergeTensorStats(
    [tensorSeries('t', [{ step: [0], statistics: ['weight_sum_squares'], parameters: 8, value: () => 2 }])],
    new Map([['d', parametersOf(shapes)]]),
  );
  if (merged === undefined) throw new Error('nothing merged');
  const charts = chartsOf('g', merged, undefined, false, placed(merged));
  expect(charts.map(({ lines }) => lines.map(({ name, y }) => [name, y[0]]))).toEqual([[['all 8 parameters', 4]]]);
  expect(chartsOf('h', merged, undefined, false, placed(merged))).toEqual([]);
});
