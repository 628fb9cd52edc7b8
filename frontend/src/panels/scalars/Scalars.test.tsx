import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Picture } from '../../charts/lines';
import { TooltipLayer } from '../../components/tooltip';
import { number } from '../../math/format';
import { stage } from '../stage.fixture';
import { fixtures } from './gallery';

const drawn = vi.hoisted((): Picture[] => []);

// There is no canvas here: what is asked to be drawn is looked at instead. The drawing itself is looked at in a browser.
vi.mock('../../charts/lines', () => ({
  drawLines: (_element: HTMLElement, picture: Picture) => {
    drawn.push(picture);
    return () => undefined;
  },
}));

const { box, show, pressIn } = stage(fixtures);
beforeEach(() => {
  drawn.length = 0;
});

function cells(): Record<string, string> {
  const found = [...box.querySelectorAll<HTMLElement>('table[data-testid=scalars] td[data-name]')];
  return Object.fromEntries(found.map((cell) => [`${cell.dataset.training} ${cell.dataset.name} ${cell.dataset.split}`, cell.textContent]));
}

const handle = () => box.querySelector<HTMLElement>('[role=slider]');
const press = (key: string) => pressIn('[role=slider]', key);
const button = (text: string) => [...box.querySelectorAll('button')].find((each) => each.textContent === text);

function pointer(type: string, chart: number, x: number): void {
  const over = box.querySelectorAll('.ls-axis-pointer')[chart];
  if (over === undefined) throw new Error('no such chart');
  // 100 pixels wide, from 0.
  over.getBoundingClientRect = () => new DOMRect(0, 0, 100, 90);
  over.setPointerCapture = () => undefined;
  over.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: 10, button: 0, bubbles: true }));
}

test('the table holds the exact last value of each line', async () => {
  await show('one-point');
  expect(cells()).toEqual({
    'short loss train': '0.7',
    'short loss validation': '0.9',
    'short accuracy train': '0.6',
    'short constant ': '0.1',
  });
});

test('lines of one name share a chart, and all charts the axis', async () => {
  await show('ordinary');
  expect(drawn.map(({ lines }) => lines.length)).toEqual([2, 2, 1, 1]);
  expect(new Set(drawn.map(({ shown }) => shown.join()))).toEqual(new Set(['0,1200']));
  expect(drawn.map(({ labelled }) => labelled)).toEqual([false, false, false, true]);
  expect(drawn[0]?.lines.map(({ dash }) => dash.length)).toEqual([2, 0]);
});

describe('the step', () => {
  test('is the last one at first, and moves by keys from one logged place to the next', async () => {
    await show('ordinary');
    expect(handle()?.getAttribute('aria-valuenow')).toBe('1200');
    await press('ArrowLeft');
    expect(handle()?.getAttribute('aria-valuenow')).toBe('1190');
    await press('Home');
    expect(handle()?.getAttribute('aria-valuenow')).toBe('0');
    expect(handle()?.getAttribute('aria-valuetext')).toBe('step 0 · epoch 0');
    await press('ArrowLeft');
    await press('PageUp');
    expect(handle()?.getAttribute('aria-valuenow')).toBe('100');
    expect(document.querySelector('[role=status]')?.textContent).toMatch(/^step 100 · epoch 2.5: loss train /);
  });

  test('lies within the ends that are told, also while it is ahead of the points', async () => {
    await show('live');
    expect(['min', 'now', 'max'].map((end) => handle()?.getAttribute(`aria-value${end}`))).toEqual(['0', '1240', '1240']);
  });

  test('is what was logged nearest to a click', async () => {
    await show('ordinary');
    await act(() => {
      pointer('pointerdown', 2, 50);
      pointer('pointerup', 2, 51);
    });
    expect(handle()?.getAttribute('aria-valuenow')).toBe('610');
  });

  test('moving draws no line again', async () => {
    await show('ordinary');
    const before = drawn.length;
    await press('ArrowLeft');
    await press('Home');
    expect(drawn).toHaveLength(before);
  });

  test('before the first point of a line, the line has no value', async () => {
    await show('ordinary');
    await press('Home');
    expect(box.querySelector('[data-name=loss] b')?.textContent).toBe('–');
  });
});

