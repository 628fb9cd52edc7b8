import { render } from 'preact';
import { act } from 'preact/test-utils';
import { describe, expect, test, vi } from 'vitest';
import { TooltipLayer } from '../../components/tooltip';
import { stage } from '../stage.fixture';
import { fixtures } from './gallery';

// There is no canvas here: the table behind it is read instead. The drawing itself is looked at in a browser.
vi.mock('../../charts/lines', () => ({ drawLines: () => () => undefined }));

const { box, show, pressIn, choose, said } = stage(fixtures);
const tables = () => [...box.querySelectorAll<HTMLElement>('table[data-testid=tensor-stats]')];
const rowNames = (table = tables()[0]) => [...(table?.querySelectorAll('tbody th') ?? [])].map((each) => each.textContent);
const cell = (row: string, step: number, table = tables()[0]) =>
  table?.querySelector(`td[data-row="${row}"][data-step="${step}"]`)?.textContent;
const grid = (k = 0) => {
  const found = box.querySelectorAll<HTMLElement>('.ls-heat-grid')[k];
  if (found === undefined) throw new Error('no heat map');
  return found;
};
const press = (key: string, more: KeyboardEventInit = {}) => pressIn('.ls-heat-grid', key, more);
const click = (text: string) =>
  act(() => {
    [...box.querySelectorAll<HTMLButtonElement>('.ls-heat-labels button')].find((each) => each.title.startsWith(text))?.click();
  });

describe('the heat map', () => {
  test('has a row a layer in forward order, and a table around the step behind it', async () => {
    await show('ordinary');
    expect(rowNames().slice(0, 3)).toEqual(['stem', 'stage_1/block_1/conv_1', 'stage_1/block_1/conv_2']);
    expect(rowNames()).toHaveLength(10);
    expect(Number(cell('stem', 595))).toBeGreaterThan(0);
    expect(cell('stem', 0)).toBeUndefined();
    expect(box.querySelector('.ls-tensors h3')?.textContent).toContain('10 layers × 120 logged steps of 596');
  });

  test('says how many of the logged steps it shows, of a reference too, and which records are missing', async () => {
    const heading = (k = 0) => box.querySelectorAll('.ls-tensors h3, .ls-tensors h4')[k]?.textContent ?? '';
    await show('zoomed');
    expect(heading()).toContain('10 layers × 21 of 120 logged steps');
    expect(heading()).not.toContain('missing');
    await show('reference');
    expect(heading(2)).toContain('reference · 90 logged steps of 624');
    await show('records-missing');
    expect(heading()).toContain('3 records missing');
  });

  test('unfolds a layer into its parameters, and a group into its layers', async () => {
    await show('ordinary');
    await click('stem');
    expect(rowNames().slice(0, 3)).toEqual(['stem', 'stem/kernel', 'stem/bias']);
    await click('stem');
    await choose('groups');
    expect(rowNames()).toEqual(['stem', 'stage_1', 'stage_2', 'head/dense']);
    await click('stage_2');
    expect(rowNames()).toEqual(['stem', 'stage_1', 'stage_2', 'stage_2/block_1', 'stage_2/block_2', 'head/dense']);
  });

  test('of kernels alone leaves biases out, and rows that have nothing else', async () => {
    await show('ordinary');
    await click('stem');
    await choose('kernels');
    expect(rowNames().slice(0, 3)).toEqual(['stem', 'stem/kernel', 'stage_1/block_1/conv_1']);
  });

  test('says that another tool wrote it, begins with what that told, and leaves the rest open', async () => {
    await show('theirs');
    expect(box.querySelector('.ls-tensors h3')?.textContent).toContain('gradient norm · 10 layers × 60 logged steps');
    expect(box.querySelector('.ls-tensors h3')?.textContent).toContain('from scalars that another tool wrote');
    expect(cell('stem', 590)).toMatch(/^0\.\d+/);
    expect(box.querySelector('.ls-tensors-controls')?.textContent).not.toContain('kernels');
    await choose('update size');
    expect(cell('stem', 590)).toBe('not logged');
    await choose('gradient norm');
    expect(cell('stem', 590)).toMatch(/^0\.\d+/);
    await show('their-means');
    expect(rowNames()).toHaveLength(20);
    expect(Number(cell('stem/weight', 590))).not.toBeNaN();
    expect(box.querySelector('.ls-tensors-legend')?.textContent).toContain('on both sides of 0');
  });

  test('tells none, zero, not finite and not logged apart', async () => {
    await show('sick');
    await choose('parameters');
    expect(cell('unused/kernel', 595)).toBe('no gradient');
    expect(cell('frozen_base/kernel', 595)).toBe('frozen');
    expect(cell('head/dense/kernel', 595)).toBe('0');
    await choose('layers');
    await press('Home', { ctrlKey: true });
    for (let k = 0; k < 6; k++) await press('PageDown');
    for (let k = 0; k < 60; k++) await press('ArrowRight');
    expect(cell('stage_2/block_1/conv_1', 300)).toBe('not finite');
    const legend = box.querySelector('.ls-tensors-legend')?.textContent ?? '';
    expect(legend).toContain('no gradient or update');
    expect(legend).toContain('NaN or infinite');
    expect(legend).not.toContain('not logged');
  });

  test('names rows by number where the log does not name them', async () => {
    await show('without-names');
    expect(rowNames().slice(0, 2)).toEqual(['parameter 1', 'parameter 2']);
  });

  test('of very many layers starts folded', async () => {
    await show('300-layers-folded');
    expect(rowNames()).toEqual(['stem', 'stage_1', 'stage_2', 'stage_3', 'stage_4', 'stage_5', 'head/dense']);
  });
});

