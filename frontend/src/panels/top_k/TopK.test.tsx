import { act } from 'preact/test-utils';
import { describe, expect, it } from 'vitest';
import { stage } from '../stage.fixture';
import { fixtures, learned } from './gallery';
import { leftOutText, lineOf, MOST_K, placeOf, rowsOf } from './rows';

const { box, show } = stage(fixtures);
const draw = async (name: keyof typeof fixtures) => {
  await show(name);
  for (let i = 0; i < 4; i++) await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
};

describe('top-k accuracies', () => {
  const told = learned(8, 100);

  it('are those of the last evaluation at or before a step', () => {
    expect([49, 50, 99, 400, 900].map((step) => placeOf(told, step))).toEqual([-1, 0, 0, 7, 7]);
    expect(rowsOf(told, 3, 100).map(({ accuracy }) => accuracy)).toEqual(Array.from(told.accuracy.subarray(3 * MOST_K, 4 * MOST_K)));
    expect(lineOf(told, 3).map(({ value }) => value)).toEqual(Array.from({ length: 8 }, (_, i) => told.accuracy[i * MOST_K + 2]));
  });

  it('leave out the k for which every class is among the first', () => {
    expect(rowsOf(told, 0, 4).map(({ k }) => k)).toEqual([1, 2, 3]);
    expect(rowsOf(told, 0, 11)).toHaveLength(10);
  });

  it('say what is right for no k', () => {
    expect(leftOutText(told, 0)).toBe('');
    expect(leftOutText({ ...told, abstained: Int32Array.of(3), unranked: Int32Array.of(1) }, 0)).toBe(
      'on 3 the model abstained, of 1 nobody knows where the truth came: right for no k.',
    );
  });

  it('stand one under the other, beside those of another training', async () => {
    await draw('beside-another');
    const rows = [...box.querySelectorAll<HTMLElement>('[data-testid=top-k] tbody tr')];

    expect(rows.map(({ dataset }) => Number(dataset.value))).toEqual(rowsOf(learned(8, 10), 3, 10).map(({ accuracy }) => accuracy));
    expect(box.querySelector('thead')?.textContent).toContain('baseline <b>');
    expect(box.querySelector('h2')?.textContent).toContain('at step 200');
  });

  it.each(Object.keys(fixtures) as (keyof typeof fixtures)[])('%s is drawn', async (name) => {
    await draw(name);
    expect(box.textContent).toContain('Among the first classes');
    expect(box.textContent).not.toMatch(/NaN|undefined/);
  });
});
