import { expect, test } from 'vitest';
import { stage } from '../stage.fixture';
import { fixtures, made } from './gallery';
import { shareAt, tableOf } from './rows_of';

const { box, show, pressIn, choose, said } = stage(fixtures);
const cell = (layer: string, step: number) => box.querySelector(`td[data-layer="${layer}"][data-step="${step}"]`)?.textContent;
const press = (key: string) => pressIn('.ls-heat-grid', key);

test('each layer has its share of dead units at each evaluation', async () => {
  await show('ordinary');
  expect(cell('block_1/conv', 480)?.replace(/\s/g, ' ')).toBe('93.8 %, 60 of 64');
  expect(cell('stem', 480)?.replace(/\s/g, ' ')).toBe('6.3 %, 4 of 64');
  expect(box.querySelector('h3')?.textContent).toContain('4 layers × 12 evaluations, on a probe of 256 examples');
});

test('what is not finite is neither dead nor a share', async () => {
  await show('not-finite');
  const told = () => [240, 280].map((step) => cell('block_1/conv', step)?.replace(/\s/g, ' '));
  expect(told()).toEqual(['7.8 %, 5 of 64', 'not finite: 16 384 of 16 384 values']);
  await choose('zeros');
  expect(told()[1]).toBe('not finite: 16 384 of 16 384 values');
  await choose('not finite');
  expect(told()).toEqual(['0 %, 0 of 16 384', 'not finite: 16 384 of 16 384 values']);
  expect(box.querySelector('.ls-activity-legend')?.textContent).toContain('NaN or infinite');
});

test('the zeros that a compiled ReLU makes of NaN are not taken for dead units', async () => {
  await show('broken');
  const told = (layer: string, step: number) => cell(layer, step)?.replace(/\s/g, ' ');
  expect(told('block_1/conv', 160)).toBe('7.8 %, 5 of 64');
  expect(told('block_1/conv', 200)).toBe('not finite: the layer’s weights are NaN or infinite');
  expect(told('block_2/conv', 200)).toBe('9.4 %, 6 of 64');
});

test('a stretch shows some of the evaluations', async () => {
  await show('zoomed');
  expect(box.querySelector('h3')?.textContent).toContain('3 of 12 evaluations');
});

test('only layers that can be saturated have a row for it, and an output says that it is one', async () => {
  await show('saturated');
  const rows = [...box.querySelectorAll('tbody th')].map((each) => each.textContent);
  expect(rows).toEqual(['head, sigmoid, an output']);
});

test('the reference has a picture of its own, of the same layers', async () => {
  await show('reference');
  const rows = (training: string) =>
    [...box.querySelectorAll(`table[data-training="${training}"] tbody th`)].map((each) => each.textContent?.split(',')[0]);
  expect(rows('other')).toEqual(rows('run'));
  const other = (layer: string, step: number) =>
    box.querySelector(`table[data-training="other"] td[data-layer="${layer}"][data-step="${step}"]`)?.textContent?.replace(/\s/g, ' ');
  expect(other('block_1/conv', 240)).toBe('15.6 %, 10 of 64');
  expect(other('stem', 240)).toBe('not logged');
  expect(box.querySelector('.ls-activity-legend')?.textContent).toContain('not logged');
  await show('other-reference');
  expect(box.textContent).toContain('The reference, other, logged no activity of layers.');
});

test('the keyboard goes from cell to cell and selects one', async () => {
  await show('ordinary');
  await press('Home');
  await press('ArrowDown');
  await press('ArrowRight');
  expect(said().replace(/\s/g, ' ')).toBe('block_1/conv, step 80: dead units 9.4 %, 6 of 64');
  await press('Enter');
  expect(box.querySelector('.ls-heat-chosen')?.textContent).toBe('block_1/conv');
});

test('Esc lets the selected layer go', async () => {
  await show('selected');
  expect(box.querySelector('.ls-heat-chosen')?.textContent).toBe('block_2/conv');
  await press('Escape');
  expect(box.querySelector('.ls-heat-chosen')).toBeNull();
});

test('one evaluation is a picture too', async () => {
  await show('once');
  expect(box.querySelectorAll('td')).toHaveLength(4);
});

test('a layer that came later has no value before it did, and one that went comes last', () => {
  const layer = (path: string) => ({ path, activation: 'relu', is_output: false });
  const first = made([layer('a'), layer('old')], 1, () => 32);
  const second = made([layer('new'), layer('a')], 2, () => 16);
  const table = tableOf({ ...second, points: [...first.points, ...second.points.slice(1)] }, 'dead');
  expect(table.rows.map(({ path }) => path)).toEqual(['new', 'a', 'old']);
  expect(table.rows.map((row) => [shareAt(row, 0), shareAt(row, 1)])).toEqual([
    [Number.NaN, 0.25],
    [0.5, 0.25],
    [0.5, Number.NaN],
  ]);
});
