import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { matrix } from '../../math/confusion.fixture';
import type { Series } from '../../panel';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { ConfusionMatrix } from './ConfusionMatrix';
import { counted } from './counted';
import { DIGITS } from './digits.fixture';
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
    page = undefined;
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

  it('keep every choice when the next is made', () => {
    const box = show('digits');
    const chosen = (label: string) => box.querySelector<HTMLSelectElement>(`select[aria-label="${label}"]`);
    const choose = (label: string, value: string) =>
      act(() => {
        const select = chosen(label);
        if (select === null) return;
        select.value = value;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      });
    choose('further shares', 'lift');
    const head = [...box.querySelectorAll<HTMLButtonElement>('.ls-confusion-numbers-head button')].find(
      (each) => each.textContent === 'recall',
    );
    act(() => head?.click());
    expect(chosen('further shares')?.value).toBe('lift');
    expect(chosen('order of the classes')?.value).toBe('recall');
    act(() => head?.click());
    expect(chosen('order of the classes')?.value).toBe('given');
  });

  it('write names as text, disambiguated where they are the same', () => {
    const box = show('strange-names');
    expect(box.querySelector('bdi b')).toBeNull();
    expect(box.textContent).toContain('twice (#5)');
    expect(box.textContent).toContain('(#4)');
  });
});

describe('choices', () => {
  it('that say nothing of two classes are not offered', () => {
    const names = (box: HTMLElement) =>
      Array.from(box.querySelectorAll('.ls-confusion-toolbar [aria-label]'), (each) => each.getAttribute('aria-label'));
    const many = ['order of the classes', 'find classes by name; all others are shown as one', 'groups of classes'];
    expect(names(show('digits'))).toEqual(expect.arrayContaining(many));
    expect(names(show('two-classes')).filter((name) => many.includes(name ?? ''))).toEqual([]);
  });

  it('that are folded away are named where they are not the usual ones, and Esc closes them', () => {
    const box = show('digits-log-all');
    const menu = box.querySelector<HTMLDetailsElement>('.ls-confusion-choices');
    expect(menu?.querySelector('summary')?.textContent).toBe('all coloured, log, transposed');
    if (menu !== null) menu.open = true;
    act(
      () =>
        void menu?.querySelector('input')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })),
    );
    expect(menu?.open).toBe(false);
  });
});

