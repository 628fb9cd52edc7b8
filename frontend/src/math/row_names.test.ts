import { expect, test } from 'vitest';
import { groupNames } from './row_names';
import { rowTree, visibleRows } from './tensor_rows';
import { rowsOfAxis } from './tensor_series';
import { parametersOf } from './tensor_stats.fixture';

const rows = (layers: readonly string[]) =>
  visibleRows(
    rowTree(rowsOfAxis(parametersOf(Object.fromEntries(layers.map((layer) => [`${layer}/kernel`, [2, 2]])))), false),
    'layers',
    new Set(),
  );
const stages = [1, 2].flatMap((s) =>
  Array.from({ length: 20 }, (_, b) => ['conv_1', 'conv_2'].map((c) => `stage_${s}/block_${b}/${c}`)).flat(),
);

test('groups are named where they begin, as deep as there is room for all', () => {
  expect(groupNames(rows(stages), 10)).toEqual([
    { row: 0, name: 'stage_1' },
    { row: 40, name: 'stage_2' },
  ]);
  expect(groupNames(rows(stages), 2)?.slice(0, 3)).toEqual([
    { row: 0, name: 'stage_1/block_0' },
    { row: 2, name: 'stage_1/block_1' },
    { row: 4, name: 'stage_1/block_2' },
  ]);
});

test('of two names that are too near that of the larger group stays', () => {
  expect(groupNames(rows(['stem', ...stages]), 10)).toEqual([
    { row: 1, name: 'stage_1' },
    { row: 41, name: 'stage_2' },
  ]);
});

test('without groups there are none', () => {
  expect(groupNames(rows(Array.from({ length: 50 }, (_, k) => `dense_${k}`)), 4)).toBeUndefined();
});
