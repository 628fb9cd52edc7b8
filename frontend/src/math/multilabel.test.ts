import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelNumbers, overall, pairsOf, sizeOf, support, swapped, swapsBetween } from './multilabel';
import { multilabelOf } from './multilabel.fixture';
import { changeSentence, swapSentence, worstSentence } from './multilabel_sentences';
import { otherClasses } from './other_classes';
import { random } from './random.fixture';
import { named } from './reference.fixture';
import type { Sentence } from './sentences_predictions';

const text = (sentence: Sentence | undefined) => sentence?.map((part) => part.text).join('');
const label = (k: number) => `label ${k}`;
const rows = fc.array(fc.tuple(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), fc.tuple(fc.boolean(), fc.boolean(), fc.boolean())), {
  maxLength: 20,
});

/** Truths with a label at a rate, and what is told of it, wrong at a rate. */
function drawn(n: number, seed: number, wrong: readonly number[]) {
  const next = random(seed);
  const truth = Array.from({ length: n }, () => wrong.map(() => next() < 0.5));
  const told = truth.map((row) => row.map((is, k) => (next() < (wrong[k] ?? 0) ? !is : is)));
  return multilabelOf(truth, told, wrong.length);
}

test('the numbers of a label are those of its four counts', () => {
  // Of the first label: told rightly, told falsely, missed, rightly not told.
  const m = multilabelOf([[true], [false], [true], [false], [true]], [[true], [true], [false], [false], [true]], 1);
  const { counts, precision, recall, f1 } = labelNumbers(m, 0);
  expect([counts, precision.value, recall.value, f1.value]).toEqual([{ tp: 2, fp: 1, fn: 1, tn: 1 }, 2 / 3, 2 / 3, 2 / 3]);
  expect(sizeOf(m)).toBe(1);
});

test('what stands over nothing is undefined', () => {
  const { precision, recall, f1 } = labelNumbers(multilabelOf([[false]], [[false]], 1), 0);
  expect([precision.value, recall.value, f1.value]).toEqual([undefined, undefined, undefined]);
  const nothing = overall(multilabelOf([], [], 2));
  expect([nothing.subset.value, nothing.hamming.value, nothing.micro.f1, nothing.macro.f1]).toEqual([
    undefined,
    undefined,
    undefined,
    { value: undefined, labels: 0 },
  ]);
});

test('laws: rates hold their value, weights of two change nothing but counts, swaps are missed and told', () => {
  fc.assert(
    fc.property(rows, (given) => {
      const [truth, told] = [given.map(([t]) => t), given.map(([, p]) => p)];
      const m = multilabelOf(truth, told, 3);
      const twice = multilabelOf(
        truth,
        told,
        3,
        truth.map(() => 2),
      );
      for (let k = 0; k < 3; k++) {
        const one = labelNumbers(m, k);
        const other = labelNumbers(twice, k);
        for (const name of ['precision', 'recall', 'f1'] as const) {
          const { value, range } = one[name];
          expect((range?.low ?? 0) <= (value ?? 0) + 1e-12 && (value ?? 0) <= (range?.high ?? 1) + 1e-12).toBe(true);
          expect(other[name].value ?? -1).toBeCloseTo(value ?? -1, 12);
          expect(other[name].range?.low ?? -1).toBeCloseTo(range?.low ?? -1, 12);
        }
        expect(support(one)).toBe(truth.filter((row) => row[k]).length);
      }
      const all = overall(m);
      const rights = given.filter(([t, p]) => t.every((is, k) => is === p[k])).length;
      expect(all.subset.value ?? 0).toBeCloseTo(given.length === 0 ? 0 : rights / given.length, 12);
      const wrong = given.reduce((sum, [t, p]) => sum + t.filter((is, k) => is !== p[k]).length, 0);
      expect(all.hamming.value ?? 0).toBeCloseTo(given.length === 0 ? 0 : wrong / given.length / 3, 12);
      const swaps = pairsOf(m).filter(({ kind }) => kind === 'swap');
      const table = swapsBetween(m, [0, 1, 2]);
      for (const { first, second, count } of swaps) {
        expect(count).toBe(given.filter(([t, p]) => t[first] && !p[first] && !t[second] && p[second]).length);
        expect(table[first]?.[second]).toBe(count);
      }
      expect(table.flat().reduce((a, b) => a + b, 0)).toBe(swaps.reduce((sum, { count }) => sum + count, 0));
    }),
  );
});

