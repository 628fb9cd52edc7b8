import { expect, test } from 'vitest';
import { csvText } from '../../components/download';
import { track } from '../../math/tensor_measures';
import { rowTree, visibleRows } from '../../math/tensor_rows';
import { mergeTensorStats } from '../../math/tensor_series';
import { parametersOf, tensorSeries } from '../../math/tensor_stats.fixture';
import { tail } from '../../math/tensor_words';
import { numbers, rows } from './download';

const value = (_: string, p: number, step: number) =>
  p === 1 && step === 2 ? Number.POSITIVE_INFINITY : p === 0 && step === 3 ? Number.NaN : (p + 1) ** 2 * 4;

test('cells in sight are saved whole, and what is no value by its word', () => {
  const series = mergeTensorStats(
    [tensorSeries('norms', [{ step: [1, 2, 3, 9], statistics: ['gradient_sum_squares'], parameters: 2, value }])],
    new Map([['d', parametersOf({ 'a/kernel': [2, 2], 'b/kernel': [1, 1] })]]),
  );
  if (series === undefined) throw new Error('nothing merged');
  const seen = visibleRows(rowTree(series.rows, false), 'layers', new Set());
  const tracks = seen.map(({ node }) => track(series, node.members, 'gradient_norm'));
  const heat = { series, rows: seen, tracks, x: series.step, scale: undefined };
  expect(csvText(rows([heat], 'gradient_norm', 'gradient_norm', [0, 3])).split('\r\n')).toEqual([
    'training,row,step,measure,value,state',
    'run,a,1,gradient_norm,2,value',
    'run,a,2,gradient_norm,2,value',
    'run,a,3,gradient_norm,,no gradient',
    'run,b,1,gradient_norm,4,value',
    'run,b,2,gradient_norm,,not finite',
    'run,b,3,gradient_norm,4,value',
    '',
  ]);
  expect(numbers([heat], 'gradient_norm', 'gradient_norm', [2, 9]).trainings).toEqual([
    {
      training: 'run',
      step: [2, 3, 9],
      rows: [
        { row: 'a', value: [2, 'no gradient', 2] },
        { row: 'b', value: ['not finite', 4, 4] },
      ],
    },
  ]);
});

test('a long path keeps its end', () => {
  expect(tail('stage_1/block_2/conv_1', 30)).toBe('stage_1/block_2/conv_1');
  expect(tail('stage_1/block_2/conv_1', 18)).toBe('…/block_2/conv_1');
  expect(tail('stage_1/block_2/conv_1', 9)).toBe('…/conv_1');
  expect(tail('a_very_long_name_of_a_layer', 9)).toHaveLength(9);
});
