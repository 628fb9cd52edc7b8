/** A box of the document in which a test draws a panel's pictures, and what somebody does there. */
import { type ComponentChild, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach } from 'vitest';

/** The box, empty before each test of a file, and hands to use on what is drawn in it. */
export function stage<Name extends string>(fixtures: Readonly<Record<Name, () => ComponentChild>>) {
  const box = document.createElement('div');
  beforeEach(() => {
    document.body.append(box);
  });
  afterEach(() => {
    act(() => render(null, box));
    document.body.replaceChildren();
  });
  return {
    box,
    /** Draws a picture anew. */
    show: async (name: Name): Promise<void> => {
      await act(() => render(null, box));
      await act(() => render(fixtures[name](), box));
    },
    /** Presses a key in the first element that a selector finds. */
    pressIn: (selector: string, key: string, more: KeyboardEventInit = {}) =>
      act(() => {
        box.querySelector(selector)?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
      }),
    /** Chooses one of several, by what it says. */
    choose: (label: string) =>
      act(() => {
        const found = [...box.querySelectorAll('label')].find((each) => each.textContent === label)?.querySelector('input');
        found?.click();
        found?.dispatchEvent(new Event('change', { bubbles: true }));
      }),
    /** What a screen reader said last. */
    said: () => document.querySelector('[role=status]')?.textContent ?? '',
  };
}
