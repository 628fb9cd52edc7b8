import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stage } from '../stage.fixture';
import { baseline, digits, fixtures, Stage, texts } from './gallery';
import { idText } from './sample';
import { made, SampleSource } from './samples.fixture';

const last = digits.steps.length - 1;
const given: { source: SampleSource } = { source: new SampleSource(digits) };
const { box, show, pressIn, said } = stage({ ...fixtures, given: () => <Stage made={given.source.made} source={given.source} /> });

const settle = async () => {
  for (let i = 0; i < 12; i++) await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
};
const draw = async (name: Parameters<typeof show>[0]) => {
  await show(name);
  await settle();
};
const text = (selector: string) => box.querySelector(selector)?.textContent?.replaceAll(/\s+/g, ' ').trim();
const listed = () => [...box.querySelectorAll<HTMLElement>('[role=option]')].map(({ dataset }) => dataset.sample);
const isWrong = (i: number, at = last) => digits.predicted[at]?.[i] !== digits.truth[i];
const byLoss = (places: readonly number[]) => places.toSorted((a, b) => (digits.loss[last]?.[b] ?? 0) - (digits.loss[last]?.[a] ?? 0));
const all = digits.ids.map((_, i) => i);

/** Addresses of pictures that were made, and not let go. */
const open = new Set<string>();
const { createObjectURL, revokeObjectURL } = URL;
beforeEach(() => {
  // There is no layout here: a screenful.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(560);
  open.clear();
  URL.createObjectURL = (content) => {
    const url = createObjectURL.call(URL, content);
    open.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    open.delete(url);
    revokeObjectURL.call(URL, url);
  };
  given.source = new SampleSource(digits);
});
afterEach(() => {
  vi.restoreAllMocks();
  URL.createObjectURL = createObjectURL;
  URL.revokeObjectURL = revokeObjectURL;
});