describe('the keyboard', () => {
  test('goes from cell to cell, is told each, and selects one everywhere', async () => {
    await show('ordinary');
    await press('Home', { ctrlKey: true });
    expect(said()).toMatch(/^stem, step 0: update size /);
    await press('ArrowDown');
    await press('ArrowRight');
    expect(said()).toMatch(/^stage_1\/block_1\/conv_1, step 5: /);
    await press('Enter');
    expect(box.querySelector('.ls-heat-chosen')?.getAttribute('title')).toMatch(/^stage_1\/block_1\/conv_1/);
    expect(box.querySelector('.ls-scalars [role=slider]')?.getAttribute('aria-valuenow')).toBe('5');
  });

  test('unfolds a row, and selects the layer of a parameter', async () => {
    await show('ordinary');
    await press('Home');
    await press(' ');
    await press('ArrowDown');
    expect(said()).toMatch(/^stem\/kernel, step 0: /);
    await press('Enter');
    expect(box.querySelector('.ls-heat-chosen')?.getAttribute('title')).toMatch(/^stem ·/);
  });

  test('lets a layer go, and only then the zoom', async () => {
    await show('ordinary');
    const isZoomed = () => [...box.querySelectorAll('button')].some((each) => each.textContent === 'show all (Esc)');
    await press('Home');
    await press('+');
    await press('Enter');
    await press('Escape');
    expect(box.querySelector('.ls-heat-chosen')).toBeNull();
    expect(isZoomed()).toBe(true);
    await press('Escape');
    expect(isZoomed()).toBe(false);
  });

  test('zooms all pictures', async () => {
    await show('ordinary');
    await press('Home');
    await press('+');
    expect([...box.querySelectorAll('button')].some((each) => each.textContent === 'show all (Esc)')).toBe(true);
    await press('0');
    expect([...box.querySelectorAll('button')].some((each) => each.textContent === 'show all (Esc)')).toBe(false);
  });
});

test('the selected layer’s parameters are lines, with their values at the step, until it is let go', async () => {
  await show('ordinary');
  expect(box.querySelector('.ls-tensors-lines')).toBeNull();
  await press('Home', { ctrlKey: true });
  await press('Enter');
  const charts = [...box.querySelectorAll<HTMLElement>('.ls-tensors-line')];
  expect(charts.map(({ dataset }) => dataset.measure)).toEqual(['update_ratio', 'gradient_norm', 'weight_norm']);
  expect(charts[0]?.textContent).toMatch(/kernel.*bias.*band: 0.0001 to 0.01/);
  await act(() => [...box.querySelectorAll('button')].find((each) => each.textContent === 'let it go (Esc)')?.click());
  expect(box.querySelector('.ls-tensors-lines')).toBeNull();
});

