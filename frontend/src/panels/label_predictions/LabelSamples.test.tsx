import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stage } from '../stage.fixture';
import { fixtures, scenes } from './gallery';
import { choiceOf, choices, withChoices } from './label_sample';
import { codeOf } from './labels.fixture';

const { box, show, pressIn, choose } = stage(fixtures);
const settle = async () => {
  for (let i = 0; i < 8; i++) await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
};
const draw = async (name: Parameters<typeof show>[0]) => {
  await show(name);
  await settle();
};
const text = (selector: string) => box.querySelector(selector)?.textContent?.replaceAll(/\s+/g, ' ').trim();
const listed = () => [...box.querySelectorAll<HTMLElement>('[role=option]')].map(({ dataset }) => dataset.sample);
const last = scenes.steps.length - 1;
const code = (i: number, label: number) => codeOf(scenes, last, i, label);
const places = scenes.ids.map((_, i) => i);
const told = () => Number(text('[data-testid=samples-summary]')?.split(' ')[0]);
const those = (is: (i: number) => boolean) => new Set(places.filter(is).map((i) => scenes.ids[i]));

beforeEach(() => {
  // There is no layout here: a screenful.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(560);
});
afterEach(() => vi.restoreAllMocks());

describe('the samples of labels', () => {
  it.each(Object.keys(fixtures) as (keyof typeof fixtures)[])('%s is drawn', async (name) => {
    await draw(name);
    expect(box.querySelector('.ls-samples')).not.toBeNull();
  });

  it('are those with a wrong label, and those of a cell of a label', async () => {
    await draw('wrong');
    expect(told()).toBe(those((i) => scenes.labels.some((_, k) => [1, 2].includes(code(i, k)))).size);
    await draw('label');
    expect(told()).toBe(those((i) => [1, 2].includes(code(i, 1))).size);
    for (const [name, wanted] of [
      ['missed', 1],
      ['told falsely', 2],
      ['told rightly', 3],
      ['rightly not told', 0],
    ] as const) {
      choose(name);
      await settle();
      const expected = those((i) => code(i, 1) === wanted);
      expect(told(), name).toBe(expected.size);
      for (const id of listed()) expect(expected.has(id)).toBe(true);
    }
  });

  it('are those in which two labels are wrong together', async () => {
    await draw('pair');
    expect(told()).toBe(those((i) => code(i, 1) === 1 && code(i, 2) === 2).size);
    expect(text('h2')).toContain('sea missed, told: tree');
    choose('both missed');
    await settle();
    expect(told()).toBe(those((i) => code(i, 1) === 1 && code(i, 2) === 1).size);
  });

  it('say what became of each label, with the sign and in words', async () => {
    await draw('missed');
    const first = box.querySelector('[role=option]');
    expect(first?.querySelector('.ls-labels-missed')?.textContent).toContain('−');
    expect(first?.querySelector('.ls-hidden')?.textContent).toMatch(/^missed .*sea.*loss \d+\.\d\d, sample val\/\d+\.png/);
  });

  it('open with Enter, tell every evaluation, and Esc goes back', async () => {
    await draw('wrong');
    await pressIn('[role=listbox]', 'Enter');
    await settle();
    const i = scenes.ids.findIndex((id) => box.querySelector('.ls-samples-details h2')?.textContent?.includes(id) === true);
    const rows = [...box.querySelectorAll('[data-testid=label-sample-history] tbody tr')];
    const ever = scenes.labels.map((_, k) => k).filter((k) => scenes.steps.some((_step, at) => codeOf(scenes, at, i, k) !== 0));
    expect(rows).toHaveLength(ever.length);
    const words: Readonly<Record<number, string>> = { 0: 'rightly not told', 1: 'missed', 2: 'told falsely', 3: 'told rightly' };
    rows.forEach((row, at) => {
      const cells = [...row.querySelectorAll('td .ls-hidden')].map(({ textContent }) => textContent);
      expect(cells).toEqual(scenes.steps.map((_, step) => words[codeOf(scenes, step, i, ever[at] ?? 0)] ?? 'does not count'));
    });
    await pressIn('.ls-samples-details', 'Escape');
    await settle();
    expect(listed().length).toBeGreaterThan(5);
  });

  it('say of an unknown one that it is not there', async () => {
    await draw('no-such-sample');
    expect(text('[role=alert]')).toContain("this evaluation has no sample 'val/99999.png'");
    expect(text('.ls-samples')).not.toContain('try again');
  });
});

it('choices are kept in a link, their defaults are not, and what is none is left at its default', () => {
  const options = withChoices({ other: 'x' }, { became: 'absent' });
  expect(options).toEqual({ other: 'x', 'label_predictions.became': 'absent' });
  expect(withChoices(options, { became: 'wrong' })).toEqual({ other: 'x' });
  expect(choices({ 'label_predictions.pair': 'left', 'label_predictions.outcome': 'right' })).toEqual({
    outcome: 'right',
    became: 'wrong',
    pair: 'swap',
  });
});

it('pairs are of samples with few enough wrong labels, as in the table', () => {
  const chosen = choices({});
  expect(choiceOf([], chosen, 32)).toEqual({ outcome: 'wrong', sort: 'loss' });
  expect(choiceOf([4], chosen, 32)).toEqual({ labels: '4:wrong', sort: 'loss' });
  expect(choiceOf([4, 7], chosen, 32)).toEqual({ labels: '4:missed,7:false', most_wrong: 32, sort: 'loss' });
});
