import { act } from 'preact/test-utils';
import { describe, expect, test } from 'vitest';
import { stage } from '../stage.fixture';
import { numbers, rows } from './download';
import { fixtures, record } from './gallery';
import { ridgeSteps } from './paint';
import { isOfLayer, ours } from './spreads_of';

const { box, show, pressIn, choose, said } = stage(fixtures);
const tables = () => [...box.querySelectorAll<HTMLElement>('table[data-testid=distribution]')];
const paths = () => tables().map((table) => table.dataset.path);
const cell = (path: string, step: number, name: string) =>
  box.querySelector(`table[data-path="${path}"] td[data-step="${step}"][data-name="${name}"]`)?.textContent;
const press = (key: string) => pressIn('.ls-distributions-plot', key);

describe('our distributions', () => {
  test('are of all parameters in forward order, or of the selected layer', async () => {
    await show('ordinary');
    expect(paths()).toEqual(['stem/kernel', 'stem/bias', 'block_1/conv/kernel', 'block_1/conv/bias', 'head/kernel', 'head/bias']);
    await show('layer');
    expect(paths()).toEqual(['stem/kernel', 'stem/bias']);
    expect(box.querySelector('h3')?.textContent).toContain('stem: 2 parameters × 30 logged steps');
    await act(() => [...box.querySelectorAll('button')].find((each) => each.textContent === 'show all layers')?.click());
    expect(paths()).toHaveLength(6);
  });

  test('let the selected layer go with Esc, and only then the zoom', async () => {
    await show('layer');
    const isZoomed = () => [...box.querySelectorAll('button')].some((each) => each.textContent === 'show all (Esc)');
    await press('+');
    await press('Escape');
    expect(paths()).toHaveLength(6);
    expect(isZoomed()).toBe(true);
    await press('Escape');
    expect(isZoomed()).toBe(false);
  });

  test('tell percentiles as the edges of their bins, and zeros', async () => {
    await show('layer');
    expect(cell('stem/kernel', 300, 'median')).toMatch(/ to /);
    expect(cell('stem/kernel', 300, 'not finite')).toBe('none');
    await show('ordinary');
    await press('Home');
    expect(cell('stem/bias', 0, 'zeros')).toBeUndefined();
    expect(said()).toMatch(/^stem\/kernel, step 0: median /);
  });

  test('change to gradients, which say that they are sampled', async () => {
    await show('layer');
    await choose('gradients');
    expect(tables()[0]?.dataset.of).toBe('gradients');
    await show('gradients');
    expect(box.querySelector('[data-path="block_1/conv/kernel"] h4')?.textContent).toContain('every 7th');
  });

  test('say what is not finite, and count what lies beyond the axis', async () => {
    await show('sick');
    const words = (path: string) => box.querySelector(`section[data-path="${path}"] h4`)?.textContent ?? '';
    expect(words('head/kernel')).toMatch(/NaN from step \d+/);
    expect(words('block_1/conv/kernel')).toMatch(/\d values? beyond the axis not drawn/);
    expect(cell('head/kernel', 580, 'not finite')).toMatch(/NaN/);
    expect(cell('stem/kernel', 580, 'zeros')).toMatch(/%/);
  });

  test('say from which step on nothing is finite', async () => {
    await show('broken');
    const words = (path: string) => box.querySelector(`section[data-path="${path}"] h4`)?.textContent?.replace(/\s/g, ' ') ?? '';
    expect(words('head/kernel')).toContain('all 600 NaN from step 300');
    expect(words('stem/kernel')).toContain('all 432 not finite at step 120');
    expect(words('stem/bias')).not.toMatch(/NaN|finite/);
    expect(box.querySelector('.ls-distributions-legend')?.textContent).toContain('NaN or infinite');
    await show('ordinary');
    expect(box.querySelector('.ls-distributions-legend')?.textContent).not.toContain('NaN or infinite');
  });

  test('have their exact means where the statistics tell them', async () => {
    await show('means');
    expect(box.querySelector('.ls-distributions-legend')?.textContent).toContain('exact mean, ± standard deviation');
    await show('ordinary');
    expect(box.querySelector('.ls-distributions-legend')?.textContent).not.toContain('exact mean');
  });

  test('are drawn with those of the reference, or say that it has none', async () => {
    await show('reference');
    expect(paths()).toEqual(['stem/kernel', 'stem/bias']);
    expect(box.querySelector('.ls-distributions-legend')?.textContent).toContain('reference: median, 7 and 93 %');
    await choose('ridges');
    expect(box.querySelector('.ls-distributions-legend')?.textContent).toContain('reference');
    await show('other-reference');
    expect(box.textContent).toContain('Of the reference, other, none of these is logged.');
  });

  test('are named by number where the log does not name them', async () => {
    await show('without-names');
    expect(paths()[0]).toBe('parameter 1');
  });
});

