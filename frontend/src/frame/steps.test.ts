import fc from 'fast-check';
import { expect, it } from 'vitest';
import { marks, moved, nearest, union } from './steps';

const ticks = fc.uniqueArray(fc.nat(1000), { minLength: 1 }).map((steps) => steps.sort((a, b) => a - b));

it('joins the steps of several series, each once', () => {
  expect(union([[1, 3], [], [2, 3]])).toEqual([1, 2, 3]);
});

it('goes from one logged step to the next, and stops at the ends', () => {
  const go = (step: number, by: number) => moved([10, 20, 30], step, by);
  expect([go(20, 1), go(20, -1), go(30, 1), go(10, -1), go(25, 1), go(25, -1), go(5, 1), go(5, -1), go(99, -1)]).toEqual([
    30, 10, 30, 10, 30, 20, 10, 10, 30,
  ]);
});

it('always lands on a logged step, and never moves the wrong way', () => {
  fc.assert(
    fc.property(ticks, fc.nat(1000), fc.integer({ min: -5, max: 5 }), (logged, step, by) => {
      const to = moved(logged, step, by);
      expect(logged).toContain(to);
      if (by > 0 && step >= (logged[0] ?? 0) && step <= (logged.at(-1) ?? 0)) expect(to).toBeGreaterThanOrEqual(step);
      if (by < 0 && step >= (logged[0] ?? 0)) expect(to).toBeLessThanOrEqual(step);
    }),
  );
});

it('there is nowhere to go without steps', () => {
  expect(moved([], 7, 1)).toBe(7);
  expect(nearest([], 7.4)).toBe(7);
});

it('takes the nearest logged step', () => {
  fc.assert(
    fc.property(ticks, fc.nat(1000), (logged, step) => {
      const best = Math.min(...logged.map((tick) => Math.abs(tick - step)));
      expect(Math.abs(nearest(logged, step) - step)).toBe(best);
    }),
  );
});

it('marks steps one by one where there is room, and by a band where there is not', () => {
  expect(marks([0, 10, 11, 12, 30, 40], 5)).toEqual([
    { from: 0, to: 0 },
    { from: 10, to: 12 },
    { from: 30, to: 30 },
    { from: 40, to: 40 },
  ]);
  expect(marks([], 5)).toEqual([]);
});

it('marks every logged step, with marks that stand apart', () => {
  fc.assert(
    fc.property(ticks, fc.integer({ min: 1, max: 50 }), (logged, least) => {
      const found = marks(logged, least);
      expect(logged.every((tick) => found.some(({ from, to }) => from <= tick && tick <= to))).toBe(true);
      found.slice(1).forEach(({ from }, k) => {
        expect(from - (found[k]?.to ?? 0)).toBeGreaterThanOrEqual(least);
      });
    }),
  );
});