test('a click on a cell selects its step and its layer', async () => {
  await show('ordinary');
  const over = grid().querySelector('.ls-axis-pointer');
  if (over === null) throw new Error('nothing takes the pointer');
  // 100 wide, ten rows of 24.
  over.getBoundingClientRect = () => new DOMRect(0, 0, 100, 240);
  over.setPointerCapture = () => undefined;
  await act(() => {
    for (const type of ['pointerdown', 'pointerup']) over.dispatchEvent(new PointerEvent(type, { clientX: 50, clientY: 60, button: 0 }));
  });
  expect(box.querySelector('.ls-heat-chosen')?.getAttribute('title')).toMatch(/^stage_1\/block_1\/conv_2/);
  expect(box.querySelector('.ls-scalars [role=slider]')?.getAttribute('aria-valuenow')).toBe('295');
});

test('a long name is cut beside its row, and whole in its title and in the tooltip', async () => {
  await show('long-names');
  const path = rowNames()[0] ?? '';
  const label = box.querySelector<HTMLElement>('.ls-heat-labels button');
  expect(path.length).toBeGreaterThan(100);
  expect(label?.textContent?.length).toBeLessThan(30);
  expect(label?.title).toContain(path);
  const tip = document.createElement('div');
  act(() => render(<TooltipLayer />, tip));
  await act(() => {
    grid()
      .querySelector('.ls-axis-pointer')
      ?.dispatchEvent(new PointerEvent('pointermove', { clientX: 50, clientY: 5 }));
  });
  expect(tip.textContent).toContain(path);
});

describe('a reference', () => {
  test('has a heat map of its own, with the same rows', async () => {
    await show('reference');
    expect(tables().map((each) => each.dataset.training)).toEqual(['run', 'run-lr10']);
    expect(rowNames(tables()[1])).toEqual(rowNames(tables()[0]));
    // Its steps are its own.
    expect([cell('stem', 590, tables()[0]) === undefined, cell('stem', 590, tables()[1]) === undefined]).toEqual([false, true]);
    expect(Number(cell('stem', 588, tables()[1]))).toBeGreaterThan(0);
  });

  test('that began at another step is met at the same distance from its own first step', async () => {
    await show('relative-steps');
    // Around step 250 of the one, and step 1000 + 245 of the other.
    expect(cell('stem', 250, tables()[0])).toBeDefined();
    expect(cell('stem', 1245, tables()[1])).toBeDefined();
    const over = grid(1).querySelector('.ls-axis-pointer');
    if (over === null) throw new Error('nothing takes the pointer');
    // The axis goes to step 623 of the reference; a pixel a step.
    over.getBoundingClientRect = () => new DOMRect(0, 0, 623, 140);
    over.setPointerCapture = () => undefined;
    await act(() => {
      for (const type of ['pointerdown', 'pointerup']) over.dispatchEvent(new PointerEvent(type, { clientX: 351, clientY: 5, button: 0 }));
    });
    expect(box.querySelector('.ls-scalars [role=slider]')?.getAttribute('aria-valuenow')).toBe('350');
    expect(box.querySelector('.ls-scalars [role=slider]')?.getAttribute('aria-valuetext')).toContain('relative step 350');
  });

  test('can be divided by', async () => {
    await show('reference');
    const own = Number(cell('stem', 595));
    const other = Number(cell('stem', 595, tables()[1]));
    await choose('÷ reference');
    expect(box.querySelector('.ls-tensors-legend')?.textContent).toContain('update size, run ÷ run-lr10; log scale');
    expect(tables()).toHaveLength(1);
    expect(Number(cell('stem', 595))).toBeCloseTo(own / other, 9);
  });
});

test('what can be saved is named', async () => {
  await show('ordinary');
  expect(box.querySelector('.ls-tensors .ls-save summary')?.getAttribute('aria-label')).toBe('save the heat map');
});
