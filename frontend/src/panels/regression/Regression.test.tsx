import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { csvText, jsonText } from '../../components/download';
import { help } from '../../help';
import { targetOf } from '../../math/regression';
import { regressionOf } from '../../math/regression.fixture';
import { stage } from '../stage.fixture';
import { cellRows, largestRows } from './download';
import { matchedTarget } from './evaluation';
import { fixtures } from './gallery';
import { terms } from './help';
import { targetName, valueText } from './words';

const { box, show, pressIn, choose, said } = stage(fixtures);
const plain = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, ' ').trim();
const measured = (name: string, of = 'focus') => plain(box.querySelector(`[data-measure="${name}"][data-of="${of}"]`));
const rows = () => [...box.querySelectorAll('[data-testid="largest-errors"] tbody tr')];

test('numbers have intervals, and every term of the panel is explained', async () => {
  await show('one');
  expect(plain(box.querySelector('h2'))).toBe('houses · validation · step 600');
  expect(measured('R²')).toMatch(/^0\.\d{4} 0\.\d{4} – 0\.\d{4}$/);
  for (const name of ['RMSE', 'MAE']) expect(measured(name)).toMatch(/^\S+ \S+ – \S+$/);
  expect(measured('bias')).toMatch(/^\S+ [+−]\S+ to [+−]\S+$/);
  expect(plain(box.querySelector('.ls-sentences'))).toMatch(/^Better than at step 300/);
  for (const term of Object.keys(terms)) expect(help(term)).toMatch(/\.$/);
});

test('what is undefined is a dash, never a zero', async () => {
  await show('constant');
  expect(measured('R²')).toBe('–');
  expect(measured('RMSE')).toMatch(/^0\.07/);
  await show('two');
  expect(measured('RMSE')).not.toContain('–');
});

test('what was dropped is said by reason, and nothing is drawn of nothing', async () => {
  await show('not-finite');
  expect(plain(box.querySelector('[data-testid="counted"]'))).toBe('300 of 400 values count; dropped: 100 prediction not finite');
  await show('dropped');
  expect(box.querySelector('svg')).toBeNull();
  expect(box.textContent).toContain('No value of this evaluation counts');
  await show('nothing');
  expect(box.textContent).toContain('This evaluation has no samples.');
  expect(rows()).toHaveLength(0);
});

test('a target is chosen by its name, which is text', async () => {
  await show('three');
  expect(plain(box.querySelector('.ls-regression-largest h2'))).toBe('Largest errors of <b>width</b>');
  expect(box.querySelector('b b, text b')).toBeNull();
  const before = measured('RMSE');
  await choose('length');
  expect(measured('RMSE')).not.toBe(before);
  expect(plain(box.querySelector('[data-picture="agreement"] .ls-regression-axis'))).toBe('true length');
  await show('many');
  expect(box.querySelectorAll('.ls-regression-choice option')).toHaveLength(12);
});

test('the reference and another step stand beside, each with its numbers and its line', async () => {
  await show('reference');
  expect(plain(box.querySelector('h2'))).toContain('against slow at step 600');
  expect([measured('RMSE', 'reference'), measured('RMSE', 'beside')].every((text) => /^\d/.test(text ?? ''))).toBe(true);
  expect(plain(box.querySelector('.ls-sentences'))).toMatch(/^Better than slow/);
  expect(box.querySelectorAll('.ls-regression-median')).toHaveLength(2);
  expect(box.querySelectorAll('[data-testid="residuals"]')).toHaveLength(2);
});

test('the arrow keys go from step to step, and Enter selects', async () => {
  await show('one');
  const picture = '[data-picture="residuals"] [role="application"]';
  await pressIn(picture, 'Home');
  await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
  expect(said()).toMatch(/^step 100: median .*; middle 50 %: .* to .*; 95 %: /);
  await pressIn(picture, 'ArrowRight');
  await pressIn(picture, 'Enter');
  expect(plain(box.querySelector('h2'))).toBe('houses · validation · step 200');
});

test('the arrow keys go from cell to cell, and each says what is in it', async () => {
  await show('one');
  const picture = '[data-picture="agreement"] [role="application"]';
  await pressIn(picture, 'ArrowUp');
  await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
  expect(said()).toMatch(/^true \S+ to \S+, predicted \S+ to \S+: \d+ values?, /);
  expect(box.querySelectorAll('.ls-regression-cursor')).toHaveLength(1);
});

test('a sample of the list is pointed at in the picture, and let go again', async () => {
  await show('one');
  expect(rows()).toHaveLength(100);
  const press = () => act(() => rows()[0]?.querySelector('button')?.click());
  await press();
  expect(box.querySelectorAll('.ls-regression-marked')).toHaveLength(1);
  expect(rows()[0]?.querySelector('button')?.getAttribute('aria-pressed')).toBe('true');
  await press();
  expect(box.querySelectorAll('.ls-regression-marked')).toHaveLength(0);
});

test('values outside stand in strips, and how many they are', async () => {
  await show('outliers');
  expect(plain(box.querySelector('[data-testid="outside"]'))).toMatch(/^\d+ of 2 000 values outside, in the strips$/);
  const means = box.querySelector('path.ls-regression-means')?.getAttribute('d') ?? '';
  expect(means.split('M').length).toBeGreaterThan(2);
});

test('evaluations whose bins are others are counted', async () => {
  await show('other-bins');
  expect(plain(box.querySelector('[data-testid="other-bins"]'))).toMatch(
    /^\d+ evaluations beside this one have other bins: there a cell holds another range of values$/,
  );
  await show('reference');
  expect(box.querySelector('[data-testid="other-bins"]')).toBeNull();
});

test('marks far from zero are short, and the title says what they are less', async () => {
  await show('far-from-zero');
  const words = [...box.querySelectorAll('[data-picture="agreement"] text')].map(plain);
  expect(words.some((text) => /^true − 1 000 000$/.test(text ?? ''))).toBe(true);
  expect(words.filter((text) => !/true|predicted/.test(text ?? '')).every((text) => (text ?? '').length <= 7)).toBe(true);
  expect(plain(rows()[0])).toMatch(/999 999\.\d{5}|1 000 000\.\d{5}/);
});

test('numbers are saved whole', () => {
  const payload = regressionOf({ truth: [[0, 1, 5]], predicted: [[0, 99, 5]], ends: [[0, 6.4]], ids: ['=1', 'b', 'c'] });
  const target = targetOf(payload, 0);
  if (target === undefined) throw new Error('no target');
  const text = csvText(cellRows(target)).split('\r\n');
  expect(text[0]).toBe('true_from,true_below,predicted_from,predicted_below,count');
  expect(text).toContain(`1,1.1,6.4,,1`);
  expect(csvText(largestRows([{ id: '=1', truth: 1, predicted: 2, error: 1 }]))).toContain("'=1,1,2,1");
  expect(JSON.parse(jsonText([Number.NaN]))).toEqual(['NaN']);
});

test('values are told with the decimals that tell them apart', () => {
  expect([valueText(999999.994, 0.001), valueText(0.5, 10), valueText(1e12, 0.1), valueText(3.1358, 0.01)]).toEqual([
    '999\u202f999.994',
    '0.5',
    '1\u202fT',
    '3.14',
  ]);
  expect([targetName(['a', ''], 1), targetName([''], 0), targetName(['a'], 0)]).toEqual(['target 2', '', 'a']);
  expect([matchedTarget(['a', 'b'], 1, ['b', 'a']), matchedTarget(['', ''], 1, ['x', 'y']), matchedTarget(['a'], 0, ['b'])]).toEqual([
    0, 1, -1,
  ]);
});
