import { describe, expect, test } from 'vitest';
import { type ClassChange, classChanges, difference, type Earlier, falls, turnedClasses } from './class_changes';
import { confusion } from './confusion';
import { matrix } from './confusion.fixture';
import { random, successes } from './random.fixture';

/** Of each class how many are right of how many; the others are taken for the next class. */
function evaluated(step: number, right: readonly number[], of: readonly number[], ids?: readonly number[]): Earlier {
  const size = right.length;
  const table = right.map((n, k) => Array.from({ length: size }, (_, j) => (j === k ? n : j === (k + 1) % size ? (of[k] ?? 0) - n : 0)));
  return { step, confusion: confusion(matrix(table)), ids: Int32Array.from(ids ?? right.keys()) };
}

const hundreds = [100, 100, 100];
const told = (changes: readonly ClassChange[]) => changes.map(({ k, before, now }) => [k, before.step, before.right, now.right]);

describe('classes against another evaluation', () => {
  test('are those whose recall surely differs, the largest change first', () => {
    const found = classChanges(evaluated(5, [90, 60, 99], hundreds), evaluated(3, [92, 90, 70], hundreds));
    expect(told(found)).toEqual([
      [1, 3, 90, 60],
      [2, 3, 70, 99],
    ]);
    expect(found.map(difference)).toEqual([expect.closeTo(-0.3, 12), expect.closeTo(0.29, 12)]);
    for (const { range, now, before } of found) {
      const d = now.recall - before.recall;
      expect(range?.low).toBeLessThan(d);
      expect(range?.high).toBeGreaterThan(d);
      expect((range?.low ?? 0) * (range?.high ?? 0)).toBeGreaterThan(0);
    }
  });

  test('are found by name, and those that are not in both are left out', () => {
    const there = evaluated(3, [90, 90], [100, 100], [1, -1, 0]);
    expect(told(classChanges(evaluated(5, [20, 20, 20], hundreds), there))).toEqual([
      [0, 3, 90, 20],
      [2, 3, 90, 20],
    ]);
  });

  test('are not spoken of with few examples', () => {
    expect(classChanges(evaluated(5, [0, 50], [9, 50]), evaluated(3, [9, 50], [9, 50]))).toEqual([]);
    expect(classChanges(evaluated(5, [0, 50], [10, 50]), evaluated(3, [10, 50], [10, 50]))).toHaveLength(1);
  });

  test('count as many as their weights are worth', () => {
    const heavy = (right: number): Earlier => {
      const table = [
        [right, 100 - right],
        [0, 100],
      ];
      // One sample weighs a thousand times the others: it alone decides.
      const squares = [1000 ** 2 + 99, 100, 0];
      const weights = [
        [right + (right > 0 ? 999 : 0), 100 - right],
        [0, 100],
      ];
      return { step: right, confusion: confusion(matrix(table, { weights, squares })), ids: Int32Array.of(0, 1) };
    };
    expect(classChanges(heavy(60), heavy(95))).toEqual([]);
  });
});

describe('samples that turned', () => {
  test('tell what rates of independent samples cannot', () => {
    const [now, before] = [evaluated(5, [90, 90, 90], hundreds), evaluated(3, [97, 90, 90], hundreds)];
    expect(classChanges(now, before)).toEqual([]);
    const turned = (k: number) => (k === 0 ? { right: 1, wrong: 8 } : { right: 4, wrong: 4 });
    expect(told(turnedClasses(now, before, (k) => (k === 0 ? { right: 0, wrong: 10 } : { right: 4, wrong: 4 })))).toHaveLength(1);
    expect(turnedClasses(now, before, turned)).toEqual([]);
  });
});

