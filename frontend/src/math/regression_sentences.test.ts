import { expect, test } from 'vitest';
import { normal, random } from './random.fixture';
import { named } from './reference.fixture';
import { type Target, targetOf } from './regression';
import { regressionOf } from './regression.fixture';
import {
  biasSentence,
  changeSentence,
  type Judged,
  noTargetSentence,
  rangeSentence,
  rangeText,
  referenceSentence,
} from './regression_sentences';
import type { Sentence } from './sentences_predictions';

const text = (sentence: Sentence | undefined) => sentence?.map((part) => part.text).join('');

/** Errors as a function of the truth and of chance. */
function judged(step: number, n: number, seed: number, error: (t: number, chance: number) => number): Judged {
  const next = random(seed);
  const truth = Array.from({ length: n }, () => 10 * next());
  const payload = regressionOf({ truth: [truth], predicted: [truth.map((t) => t + error(t, normal(next)))], ends: [[0, 10]] });
  const target = targetOf(payload, 0);
  if (target === undefined) throw new Error('no target');
  return { step, target };
}

const sized = (step: number, size: number, n = 300) => judged(step, n, step, (_, chance) => size * chance);
const about = (error: (t: number, chance: number) => number, n = 400): Target => judged(1, n, 5, error).target;

test('better and worse are said only where the intervals are apart', () => {
  expect(text(changeSentence(sized(20, 1), [sized(10, 3)]))).toMatch(/^Better than at step 10: RMSE [23]/);
  expect(text(changeSentence(sized(20, 3), [sized(5, 3), sized(10, 1)]))).toMatch(/^Worse than at step 10: RMSE/);
  expect(text(changeSentence(sized(20, 1), [sized(5, 3), sized(10, 1), sized(15, 1)]))).toMatch(
    /^Better than at step 10|^No clear change since step 10/,
  );
  expect(text(changeSentence(sized(20, 1, 8), [sized(10, 1.5, 8)]))).toBe('No clear change since step 10');
  expect(changeSentence(sized(20, 1), [])).toBeUndefined();
  expect(changeSentence(sized(20, 1, 0), [sized(10, 1)])).toBeUndefined();
  expect(changeSentence(sized(20, 1), [sized(30, 1)])).toBeUndefined();
});

test('a model that stays as it is is seldom called worse', () => {
  let said = 0;
  for (let run = 0; run < 60; run++) {
    const steps = Array.from({ length: 12 }, (_, i) => judged(10 * (i + 1), 80, 1000 * run + i, (_t, chance) => chance));
    const now = steps.at(-1);
    if (now !== undefined && /^Worse/.test(text(changeSentence(now, steps)) ?? '')) said += 1;
  }
  expect(said).toBeLessThan(4);
});

test('the reference is named, and clicking it goes to its step', () => {
  expect(text(referenceSentence(sized(20, 1), sized(10, 3), named('other')))).toMatch(/^Better than other: RMSE [23]\S* at step 10$/);
  expect(text(referenceSentence(sized(20, 1), sized(10, 1), named('other')))).toMatch(/^No clear difference from other/);
  expect(referenceSentence(sized(20, 1), sized(10, 3), named('other'))?.[1]?.selects).toEqual({
    trainings: ['other'],
    reference: 'own',
    step: 20,
  });
  expect(referenceSentence(sized(20, 1), sized(10, 1, 0), named('other'))).toBeUndefined();
});

test('other truths, and a target that is not there, are said, and nothing is compared', () => {
  const far = judged(10, 300, 3, (_, chance) => chance);
  const { payload } = far.target;
  const moved = targetOf({ ...payload, truth_mean: payload.truth_mean.map((mean) => mean + 2) }, 0);
  if (moved === undefined) throw new Error('no target');
  const sentence = referenceSentence(sized(20, 1), { step: 10, target: moved }, named('other'));
  expect(text(sentence)).toMatch(/^other is not compared: its truths are others \(\d.* on average, here \d.*\)$/);
  expect(text(noTargetSentence('depth', named('other'), 7))).toBe('other is not compared: it has no target depth');
});

test('two parts of one set of data are seldom taken for others', () => {
  let said = 0;
  for (let seed = 0; seed < 300; seed++) {
    const sentence = referenceSentence(
      judged(1, 40, 2 * seed, (_, chance) => chance),
      judged(1, 40, 2 * seed + 1, (_, chance) => chance),
      named('other'),
    );
    if (/truths are others/.test(text(sentence) ?? '')) said += 1;
  }
  expect(said).toBe(0);
});

test('a bias is told only where its interval excludes zero, with its side', () => {
  expect(text(biasSentence(about((_, chance) => 1 + chance)))).toMatch(
    /^Predictions are 0\.9\d*|1\.\d+ too high on average; 95 % interval/,
  );
  expect(text(biasSentence(about((_, chance) => chance - 1)))).toMatch(/too low on average; 95 % interval 0\.\d+ – 1\.\d+$/);
  expect(biasSentence(about((_, chance) => chance))).toBeUndefined();
});

test('the range that errs most is told only if it surely does', () => {
  expect(text(rangeSentence(about((t, chance) => (t > 8.5 ? 5 : 1) * chance, 900)))).toMatch(
    /^Truths from [78]\.\d+ up err most: by [2-5]\S* on average, the others by/,
  );
  expect(rangeSentence(about((_, chance) => chance, 900))).toBeUndefined();
  expect(rangeSentence(about((t, chance) => (t > 8 ? 5 : 1) * chance, 20))).toBeUndefined();
});

test('ranges are told by their ends', () => {
  const { NEGATIVE_INFINITY: low, POSITIVE_INFINITY: high } = Number;
  expect([
    rangeText({ from: low, to: 4 }),
    rangeText({ from: 4, to: high }),
    rangeText({ from: 1, to: 4 }),
    rangeText({ from: low, to: high }),
  ]).toEqual(['below 4', 'from 4 up', 'from 1 to 4', 'of any size']);
});
