import fc from 'fast-check';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SeriesInfo } from '../../panel';
import type { Selection } from '../../selection';
import { stage } from '../stage.fixture';
import { comparisonOf, NUMBERS_COMPARED, type Two } from './comparison.fixture';
import { classRows, disagreements, mark, noVerdict, numberRows, numberSentence, points, pText, sentence, tableOf } from './facts';
import { digits, fixtures, HERE, Stage, single, THERE } from './gallery';

const twos: fc.Arbitrary<Two> = fc.integer({ min: 1, max: 5 }).chain((size) => {
  const one = fc.integer({ min: 0, max: size - 1 });
  return fc.array(fc.tuple(one, one, one), { maxLength: 30 }).map((rows) => ({
    labels: Array.from({ length: size }, (_, k) => `class ${k}`),
    truth: rows.map(([truth]) => truth),
    here: rows.map(([, here]) => here),
    there: rows.map(([, , there]) => there),
  }));
});

describe('what a comparison comes to', () => {
  it('loses no sample: in the table, in the classes, and in the agreement', () => {
    fc.assert(
      fc.property(twos, (two) => {
        const c = comparisonOf(two);
        const t = tableOf(c);
        const rows = classRows(c);
        const otherwise = disagreements(c).reduce((sum, { count }) => sum + count, 0);
        const same = two.truth.filter((_, i) => two.here[i] === two.there[i]).length;

        expect(t.both_right + t.only_this_right + t.only_other_right + t.both_wrong).toBe(two.truth.length);
        expect(rows.reduce((sum, { samples }) => sum + samples, 0)).toBe(two.truth.length);
        expect(rows.reduce((sum, { gained }) => sum + gained, 0)).toBe(t.only_this_right);
        expect(rows.reduce((sum, { lost }) => sum + lost, 0)).toBe(t.only_other_right);
        expect(otherwise + same).toBe(two.truth.length);
        expect(same).toBe(t.both_right + t.same_wrong);
        expect(disagreements(c).map(({ count }) => count)).toEqual(
          disagreements(c)
            .map(({ count }) => count)
            .toSorted((a, b) => b - a),
        );
      }),
    );
  });

  it('marks classes that differ when all are looked at, and those alone', () => {
    const row = { id: 0, samples: 10, gained: 8, lost: 1, difference: 0.7, low: 0.4, high: 0.9, p: 0.01, pOfAll: 0.049 };

    expect(mark(row)).toBe('better');
    expect(mark({ ...row, gained: 1, lost: 8 })).toBe('worse');
    expect(mark({ ...row, pOfAll: 0.05 })).toBeUndefined();
    expect(mark({ ...row, pOfAll: Number.NaN })).toBeUndefined();
  });

  it('says no more than the test', () => {
    const of = (difference: number, p: number) =>
      sentence({ difference, difference_low: difference - 0.01, difference_high: difference + 0.01, p }, undefined);

    expect(of(0.023, 0.001)).toBe('Better here by 2.3 points of accuracy (95 % interval +1.3 to +3.3; McNemar’s p 0.0010).');
    expect(of(-0.023, 0.001)).toBe('Worse here by 2.3 points of accuracy (95 % interval −3.3 to −1.3; McNemar’s p 0.0010).');
    expect(of(0.023, 0.05)).toContain('No clear difference: +2.3 points');
    expect(points(0)).toBe('0.0');
    expect(points(-0.0001)).toBe('−<0.1');
    expect(pText(Number.NaN)).toBe('–');
    expect(pText(0)).toBe('<1e−300');
  });
});

