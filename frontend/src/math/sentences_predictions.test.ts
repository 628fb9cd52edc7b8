import { describe, expect, it } from 'vitest';
import { confusedPairs, pairCount } from './confused_pairs';
import { type Confusion, confusion } from './confusion';
import { matrix } from './confusion.fixture';
import { otherClasses } from './other_classes';
import { random, successes } from './random.fixture';
import { named } from './reference.fixture';
import { accuracySentence, changeSentence, errorsSentence, referenceSentence, type Sentence } from './sentences_predictions';

const text = (sentence: Sentence | undefined) => sentence?.map((part) => part.text.replace(/[\u2009\u202f\u00a0]/gu, ' ')).join('');
const label = (k: number) => 'abcdefghij'.charAt(k);

/** Two classes, `right` of `n` right. */
const evaluated = (step: number, right: number, n: number) => ({
  step,
  confusion: confusion(
    matrix([
      [right, n - right],
      [0, 0],
    ]),
  ),
});

/** Ten classes of 100 examples, with these errors. */
function ten(errors: readonly (readonly [number, number, number])[]): Confusion {
  const table = Array.from({ length: 10 }, (_, i) => Array.from({ length: 10 }, (_, j): number => (i === j ? 100 : 0)));
  for (const [truth, predicted, n] of errors) {
    const row = table[truth];
    if (row !== undefined) {
      row[predicted] = n;
      row[truth] = (row[truth] ?? 0) - n;
    }
  }
  return confusion(matrix(table));
}

describe('accuracySentence', () => {
  it('tells the rate, its base and its interval', () => {
    expect(text(accuracySentence(evaluated(0, 869, 899).confusion))).toBe('96.7 % right, 869 of 899; 95 % interval 95.3 – 97.7');
  });

  it('says so when there is nothing to tell', () => {
    expect(text(accuracySentence(confusion(matrix([[0]]))))).toBe('This evaluation has no examples.');
    expect(
      text(
        accuracySentence(
          confusion(
            matrix(
              [
                [0, 0],
                [3, 0],
              ],
              {},
              true,
            ),
          ),
        ),
      ),
    ).toContain('No example of known truth');
  });
});

describe('errorsSentence', () => {
  it('names the pairs that hold a quarter of the errors, each a link to its cell', () => {
    const sentence = errorsSentence(
      ten([
        [1, 8, 4],
        [7, 4, 4],
        [9, 8, 3],
        [3, 8, 2],
        [7, 8, 2],
        [0, 1, 1],
        [2, 3, 1],
        [4, 5, 1],
        [5, 6, 1],
      ]),
      label,
    );
    expect(text(sentence)).toBe('42.1 % of the 19 errors are two pairs: b → i and h → e; 95 % interval 23.1 – 63.7');
    expect(sentence?.filter((part) => part.selects !== undefined).map((part) => part.selects?.classes ?? part.shows)).toEqual([
      '[data-panel="most_confused"]',
      [1, 8],
      [7, 4],
    ]);
  });

  it('names the class that nearly all errors are predicted as, a link to it', () => {
    const into8 = [0, 1, 2, 3, 4, 5].map((truth) => [truth, 8, 40 + truth] as const);
    const sentence = errorsSentence(ten([...into8, [8, 1, 2]]), label);
    expect(text(sentence)).toBe('99.2 % of the 257 errors are predicted as i; 95 % interval 97.2 – 99.8');
    expect(sentence?.[0]?.exact).toBe(255 / 257);
    expect(sentence?.[1]?.selects).toEqual({ classes: [8] });
  });

  it('names no class of which it is not sure, and the pair where one pair is nearly all', () => {
    // 8 of 10 may be less than half of all such errors; 9 of 10 may not.
    const few = (n: number) => ten([[0, 8, 4], [1, 8, n - 4], [2, 3, 1], ...(n < 9 ? [[4, 5, 1] as const] : [])]);
    expect(text(errorsSentence(few(8), label))).not.toContain('predicted as');
    expect(text(errorsSentence(few(9), label))).toBe('90 % of the 10 errors are predicted as i; 95 % interval 59.6 – 98.2');
    const onePair = ten([
      [0, 8, 90],
      [1, 8, 5],
      [2, 3, 5],
    ]);
    expect(text(errorsSentence(onePair, label))).toBe('90 % of the 100 errors are one pair: a → i; 95 % interval 82.6 – 94.5');
  });

  it('names none of equals, none of few, and none when errors spread as they would by chance', () => {
    expect(
      errorsSentence(
        ten([
          [0, 1, 3],
          [1, 2, 3],
          [2, 3, 3],
          [3, 4, 3],
          [4, 5, 3],
        ]),
        label,
      ),
    ).toBeUndefined();
    expect(errorsSentence(ten([[0, 1, 3]]), label)).toBeUndefined();
    expect(
      errorsSentence(
        confusion(
          matrix([
            [50, 11],
            [9, 50],
          ]),
        ),
        label,
      ),
    ).toBeUndefined();
  });

  it('names the one direction that two classes are confused in', () => {
    expect(
      text(
        errorsSentence(
          confusion(
            matrix([
              [50, 28],
              [2, 50],
            ]),
          ),
          label,
        ),
      ),
    ).toBe('93.3 % of the 30 errors are one pair: a → b; 95 % interval 78.7 – 98.2');
  });

  it('says when there are no errors', () => {
    expect(text(errorsSentence(ten([]), label))).toBe('No errors.');
  });
});

