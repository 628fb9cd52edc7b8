import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { stage } from '../stage.fixture';
import { fixtures } from './gallery';

const { box, show: draw, pressIn, choose, said } = stage(fixtures);
/** Draws a picture, and waits for the answer. */
const show = async (name: keyof typeof fixtures) => {
  await draw(name);
  await act(() => new Promise((resolve) => setTimeout(resolve)));
};
const text = (of: Element | null | undefined) => of?.textContent?.replace(/[\s\u202f]+/g, ' ') ?? '';
const article = (k: number) => box.querySelectorAll('article')[k];

test('each parameter of the layer is told by its axes, norm and singular values', async () => {
  await show('dense');
  expect([...box.querySelectorAll('h3')].map(text)).toEqual(['kernel in 64 × out 32', 'bias out 32']);
  const norm = Number(article(0)?.querySelector('[data-norm]')?.getAttribute('data-norm'));
  expect(text(article(0)?.querySelector('[data-norm]'))).toBe(`‖w‖ ${Number(norm.toPrecision(3))}`);
  expect(text(article(0))).toContain('stable rank');
  expect(box.querySelector('svg[role=img]')?.getAttribute('aria-label')).toMatch(/^32 singular values from 2 to/);
  expect(text(box.querySelector('header'))).toContain('after 200 steps · 3 moments kept');
});

test('the arrow keys walk cells, and say their values', async () => {
  await show('small');
  await pressIn('.ls-values-grid', 'ArrowRight');
  await pressIn('.ls-values-grid', 'ArrowRight');
  await pressIn('.ls-values-grid', 'ArrowDown');
  const cell = box.querySelector('[data-cell="1,1"]');
  expect(said()).toBe(`row 1, column 1: ${cell?.textContent}`);
  expect(text(box.querySelector('.ls-values-readout'))).toBe(text({ textContent: said() } as Element));
});

test('a change is against the first moment, which has none itself', async () => {
  await show('change');
  expect(text(box)).toContain('Change since step 0');
  expect(text(article(0))).toMatch(/‖Δ‖ [\d.]+, [\d.]+ % of ‖w‖ then/);
  await show('first-change');
  expect(text(box)).toContain('This is the first moment: nothing to compare with.');
  await choose('values');
  expect(article(0)?.querySelector('[data-norm]')).not.toBeNull();
});

test('a convolution is its kernels, by place or by norm', async () => {
  await show('convolution');
  const norms = () => [...box.querySelectorAll('td[data-value]')].slice(0, 48).map((each) => Number(each.getAttribute('data-value')));
  expect(norms()).toHaveLength(48);
  const byPlace = norms();
  await choose('by norm');
  expect(norms()).toEqual(byPlace.toSorted((a, b) => b - a));
  await pressIn('.ls-values-grid', 'ArrowRight');
  expect(said()).toMatch(/^input \d+ → output \d+: norm/);
});

test('of blocks it is said what a cell is the mean of, and where it lies', async () => {
  await show('blocks');
  expect(text(article(0))).toContain('means of 64 × 80 blocks, of about 64 × 32 values each');
  await pressIn('.ls-values-grid', 'ArrowRight');
  await pressIn('.ls-values-grid', 'ArrowRight');
  expect(said()).toMatch(/^rows 0 – 63, columns 32 – 63: mean .* from .* to/);
  expect(text(article(1))).toContain('128 of 2 560 values, evenly spaced');
});

test('what is NaN or infinite is counted, and a cell of it says so', async () => {
  await show('broken');
  expect(text(article(0))).toContain('9 NaN or infinite');
  expect(text(box.querySelector('[data-cell="0,0"]'))).toBe('NaN');
  expect(text(box.querySelector('[data-cell="0,5"]'))).toBe('∞');
});

test('where there is nothing to see it is said why', async () => {
  const told: Record<string, string> = {
    none: 'not kept: whole numbers, or more than the budget has room for',
    'not-logged': 'The values of weights were not logged',
    'no-layer': 'Select a layer to see the values of its parameters.',
    'no-parameters': 'This layer has no parameters.',
    'other-structure': 'of another structure of the model',
  };
  for (const [name, words] of Object.entries(told)) {
    await show(name as keyof typeof fixtures);
    expect(text(box), name).toContain(words);
  }
});
