import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { help } from '../../help';
import { stage } from '../stage.fixture';
import { fixtures } from './gallery';
import { terms } from './help';

const { box, show, pressIn } = stage(fixtures);
const draw = async (name: keyof typeof fixtures) => {
  await show(name);
  await act(async () => void (await new Promise((resolve) => setTimeout(resolve, 10))));
};
const verdict = () => box.querySelector('[data-testid="best-evaluation"]')?.textContent?.replace(/\s+/g, ' ').trim();
const steps = () => [...box.querySelectorAll<HTMLButtonElement>('.ls-best-step')];
const slider = () => box.querySelector('[role="slider"]');

test('names the best evaluation, than how many it is not surely better, and leads to it', async () => {
  await draw('rising');
  expect(verdict()).toBe('91 % 83.8 % – 95.2 % at step 600not surely better than 3 of 6 others, the first at step 400');
  expect(box.querySelectorAll('.ls-curves-band')).toHaveLength(1);
  await act(() => steps()[0]?.click());
  expect(steps().map((each) => each.getAttribute('aria-pressed'))).toEqual(['true', 'false']);
  await act(() => steps()[1]?.click());
  expect(steps().map((each) => each.getAttribute('aria-pressed'))).toEqual(['false', 'true']);
  for (const term of Object.keys(terms)) expect(help(term)).toMatch(/\.$/);
});

test('of a loss the lowest is the best, and its intervals are its own', async () => {
  await draw('scores');
  expect(verdict()).toBe('1.090 1.080 – 1.100 at step 600surely better than all 6 others');
});

test('without intervals nothing is called sure', async () => {
  await draw('no-intervals');
  expect(verdict()).toBe('0.0180 at step 600lowest of 7; without intervals nothing tells how surely');
});

test('equals are told, and the first of them is named', async () => {
  await draw('equals');
  expect(verdict()).toContain('at step 600not surely better than 5 of 8 others, the first at step 400');
  await draw('surely');
  expect(verdict()).toContain('surely better than the other one');
  await draw('one');
  expect(verdict()).toContain('the only evaluation');
  expect(slider()).toBeNull();
});

test('a class that is selected has its own numbers; what is undefined is none', async () => {
  await draw('of-a-class');
  expect([...box.querySelectorAll('option')].map((each) => each.textContent)).toEqual([
    'accuracy',
    'mean recall',
    'mean F1',
    'recall of <b>dog</b>',
    'precision of <b>dog</b>',
    'F1 of <b>dog</b>',
    'AUC of <b>dog</b>',
    'AP of <b>dog</b>',
    'NLL',
    'Brier',
    'ECE',
  ]);
  expect(verdict()).toContain('94 %');
  await draw('nothing-to-tell');
  expect(box.querySelector('p')?.textContent).toBe('No evaluation has recall of emu.');
});

test('the arrow keys go along the evaluations, and Enter selects a step', async () => {
  await draw('rising');
  await pressIn('[role="slider"]', 'Home');
  expect(slider()?.getAttribute('aria-valuetext')?.replace(/\s+/g, ' ')).toBe('step 100: accuracy 43 %, 95 % interval 33.7 % – 52.8 %');
  await pressIn('[role="slider"]', 'End');
  await pressIn('[role="slider"]', 'ArrowLeft');
  expect(slider()?.getAttribute('aria-valuetext')).toMatch(/^step 600: .*; the best$/);
  await pressIn('[role="slider"]', 'Enter');
  expect(steps()[0]?.getAttribute('aria-pressed')).toBe('true');
});