describe('groups', () => {
  it('open by Enter, and close by their button; a class in an open one can be selected', () => {
    const box = show('digits-given-groups');
    const rows = () => Array.from(box.querySelectorAll('[data-testid="confusion-matrix"] tbody th'), (th) => th.textContent);
    expect(rows()).toEqual(['0', '1', '2', '3 (4)', '4', '6', '7']);
    const cells = box.querySelector<HTMLElement>('[role="application"]');
    const press = (...keys: string[]) =>
      act(() => {
        for (const key of keys) cells?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      });
    press('ArrowDown', 'ArrowDown', 'ArrowDown');
    press('Enter');
    expect(rows()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    press('Escape');
    expect(rows()).toEqual(['0', '1', '2', '3 (4)', '4', '6', '7']);
    press('Enter');
    act(() => box.querySelector<HTMLButtonElement>('[aria-label="close the group of 1"]')?.click());
    expect(rows()).toEqual(['0', '1 (3)', '2', '3', '5', '6', '8', '9']);
  });

  it('within groups close and open level by level', () => {
    const box = show('digits-nested-groups');
    const rows = () => Array.from(box.querySelectorAll('[data-testid="confusion-matrix"] tbody th'), (th) => th.textContent);
    const press = (...keys: string[]) =>
      act(() => {
        const cells = box.querySelector<HTMLElement>('[role="application"]');
        for (const key of keys) cells?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      });
    expect(rows()).toEqual(['0 (5)', '3 (4)', '6']);
    press('ArrowRight', 'Home', 'Enter');
    expect(rows()).toEqual(['0', '1 (3)', '2', '3 (4)', '6']);
    press('ArrowDown', 'ArrowRight', 'Enter');
    expect(rows()).toEqual(['0', '1', '2', '3 (4)', '4', '6', '7']);
    press('Escape');
    expect(rows()).toEqual(['0', '1 (3)', '2', '3 (4)', '6']);
    press('Escape');
    expect(rows()).toEqual(['0 (5)', '3 (4)', '6']);
    const down = (label: string) =>
      act(() =>
        [...box.querySelectorAll('label')]
          .find((each) => each.textContent === label)
          ?.querySelector('input')
          ?.click(),
      );
    down('level 2');
    expect(rows()).toEqual(['0', '1 (3)', '2', '3', '5', '6', '8', '9']);
    down('classes');
    expect(rows()).toHaveLength(10);
    down('level 1');
    expect(rows()).toEqual(['0 (5)', '3 (4)', '6']);
  });

  it('say what is right within the groups of each level, and of a class within the innermost one', () => {
    const box = show('digits-nested-groups');
    const last = DIGITS.at(-1) ?? [];
    const all = last.flat().reduce((a, b) => a + b, 0);
    const within = (groups: readonly (readonly number[])[]) =>
      groups.flatMap((ids) => ids.map((i) => ids.reduce((sum, j) => sum + (last[i]?.[j] ?? 0), 0))).reduce((a, b) => a + b, 0) / all;
    const outer = within([[0, 1, 2, 4, 7], [3, 5, 8, 9], [6]]);
    const inner = within([[0, 2], [1, 4, 7], [3, 5, 8, 9], [6]]);
    const told = box.querySelector('[data-testid="within"]')?.textContent?.replace(/\s+/g, ' ');
    expect(told).toBe(`right within the group: level 1 ${(100 * outer).toFixed(1)} %, level 2 ${(100 * inner).toFixed(1)} %`);
    act(() =>
      [...box.querySelectorAll('label')]
        .find((each) => each.textContent === 'classes')
        ?.querySelector('input')
        ?.click(),
    );
    const figure = (name: string) => Number(box.querySelector(`tr[data-class="4"] [data-measure="${name}"]`)?.getAttribute('data-value'));
    const row = last[4] ?? [];
    const examples = row.reduce((a, b) => a + b, 0);
    expect(figure('recall')).toBe((row[4] ?? 0) / examples);
    expect(figure('in group')).toBe(((row[1] ?? 0) + (row[4] ?? 0) + (row[7] ?? 0)) / examples);
  });

  it('stay around what a search finds', () => {
    const box = show('digits-searched-in-groups');
    const rows = Array.from(box.querySelectorAll('[data-testid="confusion-matrix"] tbody th'), (th) => th.textContent);
    expect(rows).toEqual(['4', 'rest of 0 (2)', 'rest of 1 (2)', 'other (5)']);
    expect(box.querySelector('.ls-confusion-search [role="status"]')?.textContent).toBe('1 of 10 classes, all others by group');
  });

  it('tell the recall of the very class, and within the group', () => {
    const box = show('digits-given-groups');
    const group = [3, 5, 8, 9];
    const last = DIGITS.at(-1) ?? [];
    const sum = (columns: (i: number) => readonly number[]) =>
      group.reduce((all, i) => all + columns(i).reduce((inRow, j) => inRow + (last[i]?.[j] ?? 0), 0), 0);
    const examples = sum(() => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const figure = (name: string) => Number(box.querySelector(`tr[data-class="3"] [data-measure="${name}"]`)?.getAttribute('data-value'));
    expect(figure('recall')).toBe(sum((i) => [i]) / examples);
    expect(figure('in group')).toBe(sum(() => group) / examples);
  });
});

describe('a step that is chosen', () => {
  const table = (n: number) => [
    [1000 - n, n],
    [n, 1000 - n],
  ];
  const labels = [classes(['a', 'b'])];
  const draw = (points: readonly number[], step: number | null, more: readonly Series<'confusion_matrix'>[] = []) => {
    const box = page ?? document.body.appendChild(document.createElement('main'));
    page = box;
    const matrices = [series(points.map((n) => matrix(table(n)))), ...more];
    const props = {
      series: { confusion_matrix: matrices, classes: labels },
      selection: { ...NOTHING_SELECTED, step },
      focus: 'dense-64-64',
      step: step ?? points.length * 50,
      select: () => {},
      colour: () => 'red',
    };
    act(() => render(<ConfusionMatrix {...props} />, box));
    return box.querySelector('.ls-confusion-ramp')?.textContent;
  };

  it('keeps its colours while new evaluations come, until the latest is followed again', () => {
    const before = draw([50, 40], 50);
    expect(draw([50, 40, 900, 900, 900], 50)).toBe(before);
    expect(draw([50, 40, 900, 900, 900], null)).not.toBe(before);
  });

  it('counts a training from all that is there when it is shown', () => {
    const before = draw([50], 50);
    const other = series(
      [800, 800, 800].map((n) => matrix(table(n))),
      'other',
    );
    expect(draw([50], 50, [other])).not.toBe(before);
  });
});

describe('selected classes', () => {
  it('are found by name in a training that has others, and let go where they are not there', () => {
    const box = document.body.appendChild(document.createElement('main'));
    page = box;
    const selected: (readonly number[])[] = [];
    const chosen = [0, 1];
    const draw = (names: readonly string[], training: string) => {
      const size = names.length;
      const payload = matrix(names.map((_, i) => names.map((_, j) => (i === j ? 5 : 1))));
      const props = {
        series: { confusion_matrix: [series([payload], training)], classes: [classes(names, training)] },
        selection: { ...NOTHING_SELECTED, classes: chosen },
        focus: training,
        step: 50,
        select: (change: Partial<Selection>) => {
          if (change.classes !== undefined) selected.push(change.classes);
        },
        colour: () => 'red',
      };
      act(() => render(<ConfusionMatrix {...props} />, box));
      return size;
    };
    draw(['cat', 'dog'], 'one');
    draw(['cow', 'dog', 'cat'], 'two');
    expect(selected).toEqual([[2, 1]]);
    draw(['cat', 'dog'], 'one');
    draw(['cow', 'cat'], 'three');
    expect(selected.at(-1)).toEqual([]);
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
    expect(told(matrix(table))).toEqual({ text: '8 examples, all counted', exact: '8 in a cell, 0 dropped', warns: false });
  });

  it('says what was dropped, by reason', () => {
    expect(told(matrix(table, { dropped: { 'bad label': 2 } }))).toEqual({
      text: '10 examples; 2 dropped: 2 bad label',
      exact: '8 in a cell, 2 dropped',
      warns: true,
    });
  });

  it('says the sum of the weights, where there are weights', () => {
    const weights = [
      [1.5, 0.25],
      [0, 2],
    ];
    expect(told(matrix(table, { weights, squares: [1, 1, 0] })).text).toBe('8 examples, all counted; weight 3.75 in all');
    expect(told(matrix(table, { weights, squares: [1, 1, 0] })).exact).toBe('8 in a cell, 0 dropped, weight 3.75');
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
