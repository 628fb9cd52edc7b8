import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { help } from '../../help';
import { stage } from '../stage.fixture';
import { fixtures, Stage } from './gallery';
import { terms } from './help';
import { four, thresholdText } from './words';

const { box, show, pressIn, choose } = stage(fixtures);
const settled = () => act(async () => void (await new Promise((resolve) => setTimeout(resolve, 20))));
const draw = async (name: keyof typeof fixtures) => {
  await show(name);
  await settled();
  await settled();
};
const plain = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, ' ').trim();
const picture = (id: string) => box.querySelector(`[data-picture="${id}"]`);
const measured = (name: string) => plain(box.querySelector(`[data-measure="${name}"][data-of="focus"]`));
const threshold = () => plain(box.querySelector('[data-measure="threshold"]'));
const lines = (id: string) => picture(id)?.querySelectorAll('.ls-curves-line').length;
const slider = (id: string) => `[data-picture="${id}"] [role="slider"]`;

test('the selected class has its curves, with their areas and what each term means', async () => {
  await draw('class');
  expect(plain(box.querySelector('h2'))).toBe('Curves of <b>dog</b> against the rest');
  expect(measured('AUC')).toMatch(/^AUC 0\.\d{4} 0\.\d{4} – 0\.\d{4}$/);
  expect(['roc', 'precision-recall', 'coverage', 'det'].map(lines)).toEqual([1, 1, 1, 1]);
  expect(box.querySelectorAll('.ls-curves-band')).toHaveLength(1);
  expect(picture('roc')?.textContent).toContain('95 % band, pointwise');
  const words = [...box.querySelectorAll('.ls-term')].map((each) => each.textContent);
  expect(words.length).toBeGreaterThan(12);
  for (const term of Object.keys(terms)) expect(help(term)).toMatch(/\.$/);
});

test('what is undefined is said, and no line is drawn for it', async () => {
  await draw('no-negatives');
  expect(measured('AUC')).toBe('AUC –');
  expect(plain(picture('roc')?.querySelector('text.ls-curves-undefined'))).toBe('undefined: no negatives');
  expect(picture('roc')?.querySelectorAll('path')).toHaveLength(0);
  expect(lines('precision-recall')).toBe(1);
  expect(measured('falsePositiveRate')).toBe('–');
  await draw('no-positives');
  expect(plain(picture('precision-recall')?.querySelector('text.ls-curves-undefined'))).toBe('undefined: no positives');
  expect([box.querySelectorAll('[role="slider"]').length, box.querySelector('[data-testid="threshold"]')]).toEqual([0, null]);
});

test('the arrow keys move one threshold in all pictures, and it can be given back', async () => {
  await draw('class');
  const before = [threshold(), measured('recall')];
  const places = () =>
    ['roc', 'precision-recall', 'scores', 'det'].map((id) => picture(id)?.querySelector('circle.ls-curves-dot')?.outerHTML);
  const dots = places();
  await pressIn(slider('roc'), 'Home');
  await settled();
  expect(measured('recall')).toBe('1.000');
  expect(places().every((each, i) => each !== dots[i])).toBe(true);
  await pressIn(slider('det'), 'End');
  await settled();
  expect(Number(measured('recall'))).toBeLessThan(0.1);
  const values = ['roc', 'precision-recall', 'scores', 'det', 'coverage'].map((id) =>
    box.querySelector(slider(id))?.getAttribute('aria-valuetext'),
  );
  expect(new Set(values.filter((each) => each !== undefined)).size).toBe(1);
  await act(() => box.querySelector<HTMLButtonElement>('.ls-curves-threshold .ls-curves-quiet')?.click());
  await settled();
  expect([threshold(), measured('recall')]).toEqual(before);
});