test('means say over how many labels they are', () => {
  // The second label is never true, and told once; the third is neither.
  const { macro, micro } = overall(multilabelOf([[true, false, false]], [[true, true, false]], 3));
  expect(macro).toEqual({ precision: { value: 0.5, labels: 2 }, recall: { value: 1, labels: 1 }, f1: { value: 0.5, labels: 2 } });
  expect(micro).toEqual({ precision: 0.5, recall: 1, f1: 2 / 3 });
});

test('about 95 of 100 intervals of the Hamming loss hold it, though labels of a sample are wrong together', () => {
  let held = 0;
  for (let run = 0; run < 200; run++) {
    const next = random(run);
    const truth = Array.from({ length: 150 }, () => Array.from({ length: 6 }, () => next() < 0.5));
    // In one of five samples half of the labels are wrong, in the others one of twenty.
    const told = truth.map((row) => {
      const rate = next() < 0.2 ? 0.5 : 0.05;
      return row.map((is) => (next() < rate ? !is : is));
    });
    const { low = 1, high = 0 } = overall(multilabelOf(truth, told, 6)).hamming.range ?? {};
    if (low <= 0.14 && 0.14 <= high) held += 1;
  }
  expect(held / 200).toBeGreaterThan(0.9);
});

test('the labels with the most swaps are found', () => {
  const m = multilabelOf(
    [
      [true, false, false, true],
      [true, false, false, true],
    ],
    [
      [false, true, false, true],
      [false, true, false, true],
    ],
    4,
  );
  expect([swapped(m, 10), swapped(m, 1)]).toEqual([[0, 1], [0]]);
  expect(pairsOf(m)).toEqual([{ kind: 'swap', first: 0, second: 1, count: 2 }]);
});

test('changes and worst labels are told only where intervals are apart', () => {
  const good = { step: 200, payload: drawn(300, 1, [0.05, 0.05]) };
  const bad = { step: 100, payload: drawn(300, 2, [0.3, 0.3]) };
  expect(text(changeSentence(good, bad))).toMatch(/^Fewer wrong labels than at step 100: /);
  expect(text(changeSentence({ ...bad, step: 200 }, { ...good, step: 100 }, named('other')))).toMatch(/^More wrong labels than other: /);
  expect(text(changeSentence(good, { ...good, step: 100 }))).toMatch(/^No clear change since step 100/);
  expect(text(changeSentence(good, { ...good, step: 100 }, named('other')))).toMatch(/^No clear difference from other/);
  const others = named('other', otherClasses(['cat', 'dog'], ['cat', 'sea']));
  expect(text(changeSentence(good, { ...bad, step: 100 }, others))).toBe(
    'other is not compared: its labels are others (1 of these 2 is among its 2; only here: dog; only there: sea)',
  );
  expect(changeSentence(good, undefined)).toBeUndefined();
  expect(text(worstSentence(drawn(300, 3, [0.05, 0.4, 0.05]), label))).toMatch(/^label 1 is missed most: found in \d+ of \d+ samples$/);
  expect(worstSentence(drawn(300, 3, [0.2, 0.2, 0.2]), label)).toBeUndefined();
});

test('a swap is told where it surely is a quarter of what was missed', () => {
  const truth = Array.from({ length: 60 }, () => [true, false]);
  const m = (swaps: number) =>
    multilabelOf(
      truth,
      truth.map((_, i) => [i >= 40, i < swaps]),
      2,
    );
  expect(text(swapSentence(m(30), label))).toBe('Where label 0 is missed, label 1 is told instead in 30 of 40 samples');
  expect(swapSentence(m(12), label)).toBeUndefined();
  expect(swapSentence(m(0), label)).toBeUndefined();
});