test('arrow keys go from step to step, and Enter selects one with its layer', async () => {
  await show('ordinary');
  await press('Home');
  await press('ArrowRight');
  expect(said()).toMatch(/^stem\/kernel, step 20: /);
  await press('Enter');
  expect(paths()).toEqual(['stem/kernel', 'stem/bias']);
});

test('others’ histograms are marked as theirs, and what cannot be told is said', async () => {
  await show('keras');
  expect(paths()).toEqual(['dense/kernel', 'dense/bias', 'dense_1/kernel']);
  expect(box.textContent).toContain('in 30 bins of the tool that wrote them');
  expect(cell('dense/kernel', 7, 'zeros')).toBe('not told by the bins');
  expect(box.querySelector('.ls-distributions-problem')?.textContent).toContain('kernel/histogram: every layer’s histogram');
  await show('keras-ridges');
  expect(paths()).toEqual(['dense/kernel', 'dense/bias']);
});

test('layers are found with and without the name of the model', () => {
  expect(isOfLayer('sequential/dense', 'dense')).toBe(true);
  expect(isOfLayer('block/conv', 'block')).toBe(true);
  expect(isOfLayer('dense', 'model/dense')).toBe(true);
  expect(isOfLayer('dense_1', 'dense')).toBe(false);
});

test('ridges are of a few steps, the selected one among them', () => {
  const x = Float64Array.from({ length: 100 }, (_, i) => i);
  expect(ridgeSteps(x, [0, 99], 50, 5)).toEqual([0, 25, 50, 74, 99]);
  expect(ridgeSteps(x, [0, 99], 47, 5)).toEqual([0, 25, 47, 74, 99]);
  expect(ridgeSteps(x, [10, 12], 50, 5)).toEqual([10, 11, 12]);
  expect(ridgeSteps(new Float64Array(), [0, 1], 0, 5)).toEqual([]);
});

test('all bins are saved, those of what is not finite with their words', () => {
  const [spread] = ours(
    [
      {
        training: 'run',
        run: 'run/layerscope',
        tag: 'distributions/weights',
        kind: 'distributions',
        version: 1,
        evaluation: null,
        name: null,
        split: null,
        lastStep: 3,
        lastWallTime: 1,
        problems: [],
        points: [{ step: 3, wallTime: 1, payload: record([[0.5, -0.75, 0, Number.NaN]]) }],
      },
    ],
    [],
  );
  if (spread === undefined) throw new Error('nothing was read');
  expect(rows([spread]).slice(1)).toEqual([
    ['run', 'weights', 'parameter 1', 3, -1, -0.5, 1, 1],
    ['run', 'weights', 'parameter 1', 3, 0, 0, 1, 1],
    ['run', 'weights', 'parameter 1', 3, 0.5, 1, 1, 1],
    ['run', 'weights', 'parameter 1', 3, Number.NaN, Number.NaN, 1, 1],
  ]);
  expect(JSON.stringify(numbers([spread]))).toContain('"bins":[[[-1,-0.5,1],[0,0,1],[0.5,1,1],[null,null,1]]]');
});