describe('no model is called better', () => {
  const clear = { difference: 0.023, difference_low: 0.013, difference_high: 0.033, p: 0.001 };
  const made = { ...comparisonOf(digits), ...clear };

  it('where more than 5 % of the truths are others, whatever says that the samples are the same', () => {
    expect(noVerdict({ ...made, compared: 950, truth_differs: 50 }, 10)).toBeUndefined();
    const by = (matched: 'id' | 'number') => noVerdict({ ...made, compared: 100, truth_differs: 900, matched_by: matched }, 10);
    expect(by('id')).toMatch(/^No verdict, since of 90.% of the 1.000 samples that both tell of another class is true there: the labels/);
    expect(by('number')).toMatch(/: samples of the same number may not be the same ones/);
    expect(sentence(made, 'others')).toBe('+2.3 points of accuracy on what is compared (95 % interval +1.3 to +3.3; McNemar’s p 0.0010).');
  });

  it('where the classes are others, however many samples are compared', () => {
    expect(noVerdict({ ...made, others: ['eleven'], lacking: ['0', '1', '2'] }, 10)).toBe(
      'No verdict, since its classes are others (7 of these 10 are among its 8; only here: 0, 1 and 1 more; only there: eleven). ' +
        'Compared is where both call the same class true.',
    );
    expect(sentence(made, 'others')).not.toMatch(/Better|Worse|No clear/);
  });
});

// There is no layout here: a screenful.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(560);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** A series of a kind, of the other training unless told. */
const of = (kind: string, training = 'baseline'): SeriesInfo => ({ ...HERE, training, run: training, kind, tag: `validation/${kind}` });

const changes: Partial<Selection>[] = [];
const { box, show } = stage({
  ...fixtures,
  labels: () => (
    <Stage
      made={digits}
      asked={single('label_predictions')}
      selected={{ reference: 'baseline' }}
      onSelect={(change) => changes.push(change)}
    />
  ),
  told: () => <Stage made={digits} selected={{ reference: 'baseline' }} onSelect={(change) => changes.push(change)} />,
  alone: () => <Stage made={digits} asked={[]} />,
  labelsThere: () => <Stage made={digits} asked={[HERE, of('multilabel')]} selected={{ reference: 'baseline' }} />,
  numbersThere: () => <Stage made={digits} asked={[HERE, of('regression')]} selected={{ reference: 'baseline' }} />,
  countsOfLabels: () => <Stage made={digits} asked={[of('multilabel', 'run'), of('multilabel')]} selected={{ reference: 'baseline' }} />,
  labelsAlone: () => <Stage made={digits} asked={[of('multilabel', 'run'), of('multilabel')]} />,
  labelsBesideClasses: () => <Stage made={digits} asked={[of('multilabel', 'run'), THERE]} selected={{ reference: 'baseline' }} />,
  notChosen: () => <Stage made={digits} asked={[HERE, of('multilabel')]} />,
});
const draw = async (name: Parameters<typeof show>[0]) => {
  changes.length = 0;
  await show(name);
  for (let i = 0; i < 8; i++) await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
};
const click = (element: Element | null | undefined) =>
  act(() => {
    element?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  });

