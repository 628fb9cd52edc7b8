import { act } from 'preact/test-utils';
import { expect, test } from 'vitest';
import { csvText } from '../../components/download';
import { help } from '../../help';
import { multilabelOf } from '../../math/multilabel.fixture';
import { stage } from '../stage.fixture';
import { labelRows, pairRows } from './download';
import { fixtures } from './gallery';
import { terms } from './help';

const { box, show, pressIn } = stage(fixtures);
/** The search has a status of its own. */
const said = () => [...document.querySelectorAll('[role=status]')].at(-1)?.textContent ?? '';
const plain = (element: Element | null | undefined) => element?.textContent?.replace(/\s+/g, ' ').trim();
const measured = (name: string, of = 'focus') => plain(box.querySelector(`[data-measure="${name}"][data-of="${of}"]`));
const labels = () => [...box.querySelectorAll('[data-testid="labels"] tbody tr[data-class]')];
const column = (name: string) => labels().map((row) => plain(row.querySelector(`[data-measure="${name}"]`)));
const settled = () => act(() => new Promise((resolve) => setTimeout(resolve, 0)));

test('all labels together have their numbers, and every term is explained', async () => {
  await show('labels');
  expect(plain(box.querySelector('h2'))).toBe('scenes · validation · step 400');
  for (const name of ['subset accuracy', 'Hamming loss']) expect(measured(name)).toMatch(/^0\.\d{3} 0\.\d{3} – 0\.\d{3}$/);
  expect(measured('micro')).toMatch(/^0\.\d{3} · 0\.\d{3} · 0\.\d{3}$/);
  expect(measured('macro')).toMatch(/^0\.\d{3} · 0\.\d{3} · 0\.\d{3} all 8 labels$/);
  expect(plain(box.querySelector('.ls-sentences'))).toContain('Where cat is missed, dog is told instead in');
  for (const term of Object.keys(terms)) expect(help(term)).toMatch(/\.$/);
});

test('means say over how many labels they are, and only rows in sight are in the page', async () => {
  await show('many');
  expect(measured('macro')).toMatch(/of \d+ · \d+ · \d+ of 200 labels$/);
  expect(labels().length).toBeLessThan(60);
});

test('a head sorts, a search finds, a click selects and lets go', async () => {
  await show('labels');
  const f1 = column('F1').map((text) => Number.parseFloat(text ?? ''));
  expect(f1).toEqual(f1.toSorted((a, b) => a - b));
  const head = [...box.querySelectorAll<HTMLButtonElement>('[data-testid="labels"] thead button')].find(({ textContent }) =>
    textContent?.startsWith('support'),
  );
  await act(() => head?.click());
  await act(() => head?.click());
  const support = column('support').map(Number);
  expect(support).toEqual(support.toSorted((a, b) => b - a));
  const field = box.querySelector<HTMLInputElement>('input[type="search"]');
  await act(() => {
    if (field === null) return;
    field.value = 'FOX';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  expect(labels().map((row) => plain(row.querySelector('th')))).toEqual(['<b>fox</b>']);
  const press = () => act(() => labels()[0]?.querySelector('button')?.click());
  await press();
  expect(plain(box.querySelector('[data-picture="one-label"] h3'))).toBe('<b>fox</b>');
  await press();
  expect(box.querySelector('[data-picture="one-label"]')).toBeNull();
});

test('the table of a label adds up, and says what is left out', async () => {
  await show('one');
  const cell = (name: string) => Number(plain(box.querySelector(`[data-cell="${name}"] b`)));
  expect(['tp', 'fp', 'fn', 'tn'].reduce((sum, name) => sum + cell(name), 0)).toBe(400);
  expect(box.querySelectorAll('b b, text b')).toHaveLength(0);
  await show('left-out');
  expect(plain(box.querySelector('[data-picture="one-label"] p'))).toContain('5 unknown · 2 left out');
  expect(plain(box.querySelector('[data-testid="counted"]'))).toBe(
    '400 samples, 8 labels · dropped: 12 masked · decisions left out: 2 score not finite · 5 truths unknown · the data set has 8 more',
  );
});

test('the keys go from step to step and from cell to cell', async () => {
  await show('labels');
  await pressIn('[data-picture="over-steps"] [role="application"]', 'Home');
  await settled();
  expect(said()).toMatch(/^step 100: subset accuracy 0\.\d+, micro F1 0\.\d+, macro F1 0\.\d+, Hamming loss 0\.\d+$/);
  await pressIn('[data-picture="over-steps"] [role="application"]', 'Enter');
  expect(plain(box.querySelector('h2'))).toBe('scenes · validation · step 100');
  await pressIn('.ls-multilabel-swaps', 'ArrowRight');
  await settled();
  expect(said()).toMatch(/^cat missed, dog told instead: \d+ samples$/);
  await pressIn('.ls-multilabel-swaps', 'Enter');
  expect(plain(box.querySelector('[data-picture="one-label"] h3'))).toBe('cat');
});

test('the reference stands beside, and nothing is drawn of nothing', async () => {
  await show('reference');
  expect(measured('subset accuracy', 'reference')).toMatch(/^0\.\d{3}/);
  expect(plain(box.querySelector('.ls-sentences'))).toMatch(/^(Fewer wrong labels than|No clear difference from) slow: Hamming loss/);
  await show('nothing');
  expect(box.textContent).toContain('This evaluation has no samples.');
  expect(box.querySelector('svg')).toBeNull();
});

test('pairs are those of the selected label, and are saved whole', async () => {
  await show('one');
  const names = [...box.querySelectorAll('[data-testid="pairs"] th')].map(plain);
  expect(names.every((name) => name?.includes('<b>fox</b>'))).toBe(true);
  const payload = multilabelOf([[true, false]], [[false, true]], 2);
  const evaluation = { series: {} as never, point: { step: 0, wallTime: 0, payload }, labels: ['=a', 'b'] };
  expect(csvText(labelRows(evaluation, [0])).split('\r\n')[1]).toMatch(/^'=a,1,0,0,1,0,0,0,,,,0,0,0\.79\d+,0,0,0\.88\d+$/);
  expect(csvText(pairRows([{ kind: 'swap', first: 0, second: 1, count: 3 }], ['=a', 'b']))).toBe(
    "kind,first,second,samples\r\nswap,'=a,b,3\r\n",
  );
});