describe('the list of samples', () => {
  it('is saved with what the other training predicts, also where it is not narrowed down by that', async () => {
    const saved: Blob[] = [];
    await draw('against-all');
    const make = URL.createObjectURL;
    URL.createObjectURL = (content) => {
      if (content instanceof Blob) saved.push(content);
      return make(content);
    };
    const button = [...box.querySelectorAll<HTMLButtonElement>('.ls-save button')].find((each) => each.textContent === 'CSV');
    await act(() => button?.click());
    await settle();
    const [head = [], ...rows] = ((await saved.at(-1)?.text()) ?? '')
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(','));
    const column = head.indexOf('the other model');
    const expected = byLoss(all.filter((i) => isWrong(i))).map((i) => String(baseline[i]));
    expect(rows.map((row) => row[column])).toEqual(expected);
  });

  it('has all errors, the largest loss first, and says of how many there is an example', async () => {
    await draw('errors');
    const wrong = byLoss(all.filter((i) => isWrong(i)));
    expect(listed()).toEqual(wrong.map((i) => digits.ids[i]));
    const stored = wrong.filter((i) => digits.examples.has(i)).length;
    expect(text('[data-testid=samples-summary]')).toContain(`${wrong.length} samples, ${stored} of them with an example stored`);
  });

  it('has those of a cell', async () => {
    await draw('cell');
    const cell = byLoss(all.filter((i) => digits.truth[i] === 9 && digits.predicted[last]?.[i] === 6));
    expect(cell.length).toBeGreaterThan(0);
    expect(listed()).toEqual(cell.map((i) => digits.ids[i]));
    expect(text('h2')).toBe('9 → 6');
  });

  it('has those that are newly wrong, which the server does not know, and counts them before', async () => {
    await draw('newly-wrong');
    const newly = byLoss(all.filter((i) => isWrong(i) && !isWrong(i, last - 1)));
    expect(listed()).toEqual(newly.map((i) => digits.ids[i]));
    expect(text('[data-change=newly_wrong]')).toBe(`${newly.length} newly wrong`);
    const forgotten = all.filter((i) => isWrong(i) && digits.steps.some((_, at) => at < last && !isWrong(i, at)));
    expect(text('[data-change=forgotten]')).toBe(`${forgotten.length} forgotten`);
  });

  it.each(['none-matches', 'not-logged', 'before-the-first', 'one-evaluation', 'thousand-classes', 'features'] as const)(
    '%s is drawn',
    async (name) => {
      await draw(name);
      expect(box.textContent).not.toMatch(/NaN|undefined|Infinity/);
      expect(text('.ls-samples, .ls-soft')).not.toBe('');
    },
  );

  it('says that nothing matches, and which line logs what is missing', async () => {
    await draw('none-matches');
    expect(box.textContent).toContain('No sample matches.');
    await draw('not-logged');
    expect(text('code')).toBe('Evaluation(names, score="prob").update(y_val, p, ids=files).write(run, "validation", step)');
  });

  it('writes texts and ids as text', async () => {
    await draw('texts');
    expect(box.querySelector('[role=option] img, [role=option] .ls-media b')).toBeNull();
    await draw('text-sample');
    expect(text('.ls-samples-card')).toContain('<img src=x onerror=alert(1)>');
    expect(box.querySelector('.ls-samples-card img')).toBeNull();
  });

  it('tells what a threshold decides, where it decides', async () => {
    await draw('texts-at-a-threshold');
    const at = texts.steps.length - 1;
    const cell = texts.ids.filter((_, i) => texts.truth[i] === 0 && (texts.confidence[at]?.[i] ?? 0) >= 0.7);
    expect(listed().length).toBeGreaterThan(0);
    expect(text('[data-testid=samples-summary]')).toContain(`${cell.length} samples`);
    for (const option of box.querySelectorAll('[role=option]'))
      expect(option.textContent).toContain('negative predicted as positive, wrong');
  });

  it('asks for the parts in sight alone, of a list of 100,000', async () => {
    given.source = new SampleSource(made(['a', 'b', 'c'], 100_000, 2));
    await draw('given');
    const parts = given.source.asked.filter((asked) => asked.startsWith('samples'));
    expect(parts).toHaveLength(2);
    expect(listed().length).toBeGreaterThan(5);
    expect(listed().length).toBeLessThan(60);
    expect(text('[data-testid=samples-summary]')).toMatch(/no example of them stored$/);
  });

  it('gives the memory of pictures back', async () => {
    await draw('errors');
    expect(open.size).toBeGreaterThan(0);
    await show('not-logged');
    expect(open.size).toBe(0);
  });
});

describe('another training', () => {
  const here = digits.predicted[last] ?? [];
  const differ = byLoss(all.filter((i) => here[i] !== baseline[i]));

  it('lists what the two predict otherwise, with both predictions', async () => {
    await draw('against');
    expect(listed()).toEqual(differ.slice(0, listed().length).map((i) => digits.ids[i]));
    expect(text('[data-testid=samples-summary]')).toContain(`${differ.length} samples`);
    const [first = 0] = differ;
    expect(text('[role=option]')).toContain(`${baseline[first]} there`);
    expect(box.querySelector('[data-other]')?.getAttribute('data-other')).toBe(String(baseline[first]));
    const alone = all.filter((i) => !isWrong(i) && baseline[i] !== digits.truth[i]).length;
    expect(text('[data-versus=only_this_right]')).toBe(`${alone} right here alone`);
    expect(text('[data-versus=differ]')).toBe(`${differ.length} predicted otherwise`);
  });

  it('counts those of a class, and lists them', async () => {
    await draw('against-as-pictures');
    const alone = byLoss(all.filter((i) => digits.truth[i] === 9 && !isWrong(i) && baseline[i] !== 9));
    expect(listed()).toEqual(alone.map((i) => digits.ids[i]));
    expect(text('[data-versus=only_this_right]')).toBe(`${alone.length} right here alone`);
  });

  it('lists one disagreement', async () => {
    await draw('a-disagreement');
    const cell = byLoss(all.filter((i) => here[i] === 3 && baseline[i] === 4));
    expect(listed()).toEqual(cell.map((i) => digits.ids[i]));
    expect(text('h2')).toBe('here 3, there 4');
  });

  it('is not asked about where there is none, whatever a link says', async () => {
    given.source = new SampleSource(digits);
    await draw('given');
    expect(given.source.asked.filter((each) => each.startsWith('compare'))).toEqual([]);
    expect(box.querySelector('[data-testid=samples-versus]')).toBeNull();
  });

  it('has the sample drawn beside itself', async () => {
    await draw('a-sample-in-both');
    expect(box.querySelectorAll('[data-testid=history-there] circle')).toHaveLength(digits.steps.length);
    expect(text('[data-testid=sample-history-there] caption')).toContain('baseline');
  });
});