describe('the panel', () => {
  it('tells who is right, and a cell lists its samples', async () => {
    await draw('told');
    const here = digits.truth.map((id, i) => digits.here[i] === id);
    const there = digits.truth.map((id, i) => digits.there[i] === id);
    const only = here.filter((is, i) => is && there[i] === false).length;
    const cell = () => box.querySelector<HTMLElement>('[data-cell=only_this_right]');

    expect(cell()?.dataset.value).toBe(String(only));
    await click(cell());
    expect(changes).toEqual([{ classes: [], sample: null, options: { 'predictions.outcome': 'only_this_right' } }]);
    expect(cell()?.getAttribute('aria-pressed')).toBe('true');
    await click(cell());
    expect(changes.at(-1)).toEqual({ classes: [], sample: null, options: {} });
  });

  it('leads from a class and from a disagreement to their samples', async () => {
    await draw('told');
    const [first] = classRows(comparisonOf(digits));
    const row = box.querySelector(`[data-testid=comparison-classes] [data-class="${first?.id}"]`);

    expect(row?.textContent).toContain('better');
    await click(row?.querySelectorAll('button')[1]);
    expect(changes.at(-1)).toEqual({ classes: [first?.id], sample: null, options: { 'predictions.outcome': 'only_this_right' } });

    const [pair] = disagreements(comparisonOf(digits));
    await click(box.querySelector('[data-testid=disagreements] button'));
    const agreement = `${pair?.predicted},${pair?.other}`;
    expect(changes.at(-1)).toEqual({ classes: [], sample: null, options: { 'predictions.agreement': agreement } });
  });

  it.each(['alone', 'notChosen'] as const)('is not there where nobody asked for a comparison: %s', async (name) => {
    await draw(name);
    expect(box.textContent).toBe('');
  });

  it('says of another task that it is another, and not that there is no evaluation', async () => {
    const told = () => box.querySelector('[data-testid=not-compared]')?.textContent;
    await draw('labelsThere');
    expect(told()).toBe(
      'baseline tells any number of labels of each sample, and this training the class of each sample: the two do not compare.',
    );
    await draw('numbersThere');
    expect(told()).toContain('baseline tells numbers, and this training the class of each sample');
    await draw('labelsBesideClasses');
    expect(told()).toContain('baseline tells the class of each sample, and this training any number of labels');
    await draw('countsOfLabels');
    expect(told()).toContain('what became of single samples (label_predictions) is not logged of both');
    await draw('no-such-evaluation-there');
    expect(told()).toContain('has no evaluation validation');
  });

  it('compares labels sample by sample, and marks those that differ', async () => {
    await draw('labels');
    expect(box.querySelector('[data-testid=comparison-sentence]')?.textContent).toBe(
      'Better here by 10.0 points of samples with all labels right (95 % interval +2.0 to +18.0; McNemar’s p 0.0130).',
    );
    expect(box.querySelector('[data-testid=comparison-alone]')?.textContent?.replace(/\s+/g, ' ')).toBe(
      'All labels are right here and there in 60 samples, here alone in 12, there alone in 2. 1 label differs surely, of 2 tested together.',
    );
    const rows = [...box.querySelectorAll('[data-testid=comparison-labels] [data-class]')];
    expect(rows.map((row) => row.querySelector('td:last-child')?.textContent)).toEqual(['better', '', '']);
    await click(rows[0]?.querySelector('button'));
    expect(changes.at(-1)).toEqual({ classes: [0], sample: null });
  });

  it('compares the errors of numbers on the same samples', async () => {
    await draw('numbers');
    expect(box.querySelector('[data-testid=comparison-sentence]')?.textContent).toBe(
      'Better here: mean |e| 0.5 here and 0.75 there (difference −0.25, 95 % interval −0.4 to −0.1; paired t test p 0.0010).',
    );
    expect(box.querySelector('[data-testid=comparison-counted]')?.textContent).toBe(
      '90 values compared, matched by id · 2 values left out: another number is true there · 1 only here',
    );
    expect(box.querySelectorAll('[data-testid=comparison-targets] [data-target]')).toHaveLength(2);
    const [first, second] = numberRows(NUMBERS_COMPARED);
    if (first === undefined || second === undefined) throw new Error('no target');
    expect(numberSentence({ ...first, p: 0.05 }, 'id')).toMatch(/^No clear difference/);
    expect(numberSentence({ ...first, difference: 0.25 }, 'id')).toMatch(/^Worse here/);
    expect(numberSentence({ ...first, differs: 90 }, 'number')).toMatch(
      /^No verdict, since of 50.% of the values another number is true there, and/,
    );
    expect(numberSentence(second, 'id')).toBe('Nothing to compare: the other training has no such target, or none of these samples.');
  });

  it('marks no class where no verdict is given', async () => {
    await draw('without-ids');
    expect(box.querySelector('[data-testid=no-verdict]')?.textContent).toMatch(/^No verdict, since of 30.8.% of the 130 samples/);
    expect(box.querySelector('[data-testid=comparison-marked]')).toBeNull();
    expect(box.querySelector('.ls-comparison-better, .ls-comparison-worse')).toBeNull();
  });

  it.each(Object.keys(fixtures) as (keyof typeof fixtures)[])('%s is drawn', async (name) => {
    await draw(name);
    expect(box.querySelector('.ls-comparison')?.textContent).toMatch(/compared|evaluation|single samples/);
    // Names are text.
    expect([...box.querySelectorAll('b, i')].map(({ textContent }) => textContent)).not.toContain('dog');
    expect(box.textContent).not.toMatch(/NaN|undefined|Infinity/);
  });
});
