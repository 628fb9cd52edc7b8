import { describe, expect, it } from 'vitest';
import type { ClassChange, Fall } from './class_changes';
import { named } from './reference.fixture';
import { againstSentence, fallSentence, riseSentence } from './sentences_classes';
import type { Sentence } from './sentences_predictions';

const text = (sentence: Sentence | undefined) => sentence?.map((part) => part.text.replace(/[\u2009\u202f\u00a0]/gu, ' ')).join('');
const label = (k: number) => ['ant', 'bee', 'cat', 'dog', 'eel'][k] ?? '';

const change = (k: number, before: number, now: number): ClassChange => ({
  k,
  before: { step: 300, recall: before / 50, right: before, of: 50 },
  now: { step: 500, recall: now / 50, right: now, of: 50 },
  range: { low: (now - before) / 50 - 0.1, high: (now - before) / 50 + 0.1 },
  isWeighted: false,
  p: 0.01,
});

describe('fallSentence', () => {
  const fall: Fall = { ...change(2, 49, 40), from: 300, to: 400 };

  it('tells the class, when it fell, and from what to what; a link to the class and the step', () => {
    const sentence = fallSentence(fall, label, 400);
    expect(text(sentence)).toBe(
      'Class cat got worse between steps 300 and 400: recall 98 → 80 %, 49 of 50 at step 300 → 40 of 50; 95 % interval of the difference −28 to −8',
    );
    expect(sentence[0]?.selects).toEqual({ classes: [2], step: 400 });
    const turned = { ...fall, turned: { right: 1, wrong: 10 } };
    expect(text(fallSentence(turned, label, 400))).toMatch(/49 of 50 at step 300 → 40 of 50; 10 of them newly wrong, 1 newly right$/);
  });

  it('tells no samples that there are not where they are weighted', () => {
    const heavy = { ...fall, isWeighted: true };
    expect(text(fallSentence(heavy, label, 400))).toBe(
      'Class cat got worse between steps 300 and 400: recall 98 → 80 %, by weight, at step 300 and now; 95 % interval of the difference −28 to −8',
    );
  });

  it('shortens names in the middle, and leaves markup as it is', () => {
    expect(text(fallSentence(fall, () => '<b>bold</b>', 400))).toContain('Class <b>bold</b> got worse');
    expect(text(fallSentence(fall, () => 'x'.repeat(10_000), 400))?.length).toBeLessThan(200);
  });
});

describe('riseSentence', () => {
  it('tells the class that rose most, and how many others', () => {
    expect(text(riseSentence([change(0, 10, 45), change(1, 30, 40), change(2, 40, 20)], label))).toBe(
      'Class ant got better since step 300: recall 20 → 90 %, 10 of 50 at step 300 → 45 of 50; 95 % interval of the difference 60 – 80; so did 1 more',
    );
    expect(riseSentence([change(2, 40, 20)], label)).toBeUndefined();
  });
});

describe('againstSentence', () => {
  const changes = [change(0, 50, 10), change(1, 10, 50), change(2, 40, 20), change(3, 40, 25), change(4, 45, 30)];

  it('names the classes that differ most, each a link, and counts the others', () => {
    const sentence = againstSentence(changes, 'Worse', named('run-a'), label);
    expect(text(sentence)).toBe(
      'Worse than run-a in classes ant (recall 20 %, there 100 %), cat (recall 40 %, there 80 %), dog (recall 50 %, there 80 %) and 1 more',
    );
    expect(sentence?.flatMap(({ selects }) => selects?.classes ?? [])).toEqual([0, 2, 3]);
    expect(sentence?.find(({ text }) => text === 'run-a')?.selects).toEqual({ trainings: ['run-a'], reference: 'own', step: 500 });
    expect(sentence?.find(({ selects }) => selects?.classes?.[0] === 2)?.title).toBe(
      '−40 points; 95 % interval of the difference −50 to −30',
    );
  });

  it('keeps better and worse apart', () => {
    expect(text(againstSentence(changes, 'Better', named('run-a'), label))).toBe(
      'Better than run-a in class bee (recall 100 %, there 20 %)',
    );
    expect(againstSentence([], 'Worse', named('run-a'), label)).toBeUndefined();
    expect(text(againstSentence(changes.slice(1, 4), 'Worse', named('r'), label))).toBe(
      'Worse than r in classes cat (recall 40 %, there 80 %) and dog (recall 50 %, there 80 %)',
    );
  });
});
