import { afterEach, describe, expect, it, vi } from 'vitest';
import { theme } from '../charts/colour';
import { followTheme, hostWindow, takeKeys, UrlSelection } from './host';

let url: UrlSelection | undefined;

afterEach(() => {
  url?.dispose();
  window.history.replaceState(null, '', '#');
  document.body.className = '';
});

function opened(hash: string): UrlSelection {
  window.history.replaceState(null, '', hash);
  url = new UrlSelection(window);
  return url;
}

describe('the selection in the address', () => {
  it('is read when the page opens, and written as it changes', () => {
    const { value, select } = opened('#layerscope&p.layerscope.step=10');
    expect(value.value.step).toBe(10);
    select({ view: 'training' });
    expect(window.location.hash).toBe('#layerscope&p.layerscope.view=training&p.layerscope.step=10');
  });

  it('follows the address when it changes: Back, Forward, a link', () => {
    const { value } = opened('#layerscope');
    window.history.replaceState(null, '', '#layerscope&p.layerscope.step=7');
    window.dispatchEvent(new Event('popstate'));
    expect(value.value.step).toBe(7);
  });

  it('is one entry of the history for each choice, and one for a whole drag', () => {
    const { select } = opened('#layerscope');
    const before = window.history.length;
    select({ view: 'predictions' });
    for (const step of [10, 20, 30]) select({ step });
    select({ step: 30 });
    expect(window.history.length - before).toBe(2);
  });

  it('leaves the address of another tab alone', () => {
    const { value, select } = opened('#scalars');
    select({ step: 3 });
    expect([window.location.hash, value.value.step]).toEqual(['#scalars', 3]);
    window.history.replaceState(null, '', '#scalars&p.layerscope.step=9');
    window.dispatchEvent(new Event('popstate'));
    expect(value.value.step).toBe(3);
  });
});

it('is its own host where there is no other', () => {
  expect(hostWindow()).toBe(window.parent);
});

it('follows the dark mode of the host, live', async () => {
  const stop = followTheme(window);
  expect(theme.value).toBe('light');
  document.body.classList.add('dark-mode');
  await new Promise((resolve) => setTimeout(resolve));
  expect([theme.value, document.documentElement.dataset.theme]).toEqual(['dark', 'dark']);
  stop();
});

describe('the keyboard', () => {
  const host = () => ({ document: document.implementation.createHTMLDocument() });
  const resized = (height: number) => {
    vi.spyOn(window, 'innerHeight', 'get').mockReturnValue(height);
    window.dispatchEvent(new Event('resize'));
  };

  it('is taken each time the tab comes to sight, and only then', () => {
    const focus = vi.spyOn(window, 'focus').mockReturnValue();
    const stop = takeKeys(host());
    expect(focus).toHaveBeenCalledTimes(1);
    resized(500);
    expect(focus).toHaveBeenCalledTimes(1);
    resized(0);
    resized(700);
    expect(focus).toHaveBeenCalledTimes(2);
    stop();
    resized(0);
    resized(700);
    expect(focus).toHaveBeenCalledTimes(2);
  });

  it('is left where somebody types, and on a page of its own', () => {
    const focus = vi.spyOn(window, 'focus').mockReturnValue();
    const around = host();
    const field = around.document.createElement('input');
    around.document.body.append(field);
    field.focus();
    takeKeys(around)();
    takeKeys(window)();
    expect(focus).not.toHaveBeenCalled();
  });
});