describe('classes that fell', () => {
  const steps = (recalls: readonly number[]) => recalls.map((right, i) => evaluated(100 * (i + 1), [right, 80, 80], hundreds));

  test('fell after the last evaluation at which they had not', () => {
    const all = steps([70, 95, 96, 94, 60, 61, 59]);
    const [now] = all.slice(-1);
    if (now === undefined) throw new Error('nothing');
    const { sure } = falls(now, all);
    expect(sure.map(({ k, from, to }) => [k, from, to])).toEqual([[0, 400, 500]]);
    expect(sure[0]?.before.step).toBe(300);
    expect(sure[0]?.now.recall).toBe(0.59);
  });

  test('have fallen where they are half way down', () => {
    const all = steps([90, 70, 50]);
    const [now] = all.slice(-1);
    expect(now && falls(now, all).sure.map(({ from, to }) => [from, to])).toEqual([[100, 200]]);
  });

  test('never look ahead, and find nothing in what rises', () => {
    const all = steps([95, 40, 50, 96]);
    expect(all.map((each) => falls(each, all).sure.length)).toEqual([0, 1, 1, 0]);
    expect(falls(evaluated(900, [99, 99, 99], hundreds), all).sure).toEqual([]);
  });

  test('are surer where it is known which samples turned, since the evaluation that is likeliest', () => {
    const all = [...steps([95, 95, 95]), evaluated(400, [83, 80, 80], hundreds)];
    const [now] = all.slice(-1);
    if (now === undefined) throw new Error('nothing');
    const { sure, likely } = falls(now, all);
    expect(sure).toEqual([]);
    expect(likely).toEqual({ k: 0, step: 300 });
    // Of seven samples that nobody can be sure of, whichever way they turned, nothing is asked.
    expect(falls(evaluated(400, [88, 80, 80], hundreds), all).likely).toBeUndefined();
    const of = (k: number) => (k === 0 ? { right: 0, wrong: 12 } : { right: 0, wrong: 0 });
    expect(falls(now, all, { step: 300, of }).sure.map(({ k, from, to, turned }) => [k, from, to, turned])).toEqual([
      [0, 300, 400, { right: 0, wrong: 12 }],
    ]);
    // Of three classes at three evaluations each, eight that turned one way are not enough; of one evaluation they were.
    const eight = (k: number) => (k === 0 ? { right: 0, wrong: 8 } : { right: 0, wrong: 0 });
    expect(falls(now, all, { step: 300, of: eight }).sure).toEqual([]);
    expect(falls(now, all.slice(2), { step: 300, of: eight }).sure).toHaveLength(1);
    const both = (k: number) => (k === 0 ? { right: 6, wrong: 13 } : { right: 0, wrong: 0 });
    expect(falls(now, all, { step: 300, of: both }).sure).toEqual([]);
  });
});

describe('of models that stay as they are', () => {
  const K = 10;
  const TIMES = 400;

  /** In how many of many trainings something is said. */
  function share(said: (next: () => number) => boolean): number {
    const next = random(7);
    let n = 0;
    for (let i = 0; i < TIMES; i++) n += said(next) ? 1 : 0;
    return n / TIMES;
  }

  const constant = (next: () => number, step: number, of: number, rates: readonly number[]) =>
    evaluated(
      step,
      rates.map((rate) => successes(next, of, rate)),
      rates.map(() => of),
    );
  const rates = Array.from({ length: K }, (_, k) => 0.5 + 0.05 * k);

  test.each([12, 40, 200])('a class is said to have changed in one of twenty cases at most, of %i examples each', (of) => {
    expect(share((next) => classChanges(constant(next, 2, of, rates), constant(next, 1, of, rates)).length > 0)).toBeLessThanOrEqual(0.05);
  });

  test.each([12, 40, 200])('a class is said to have fallen in one of twenty cases at most, of %i examples each at 15 evaluations', (of) => {
    const said = share((next) => {
      const all = Array.from({ length: 16 }, (_, i) => constant(next, i, of, rates));
      const [now] = all.slice(-1);
      return now !== undefined && falls(now, all).sure.length > 0;
    });
    expect(said).toBeLessThanOrEqual(0.05);
  });

  test('samples that turn by chance say so no more often', () => {
    const said = share((next) => {
      const [now, before] = [constant(next, 2, 60, rates), constant(next, 1, 60, rates)];
      const turns = rates.map(() => {
        const all = successes(next, 60, 0.2);
        const right = successes(next, all, 0.5);
        return { right, wrong: all - right };
      });
      return turnedClasses(now, before, (k) => turns[k] ?? { right: 0, wrong: 0 }).length > 0;
    });
    expect(said).toBeLessThanOrEqual(0.05);
  });

  test('one that fell is found', () => {
    const said = share((next) => {
      const all = Array.from({ length: 16 }, (_, i) => constant(next, i, 100, i < 9 ? rates : rates.with(9, 0.6)));
      const [now] = all.slice(-1);
      if (now === undefined) return false;
      const [worst] = falls(now, all).sure;
      return worst?.k === 9 && worst.from === 8 && worst.to === 9;
    });
    expect(said).toBeGreaterThan(0.9);
  });
});
