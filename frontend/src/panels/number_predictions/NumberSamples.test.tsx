import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stage } from '../stage.fixture';
import { cell, fixtures, prices, sizes } from './gallery';
import { historySentence } from './history';
import { chosenCell, withCell } from './number_sample';

const { box, show, pressIn } = stage(fixtures);
const settle = async () => {
  for (let i = 0; i < 8; i++) await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
};
const draw = async (name: Parameters<typeof show>[0]) => {
  await show(name);
  await settle();
};
const text = (selector: string) => box.querySelector(selector)?.textContent?.replaceAll(/\s+/g, ' ').trim();
const listed = () => [...box.querySelectorAll<HTMLElement>('[role=option]')].map(({ dataset }) => dataset.sample);
const byError = (k = 0, made = prices) => made.ids.map((_, i) => i).toSorted((a, b) => size(made, b, k) - size(made, a, k));
const size = (made: typeof prices, i: number, k: number) => Math.abs((made.predicted.at(-1)?.[i]?.[k] ?? 0) - (made.truth[i]?.[k] ?? 0));

beforeEach(() => {
  // There is no layout here: a screenful.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(560);
});
afterEach(() => vi.restoreAllMocks());

describe('the samples of a regression', () => {
  it.each(Object.keys(fixtures) as (keyof typeof fixtures)[])('%s is drawn', async (name) => {
    await draw(name);
    expect(box.querySelector('.ls-samples')).not.toBeNull();
  });

  it('are listed with the largest error first, and it says how many have an example', async () => {
    await draw('all');
    const expected = byError().map((i) => prices.ids[i]);
    expect(listed().length).toBeGreaterThan(10);
    expect(listed()).toEqual(expected.slice(0, listed().length));
    expect(text('[data-testid=samples-summary]')).toBe('400 samples, the largest error first, 300 of them with an example stored');
  });

  it('are those of a cell, and all again at a press', async () => {
    await draw('cell');
    const [t, p] = cell.split(',').map(Number);
    const expected = byError().filter(
      (i) =>
        1 + Math.floor(prices.truth[i]?.[0] ?? 0) === t &&
        Math.min(65, Math.max(0, 1 + Math.floor(prices.predicted.at(-1)?.[i]?.[0] ?? 0))) === p,
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(listed()).toEqual(expected.map((i) => prices.ids[i]));
    await act(() => box.querySelector<HTMLButtonElement>('.ls-chip')?.click());
    await settle();
    expect(text('[data-testid=samples-summary]')).toContain('400 samples');
  });

  it('are of the chosen target', async () => {
    await draw('several-targets');
    expect(listed().slice(0, 5)).toEqual(
      byError(1, sizes)
        .slice(0, 5)
        .map((i) => sizes.ids[i]),
    );
    expect(text('h2')).toContain('<b>width</b>');
  });

  it('open with Enter, and Esc goes back', async () => {
    await draw('all');
    await pressIn('[role=listbox]', 'ArrowDown');
    await pressIn('[role=listbox]', 'Enter');
    await settle();
    const id = box.querySelector('.ls-samples-details h2')?.textContent ?? '';
    expect(id).toContain('val/');
    expect(box.querySelectorAll('[data-testid=number-sample-history] tbody tr')).toHaveLength(prices.steps.length);
    await pressIn('.ls-samples-details', 'Escape');
    await settle();
    expect(listed().length).toBeGreaterThan(10);
  });

  it('say of an unknown one that it is not there', async () => {
    await draw('no-such-sample');
    expect(text('[role=alert]')).toContain("this evaluation has no sample 'val/99999.png'");
    expect(text('.ls-samples')).not.toContain('try again');
  });
});

it('a link to a cell that cannot be is no cell, and a cell that is chosen again is left', () => {
  expect(chosenCell({ 'number_predictions.cell': '3,65' })).toEqual({ truth: 3, predicted: 65 });
  for (const wrong of ['66,1', '1', '', 'a,b', '1,2,3', '-1,2']) expect(chosenCell({ 'number_predictions.cell': wrong })).toBeUndefined();
  const chosen = withCell({ other: 'x' }, { truth: 1, predicted: 2 });
  expect(chosen).toEqual({ other: 'x', 'number_predictions.cell': '1,2' });
  expect(withCell(chosen, { truth: 1, predicted: 2 })).toEqual({ other: 'x' });
  expect(withCell(chosen, { truth: 2, predicted: 2 })).toEqual({ other: 'x', 'number_predictions.cell': '2,2' });
});

it('what became of a sample is said in distances from the truth', () => {
  expect(historySentence(10, [4, 9, 12])).toBe('First 6 away from the truth, at last 2; nearest 1.');
  expect(historySentence(10, [4, 9])).toBe('First 6 away from the truth, at last 1.');
  expect(historySentence(10, [9])).toBe('1 away from the truth, at the one evaluation.');
  expect(historySentence(Number.NaN, [9, 8])).toBe('Its truth is not known, at 2 evaluations.');
});