test('the operating point at a recall is the first threshold that reaches it', async () => {
  await draw('class');
  const form = box.querySelector('form');
  const input = form?.querySelector('input');
  const ask = async (least: string) => {
    await act(() => {
      if (input == null) return;
      input.value = least;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await act(() => void form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
    await settled();
  };
  await ask('0.9');
  expect(measured('recall')).toBe('0.900');
  await pressIn(slider('roc'), 'ArrowRight');
  await settled();
  expect(Number(measured('recall'))).toBeLessThan(0.9);
  await ask('2');
  expect([input?.getAttribute('aria-invalid'), form?.querySelector<HTMLButtonElement>('[type=submit]')?.disabled]).toEqual(['true', true]);
});

test('what wrong decisions cost leads to the cheapest threshold, which the curves show', async () => {
  await draw('binary');
  const fill = (label: string, value: string) =>
    act(() => {
      const input = box.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`);
      if (input === null) return;
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  const form = () => box.querySelector('input[aria-label="cost of a miss"]')?.closest('form');
  const go = async () => {
    await act(() => void form()?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
    await settled();
  };
  const told = () => plain(box.querySelector('[data-measure="cost"]'));
  expect(box.querySelectorAll('.ls-curves-diamond')).toHaveLength(0);
  const usual = told();
  await fill('cost of a miss', '50');
  expect(told()).toMatch(/^0\.\d+ a sample \(0\.\d+ – [\d.]+\)/);
  expect(told()).not.toBe(usual);
  await go();
  const low = Number(measured('recall'));
  expect(box.querySelectorAll('.ls-curves-diamond')).toHaveLength(2);
  expect(form()?.querySelector('[type=submit]')?.getAttribute('aria-pressed')).toBe('true');
  await fill('cost of a miss', '0');
  expect(told()).toContain('calling nothing positive is cheapest');
  await fill('cost of a miss', '0.1');
  await go();
  expect(Number(measured('recall'))).toBeLessThan(low);
  await fill('cost of a miss', '-1');
  expect(form()?.querySelector<HTMLButtonElement>('[type=submit]')?.disabled).toBe(true);
});

test('a reference and another step are drawn beside, each named and measured at the same threshold', async () => {
  await draw('reference');
  expect(lines('roc')).toBe(3);
  expect([...box.querySelectorAll('.ls-curves-legend bdi')].map(plain)).toEqual(['digits', 'digits-slow', 'step 100']);
  const dashed = [...box.querySelectorAll('[data-picture="roc"] .ls-curves-line')].map((each) => each.getAttribute('stroke-dasharray'));
  expect(dashed).toEqual(['5 4', null, null]);
  expect([...box.querySelectorAll('td[data-measure="recall"]')].map((each) => each.getAttribute('data-of'))).toEqual([
    'focus',
    'digits-slow',
    'step 100',
  ]);
});

test('a click on a class in the table selects it, and again lets it go; a head sorts', async () => {
  await draw('pooled');
  expect(plain(box.querySelector('h2'))).toBe('Curves of all classes, pooled');
  const column = () => [...box.querySelectorAll('[data-testid="areas"] td[data-measure="AUC"]')].map((each) => Number(each.textContent));
  expect(column()).toEqual(column().toSorted((a, b) => a - b));
  const head = [...box.querySelectorAll<HTMLButtonElement>('[data-testid="areas"] thead button')].find((each) =>
    each.textContent?.startsWith('AUC'),
  );
  await act(() => head?.click());
  expect(column()).toEqual(column().toSorted((a, b) => b - a));
  const row = () => box.querySelector<HTMLButtonElement>('[data-testid="areas"] tr[data-class="4"] button');
  await act(() => row()?.click());
  await settled();
  expect([plain(box.querySelector('h2')), row()?.getAttribute('aria-pressed')]).toEqual(['Curves of emu against the rest', 'true']);
  await act(() => row()?.click());
  await settled();
  expect(plain(box.querySelector('h2'))).toBe('Curves of all classes, pooled');
});

test('pooled decisions have no interval, and the reason is a word away', async () => {
  await draw('pooled');
  expect([...box.querySelectorAll('[data-testid="threshold"] td .ls-term')].map(plain)).toEqual([
    'no interval',
    'no interval',
    'no interval',
  ]);
});

test('calibration stands beside what chance gives; bins may hold equally many', async () => {
  await draw('binary');
  expect(plain(picture('reliability')?.querySelector('.ls-curves-figure'))).toMatch(/^ECE 0\.\d{4} · 0\.0110 if perfect$/);
  expect(picture('reliability')?.querySelectorAll('.ls-curves-whisker').length).toBeGreaterThan(5);
  await choose('equal mass');
  await settled();
  expect(box.querySelector<HTMLInputElement>('input[value="mass"]')?.checked).toBe(true);
});

test('of several labels each sample and label is a decision, and what is pooled is said', async () => {
  await draw('one-label');
  const headings = ['roc', 'coverage', 'reliability'].map((id) => plain(picture(id)?.querySelector('h3')));
  expect(plain(box.querySelector('h2'))).toBe('Curves of cat');
  expect(plain(box.querySelector('[data-testid="areas"] thead th'))).toMatch(/^label/);
  expect(headings).toEqual(['ROC', 'coverage · all labels pooled', 'reliability · all labels pooled']);
  const words = picture('reliability')?.textContent ?? '';
  expect(words).toContain('probability of the label');
  expect(words).toContain('share that is true');
  expect(words).not.toMatch(/accuracy|confidence|[^y] samples/);
  expect(picture('coverage')?.textContent).toMatch(/share of decisions answered/);
  expect(picture('coverage')?.textContent).toContain('sure, of a label or of its absence');
  await draw('class');
  expect(plain(picture('coverage')?.querySelector('h3'))).toBe('coverage · all classes');
  await draw('pooled');
  expect(plain(picture('coverage')?.querySelector('h3'))).toBe('coverage');
});

test('a threshold of a link is told as it stands there', async () => {
  await draw('one-label');
  expect(threshold()).toBe('≥ 0.800');
  expect(plain(box.querySelector('[data-testid="between-thresholds"]'))).toMatch(/^No threshold between 0\.7\d+ and 0\.8\d+ is known/);
  expect(measured('recall')).toMatch(/^0\.\d{3}( – 0\.\d{3})?$/);
  await pressIn(slider('roc'), 'ArrowRight');
  await settled();
  expect(box.querySelector('[data-testid="between-thresholds"]')).toBeNull();
  expect(Number(threshold()?.replace('≥ ', '').replace(' back to 0.5', ''))).toBeGreaterThan(0.8);
});

test('curves that a training does not have are never asked of it', async () => {
  await draw('against-two-classes');
  expect(box.textContent).not.toContain('has no curve');
  const stage = (focus: string) => <Stage two={['digits-slow']} focus={focus} />;
  await act(() => render(null, box));
  for (const focus of ['digits', 'digits-slow', 'digits']) {
    await act(() => render(stage(focus), box));
    await settled();
    await settled();
    expect(box.textContent).not.toContain('has no curve');
    expect(plain(box.querySelector('h2'))).toBe(
      focus === 'digits' ? 'Curves of all classes, pooled' : 'Curves of <b>dog</b> against the rest',
    );
  }
});

test('a curve that is known at the edges of bins says how far off it may be', async () => {
  await draw('binned');
  expect(measured('AUC')).toContain('± 0.0021 by binning');
});

test('a log without scores is told the line that adds them', async () => {
  await draw('missing');
  expect(box.querySelector('code')?.textContent).toContain('Evaluation(names');
});

test('rounding claims neither 0 nor 1', () => {
  expect([0, 1, 0.00001, 0.99999, 1 - 1e-16, 0.97725, undefined].map(four)).toEqual([
    '0.0000',
    '1.0000',
    '<0.0001',
    '>0.9999',
    '1.0000',
    '0.9772',
    '–',
  ]);
  expect([0.5, 0.0000123, 1 - 2 ** -20, 1, 0, Number.POSITIVE_INFINITY].map((t) => thresholdText(t))).toEqual([
    '0.500',
    '1.2e−5',
    '1 − 9.6e−7',
    '1.000',
    '0.000',
    'above all',
  ]);
});
