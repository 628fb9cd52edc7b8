import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { csv } from './download';
import { plainColour, standalone } from './picture';
import { SaveMenu } from './SaveMenu';

const saved: { name: string; href: string }[] = [];

beforeEach(async () => {
  saved.length = 0;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, href: this.href });
  });
  await act(() =>
    render(
      <SaveMenu
        what="the loss"
        subject={{ training: 'a/b', step: 7 }}
        formats={[
          { label: 'CSV', make: () => csv([['step'], [7]]) },
          { label: 'PNG', make: () => null },
          { label: 'SVG', make: () => null, refusal: 'up to 200 classes' },
          { label: 'copy', make: () => new Blob(['step\n7']) },
        ]}
      />,
      document.body,
    ),
  );
});

afterEach(() => {
  act(() => render(null, document.body));
  vi.restoreAllMocks();
});

const menu = () => document.querySelector('details');
const button = (label: string) => [...document.querySelectorAll('button')].find(({ textContent }) => textContent === label);
const open = () => {
  const details = menu();
  if (details !== null) details.open = true;
};

test('a file is handed over under its name, and the menu closes', async () => {
  open();
  await act(async () => button('CSV')?.click());
  expect(saved.map(({ name }) => name)).toEqual(['a_b-loss-step-7.csv']);
  expect(menu()?.open).toBe(false);
});

test('what cannot be made is said', async () => {
  await act(async () => button('PNG')?.click());
  expect(saved).toEqual([]);
  expect(document.querySelector('[role=status]')?.textContent).toContain('cannot make the PNG');
});

test('what is refused says why, and cannot be pressed', async () => {
  const refused = button('SVG up to 200 classes');
  expect(refused?.disabled).toBe(true);
  await act(async () => refused?.click());
  expect(saved).toEqual([]);
});

test('a table is copied as text', async () => {
  const written: string[] = [];
  vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void written.push(text) } });
  await act(async () => {
    button('copy')?.click();
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  expect([written, saved]).toEqual([['step\n7'], []]);
  expect(document.querySelector('[role=status]')?.textContent).toBe('the loss: copied');
  vi.unstubAllGlobals();
});

test.each([
  ['Esc', () => menu()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))],
  ['a press elsewhere', () => document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))],
])('%s closes the menu', async (_, close) => {
  open();
  await act(() => void close());
  expect(menu()?.open).toBe(false);
});

test('an SVG to keep holds its looks, and nothing of the page but text', () => {
  const holder = document.createElement('div');
  holder.innerHTML =
    '<svg class="c" viewBox="-12 -12 40 30" width="80" role="tree"><title>t</title><g data-x="1" tabindex="0"><text class="n">a &lt;b&gt;</text><tspan style="font-size:0px">heard</tspan></g></svg>';
  document.body.append(holder);
  const svg = holder.querySelector('svg');
  if (svg === null) throw new Error('no svg');
  const text = standalone(svg, true);
  holder.remove();
  const read = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  expect(text).toContain('http://www.w3.org/2000/svg');
  expect([read.getAttribute('width'), read.getAttribute('height')]).toEqual(['40', '30']);
  expect(text).not.toMatch(/class=|data-|tabindex|role=|heard/);
  expect(text).toContain('a &lt;b&gt;');
  expect(text).toMatch(/<rect x="-12" y="-12" width="40" height="30"/);
});

test('mixed colours are written as every program reads them', () => {
  expect(plainColour('color(srgb 1 0.5 0)')).toBe('rgb(255, 128, 0)');
  expect(plainColour('color(srgb 1 0.5 0 / 0.4)')).toBe('rgba(255, 128, 0, 0.4)');
  expect(plainColour('rgb(1, 2, 3)')).toBe('rgb(1, 2, 3)');
});