test('a reference is named, and has its values beside those of the training in focus', async () => {
  await show('reference');
  expect(box.querySelector('h2')?.textContent).toContain('dense-64-64 against conv-small · step 1\u202f200');
  const loss = [...box.querySelectorAll('[data-name=loss] .ls-scalars-values > span')].map((each) => each.getAttribute('title'));
  expect(loss).toEqual(['dense-64-64', 'dense-64-64', 'conv-small', 'conv-small']);
  const named = [...box.querySelectorAll('[data-name=loss] .ls-scalars-values .ls-label')].map((each) => each.textContent);
  expect(named).toEqual(['dense-64-64', 'train', 'validation', 'conv-small', 'train', 'validation']);
});

test('every chart can be saved, and all of them', async () => {
  await show('ordinary');
  expect([...box.querySelectorAll('.ls-save summary')].map((each) => each.getAttribute('aria-label'))).toEqual([
    'save all charts',
    'save loss',
    'save accuracy',
    'save learning rate',
    'save gradient norm',
  ]);
});

test('each chart says how many of the logged steps it shows', async () => {
  const said = () => [...box.querySelectorAll('.ls-scalars-shown')].map((each) => each.textContent?.replace(/\s/g, ' '));
  await show('ordinary');
  expect(said()).toEqual([
    '30 logged steps of 1 200',
    '30 logged steps of 1 200',
    '120 logged steps of 1 191',
    '120 logged steps of 1 191',
  ]);
  await show('zoomed');
  expect(said().slice(1, 3)).toEqual(['10 of 30 logged steps', '37 of 120 logged steps']);
  await show('epochs-only');
  expect(said()[0]).toBe('30 logged epochs');
});

describe('a stretch', () => {
  test('is zoomed into in all charts; Esc and a double click show all again', async () => {
    await show('ordinary');
    for (const back of [
      () => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' })),
      () => pointer('dblclick', 0, 5),
      () => button('show all (Esc)')?.click(),
    ]) {
      await act(() => {
        pointer('pointerdown', 1, 75);
        pointer('pointermove', 1, 40);
        pointer('pointerup', 1, 25);
      });
      expect(new Set(drawn.slice(-4).map(({ shown }) => shown.join()))).toEqual(new Set(['300,900']));
      await act(back);
      expect(drawn.at(-1)?.shown).toEqual([0, 1200]);
    }
  });

  test('is shown no more after a double click, which leaves the step where it was', async () => {
    await show('zoomed');
    const click = () => act(() => ['pointerdown', 'pointerup'].forEach((type) => void pointer(type, 1, 75)));
    await click();
    expect(handle()?.getAttribute('aria-valuenow')).not.toBe('200');
    await show('zoomed');
    await click();
    await click();
    await act(() => pointer('dblclick', 1, 75));
    expect(drawn.at(-1)?.shown).toEqual([0, 1200]);
    expect(handle()?.getAttribute('aria-valuenow')).toBe('200');
  });

  test('starting at the step drags the step', async () => {
    await show('step-chosen');
    await act(() => {
      pointer('pointerdown', 0, 56);
      pointer('pointermove', 0, 30);
    });
    await act(() => pointer('pointerup', 0, 30));
    expect(handle()?.getAttribute('aria-valuenow')).toBe('360');
    expect(drawn.at(-1)?.shown).toEqual([0, 1200]);
  });
});

test('smoothing is off at first', async () => {
  await show('ordinary');
  expect(drawn.every(({ lines }) => lines.every(({ smooth }) => smooth === undefined))).toBe(true);
});