describe('the keyboard', () => {
  const list = '[role=listbox]';
  const active = () => box.querySelector<HTMLElement>('[aria-selected=true]')?.dataset.sample;

  it('moves in the list, opens a sample and comes back to it', async () => {
    await draw('rows');
    await pressIn(list, 'ArrowDown');
    await pressIn(list, 'ArrowDown');
    const chosen = active();
    expect(chosen).toBe(listed()[2]);
    await pressIn(list, 'Enter');
    await settle();
    expect(text('h2')).toContain(chosen);
    expect(document.activeElement?.getAttribute('aria-label')).toBe(`sample ${chosen}`);
    await pressIn('.ls-samples-details', 'ArrowRight');
    await settle();
    expect(text('h2')).not.toContain(chosen);
    await pressIn('.ls-samples-details', 'Escape');
    await settle();
    expect(document.activeElement?.getAttribute('role')).toBe('listbox');
    expect(active()).toBe(listed()[3]);
  });

  it('lets the class go where the list was not entered from the matrix', async () => {
    await draw('cell');
    await pressIn(list, 'Escape');
    await settle();
    expect(text('h2')).toBe('Errors');
    expect(said()).toContain('Errors: ');
  });
});

describe('a sample', () => {
  it('that is not there is said to be not there, with the way back to the list and no advice to try again', async () => {
    await draw('no-such-sample');
    expect(text('[role=alert]')).toBe("this evaluation has no sample 'val/99999.png'Choose one from the list.");
    expect(text('.ls-samples')).not.toContain('try again');
    await act(() => box.querySelector<HTMLButtonElement>('.ls-samples-details button')?.click());
    await settle();
    expect(listed().length).toBeGreaterThan(0);
  });

  it('has its five best classes, its evaluations, and what they come to', async () => {
    await draw('sample');
    const rows = [...box.querySelectorAll('[data-testid=sample-history] tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    const i = 12;
    expect(rows.map(([step]) => Number(step))).toEqual(digits.steps);
    expect(rows.map(([, predicted]) => Number(predicted))).toEqual(digits.steps.map((_, at) => digits.predicted[at]?.[i]));
    expect(rows.map(([, , , confidence]) => Number(confidence))).toEqual(digits.steps.map((_, at) => digits.confidence[at]?.[i]));
    const right = digits.steps.filter((_, at) => !isWrong(i, at)).length;
    expect(box.textContent).toContain(right === 8 ? 'Right at all 8' : `Right at ${right} of 8 evaluations`);
    expect(box.querySelectorAll('.ls-samples-top tr')).toHaveLength(5);
  });

  it('of two classes has the probability of the positive one', async () => {
    await draw('text-sample');
    expect(text('dt')).toBe('probability of positive');
    expect(box.textContent).toContain(texts.ids[4]);
  });
});

it('ids with lines of their own are copied as JSON', () => {
  expect(idText(['a', 'b'])).toBe('a\nb');
  expect(JSON.parse(idText(['a\nb', 'c']))).toEqual(['a\nb', 'c']);
});
