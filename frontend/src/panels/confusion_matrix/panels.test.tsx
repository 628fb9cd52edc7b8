import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { matrix } from '../../math/confusion.fixture';
import { counted } from './counted';
import { evaluation } from './evaluation';
import { classes, fixtures, series } from './gallery';

let page: HTMLElement | undefined;

function show(name: keyof typeof fixtures): HTMLElement {
  const box = document.createElement('main');
  document.body.append(box);
  page = box;
  act(() => render(fixtures[name](), box));
  return box;
}

afterEach(() => {
  if (page !== undefined) {
    render(null, page);
    page.remove();
  }
});

const text = (box: HTMLElement, selector: string) => box.querySelector(selector)?.textContent;

describe('the panels', () => {
  it.each(Object.keys(fixtures).filter((name) => !name.startsWith('1000')))('%s is drawn', (name) => {
    const found = Object.keys(fixtures).find((each): each is keyof typeof fixtures => each === name);
    if (found === undefined) throw new Error(`no fixture ${name}`);
    expect(show(found).textContent).not.toMatch(/NaN(?! score)|undefined|Infinity/);
  });

  it('tell the exact counts and rates in a table behind the canvas', () => {
    const box = show('digits');
    expect(box.querySelectorAll('[data-testid="confusion-matrix"] td[data-true]')).toHaveLength(100);
    expect(text(box, 'td[data-true="8"][data-predicted="1"]')).toBe('6');
    expect(box.querySelector('[data-testid="accuracy"]')?.getAttribute('title')).toBe(String(864 / 899));
    expect(box.querySelector('tr[data-class="8"] [data-measure="recall"]')?.getAttribute('data-value')).toBe(String(80 / 92));
  });

  it('print an undefined rate as a dash, never as 0, and keep the class', () => {
    const box = show('few-and-many');
    expect(text(box, 'tr[data-class="2"] [data-measure="recall"]')).toBe('–');
    expect(text(box, 'tr[data-class="2"] [data-measure="precision"]')).toBe('0.00');
    expect(text(box, 'tr[data-class="2"] [data-measure="examples"]')).toBe('0');
  });

  it('say that an evaluation is empty, and draw no matrix of it', () => {
    const box = show('empty');
    expect(box.textContent).toContain('This evaluation has no examples.');
    expect(box.querySelector('canvas')).toBeNull();
  });

  it('select a pair on a click and let it go on the next', () => {
    const box = show('digits');
    const pair = () => box.querySelector<HTMLButtonElement>('[data-testid="most-confused"] tbody button');
    act(() => pair()?.click());
    expect(pair()?.getAttribute('aria-pressed')).toBe('true');
    expect(box.querySelector('.ls-confusion-selected')).not.toBeNull();
    act(() => pair()?.click());
    expect(box.querySelector('.ls-confusion-selected')).toBeNull();
  });

  it('move by arrow keys, select by Enter, let go by Escape, and say where they are', () => {
    const box = show('digits');
    const cells = box.querySelector<HTMLElement>('[role="application"]');
    const press = (key: string) =>
      act(() => {
        cells?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      });
    press('ArrowRight');
    expect(document.querySelector('[role="status"]')?.textContent).toBe('true 0, predicted 1: 0 of 89, 0\u202f%');
    press('End');
    press('ArrowDown');
    expect(document.querySelector('[role="status"]')?.textContent).toContain('true 1, predicted 9');
    press('Enter');
    expect(box.querySelector('.ls-confusion-selected')).not.toBeNull();
    press('Escape');
    expect(box.querySelector('.ls-confusion-selected')).toBeNull();
  });

  it('leave other keys to the page', () => {
    const cells = show('digits').querySelector<HTMLElement>('[role="application"]');
    const bracket = new KeyboardEvent('keydown', { key: '[', bubbles: true, cancelable: true });
    cells?.dispatchEvent(bracket);
    expect(bracket.defaultPrevented).toBe(false);
  });

  it('compare with the reference, class by class', () => {
    const box = show('with-reference');
    expect(box.textContent).toContain('Better than dense-64-64-lr10');
    expect(box.textContent).toContain('Δ recall');
  });

  it('write names as text, disambiguated where they are the same', () => {
    const box = show('strange-names');
    expect(box.querySelector('bdi b')).toBeNull();
    expect(box.textContent).toContain('twice (#5)');
    expect(box.textContent).toContain('(#4)');
  });
});

describe('counted', () => {
  const told = (payload: Parameters<typeof series>[0][number]) => {
    const shown = evaluation(series([payload]), [classes(['a', 'b'])], 50);
    if (shown === undefined) throw new Error('the series has a point at step 50');
    return counted(shown);
  };
  const table = [
    [3, 1],
    [0, 4],
  ];

  it('says that all are counted', () => {
    expect(told(matrix(table))).toEqual({ text: '8 examples, all counted', warns: false });
  });

  it('says what was dropped, by reason', () => {
    expect(told(matrix(table, { dropped: { 'bad label': 2 } }))).toEqual({ text: '10 examples; 2 dropped: 2 bad label', warns: true });
  });

  it('says when there are not as many as declared', () => {
    expect(told(matrix(table, { declaredSize: 7 })).text).toContain('declared to have 7: samples are there twice');
    expect(told(matrix(table, { declaredSize: 8 })).warns).toBe(false);
  });
});

describe('evaluation', () => {
  it('names classes from the record that the matrix refers to, else by number', () => {
    const payload = matrix([[1]], { classes: 'other' });
    expect(evaluation(series([payload]), [classes(['a'])], 50)?.labels).toEqual(['0']);
    expect(evaluation(series([payload]), [classes(['a'], 'elsewhere', 'other')], 50)?.labels).toEqual(['a']);
  });

  it('is not there before the first step', () => {
    expect(evaluation(series([matrix([[1]])]), [], 49)).toBeUndefined();
  });
});