test('smoothing adds a line to each, over the values as they are', async () => {
  await show('smoothed');
  const lines = drawn.flatMap((picture) => picture.lines);
  expect(lines.every(({ y, smooth }) => smooth?.length === y.length && smooth[0] === y[0])).toBe(true);
  expect(lines[0]?.smooth).not.toEqual(lines[0]?.y);
});

test('the tooltip rounds a value and keeps it whole in its title; smoothed, it has both', async () => {
  const values = async (name: keyof typeof fixtures) => {
    await show(name);
    await act(() => pointer('pointermove', 0, 50));
    const tip = document.createElement('div');
    act(() => render(<TooltipLayer />, tip));
    const cells = [...tip.querySelectorAll<HTMLElement>('tbody tr:first-child .ls-scalars-value')];
    const heads = [...tip.querySelectorAll('th')].map((each) => each.textContent);
    act(() => render(null, tip));
    for (const cell of cells) expect(cell.textContent).toBe(number(Number(cell.title)));
    return [heads, cells.length];
  };
  expect(await values('ordinary')).toEqual([[], 1]);
  expect(box.querySelector('.ls-scalars-values em')).toBeNull();
  expect(await values('smoothed')).toEqual([['smoothed', 'raw'], 2]);
  expect(box.querySelector('.ls-scalars-values em')?.textContent).toBe('raw');
});

test('a chart can be put on a logarithmic axis and back', async () => {
  await show('ordinary');
  expect(drawn.map(({ scale }) => scale)).toEqual(['log', 'linear', 'linear', 'linear']);
  const scale = () => box.querySelectorAll<HTMLButtonElement>('.ls-scalars-scale')[1];
  await act(() => scale()?.click());
  expect(scale()?.textContent).toBe('log');
  expect(drawn.at(-1)?.scale).toBe('log');
  await act(() => scale()?.click());
  expect(drawn.at(-1)?.scale).toBe('linear');
});

test('what has no place is counted in words', async () => {
  await show('nan-and-infinity');
  const said = [...box.querySelectorAll('.ls-scalars-odd')].map((each) => each.textContent);
  expect(said).toEqual(['21 NaN, first at step 12', '4 ∞, first at step 37', '60 NaN, first at step 0', '40 ≤ 0, first at step 20']);
  expect(box.textContent).toContain('No finite value was logged.');
});

test('epochs whose steps are unknown stand on an axis of epochs', async () => {
  await show('epochs-only');
  expect(box.querySelector('h2')?.textContent).toContain('keras-only · epoch 30');
  expect(drawn[0]?.axis).toBe('epoch');
  expect(drawn[0]?.shown).toEqual([0, 30]);
  expect(handle()?.getAttribute('aria-valuetext')).toBe('epoch 30');
  await press('ArrowLeft');
  expect(handle()?.getAttribute('aria-valuetext')).toBe('epoch 29');
});

test('statistics of the layers alone have charts, also beside a reference with scalars', async () => {
  await show('statistics-only');
  expect(box.querySelector('h2')?.textContent).toContain('run against digits');
  expect(cells()).toMatchObject({
    'run loss ': String(2 / (1 + 295 / 40)),
    'run learning_rate ': String(0.01 / (1 + 295 / 100)),
    'digits accuracy validation': expect.anything(),
  });
  // Norms are told in single precision.
  expect(Number(cells()['run gradient_norm '])).toBeCloseTo(Math.sqrt(3 / (1 + 295 / 9)), 6);
});

test('of many charts the first are drawn until one asks for all; the table has them all', async () => {
  await show('many-charts');
  expect(drawn).toHaveLength(12);
  expect(Object.keys(cells())).toHaveLength(40);
  await act(() => button('show all 40 charts')?.click());
  expect(box.querySelectorAll('.ls-scalars-chart')).toHaveLength(40);
});

test('names are text', async () => {
  await show('strange-names');
  expect(box.querySelector('i, b:not([title])')).toBeNull();
  expect(box.textContent).toContain('<b>bold</b>');
});