describe('changeSentence', () => {
  const steps = [evaluated(0, 100, 900), evaluated(300, 820, 900), evaluated(500, 865, 900)];

  it('better, when the interval half way lies below', () => {
    const sentence = changeSentence(evaluated(600, 870, 900), steps);
    expect(text(sentence)).toBe('Better than at step 300: 91.1 % there');
    expect(sentence?.[0]?.selects).toEqual({ step: 300 });
  });

  it('worse, when the best earlier one lies above', () => {
    expect(text(changeSentence(evaluated(600, 700, 900), steps))).toBe('Worse than at step 500: 96.1 % there');
  });

  it('no clear change while intervals overlap, since the first that does', () => {
    expect(text(changeSentence(evaluated(1200, 868, 900), [...steps, evaluated(600, 866, 900)]))).toBe('No clear change since step 500');
  });

  it('nothing for the first evaluation, or an empty one', () => {
    expect(changeSentence(evaluated(0, 1, 2), [])).toBeUndefined();
    expect(changeSentence(evaluated(600, 0, 0), steps)).toBeUndefined();
  });

  it('says that a model that stays as it is got worse, or better, in one of twenty trainings at most', () => {
    const next = random(3);
    for (const [n, rate] of [
      [30, 0.7],
      [900, 0.97],
    ] as const) {
      const said = { Worse: 0, Better: 0 };
      for (let i = 0; i < 300; i++) {
        const all = Array.from({ length: 25 }, (_, k) => evaluated(k * 10, successes(next, n, rate), n));
        const [now] = all.slice(-1);
        const sentence = now === undefined ? '' : text(changeSentence(now, all));
        if (sentence?.startsWith('Worse') === true) said.Worse++;
        if (sentence?.startsWith('Better') === true) said.Better++;
      }
      expect(said.Worse / 300).toBeLessThanOrEqual(0.05);
      expect(said.Better / 300).toBeLessThanOrEqual(0.05);
    }
  });

  it('never looks ahead', () => {
    expect(text(changeSentence(evaluated(300, 820, 900), steps))).toBe('Better than at step 0: 11.1 % there');
  });
});

describe('referenceSentence', () => {
  it('gives a verdict only when it is sure, of the same samples by the test of these', () => {
    expect(text(referenceSentence(evaluated(1, 868, 900), evaluated(1, 870, 900), named('r'), 0.01))).toBe(
      'Worse than r: 96.7 % at step 1',
    );
    expect(text(referenceSentence(evaluated(1, 870, 900), evaluated(1, 800, 900), named('r'), 0.2))).toContain('No clear difference');
  });

  it('takes the samples of two trainings to be independent otherwise', () => {
    expect(text(referenceSentence(evaluated(1, 870, 900), evaluated(1, 800, 900), named('r')))).toBe('Better than r: 88.9 % at step 1');
    expect(text(referenceSentence(evaluated(1, 800, 900), evaluated(1, 870, 900), named('r')))).toBe('Worse than r: 96.7 % at step 1');
    expect(text(referenceSentence(evaluated(1, 868, 900), evaluated(1, 870, 900), named('r')))).toBe(
      'No clear difference from r: 96.7 % at step 1',
    );
  });
});

describe('referenceSentence, of other classes', () => {
  const others = otherClasses(['0', '1', '2'], ['2', '00', '01', '02']);

  it('compares no accuracies, whatever they are, and says what is shared', () => {
    const sentence = referenceSentence(evaluated(1, 870, 900), evaluated(7, 500, 900), named('digits-100', others), 0.0001);
    expect(text(sentence)).toBe(
      'digits-100 is not compared: its classes are others (1 of these 3 is among its 4; only here: 0 and 1; only there: 00, 01 and 1 more)',
    );
    expect(sentence?.[0]?.selects).toEqual({ trainings: ['digits-100'], reference: 'own', step: 1 });
  });
});

it('the name of the reference leads to its evaluation, with this training as the reference', () => {
  const sentence = referenceSentence(evaluated(300, 870, 900), evaluated(200, 800, 900), named('r'));
  expect(sentence?.filter(({ selects }) => selects !== undefined).map((part) => [part.text, part.selects])).toEqual([
    ['r', { trainings: ['r'], reference: 'own', step: 300 }],
  ]);
});

describe('confusedPairs', () => {
  it('are the cells off the diagonal, with shares of all errors, abstentions among them', () => {
    //            a  b  abstained
    const c = confusion(
      matrix(
        [
          [5, 2, 1],
          [1, 5, 0],
          [9, 9, 9],
        ],
        {},
        true,
      ),
    );
    expect(confusedPairs(c, 10)).toEqual([
      { truth: 0, predicted: 1, count: 2, share: 0.5, cumulative: 0.5 },
      { truth: 1, predicted: 0, count: 1, share: 0.25, cumulative: 0.75 },
    ]);
    expect(pairCount(c)).toBe(2);
  });
});
