import { expect, test } from 'vitest';
import { normal, random } from './random.fixture';
import {
  binsOf,
  boundsOf,
  cellsOf,
  correlation,
  edgesOf,
  largestOf,
  rangesOf,
  residualsAt,
  scoresOf,
  student,
  type Target,
  targetOf,
} from './regression';
import { type Made, regressionOf } from './regression.fixture';

function target(made: Made, index = 0): Target {
  const found = targetOf(regressionOf(made), index);
  if (found === undefined) throw new Error('no target');
  return found;
}

/** Truths and predictions with errors of one size. */
function drawn(n: number, seed: number, error = 0.5, bias = 0): Made {
  const next = random(seed);
  const truth = Array.from({ length: n }, () => normal(next));
  return { truth: [truth], predicted: [truth.map((t) => t + bias + error * normal(next))] };
}

test('scores are those of their definitions', () => {
  // Errors 1, −1, 2, 0 of truths 1, 2, 3, 6, whose mean is 3.
  const { r2, rmse, mae, bias } = scoresOf(target({ truth: [[1, 2, 3, 6]], predicted: [[2, 1, 5, 6]] }));
  expect([r2.value, rmse.value, mae.value, bias.value]).toEqual([1 - 6 / 14, Math.sqrt(1.5), 1, 0.5]);
});

test('a weight of two is a value twice, but no more sure than so many', () => {
  const made = drawn(40, 1);
  const weighted = target({ ...made, weight: Array.from({ length: 40 }, () => 2) });
  const plain = target(made);
  expect(weighted.effective).toBeCloseTo(40);
  for (const name of ['r2', 'rmse', 'mae', 'bias'] as const) {
    const [a, b] = [scoresOf(weighted)[name], scoresOf(plain)[name]];
    expect(a.value).toBeCloseTo(b.value ?? Number.NaN, 10);
    expect(a.range?.low).toBeCloseTo(b.range?.low ?? Number.NaN, 10);
  }
});

test('what is not defined has no value: constant truths have no R², nothing has none, few have no interval', () => {
  const constant = scoresOf(target({ truth: [[2, 2, 2]], predicted: [[1, 2, 3]] }));
  expect([constant.r2.value, constant.rmse.value === undefined]).toEqual([undefined, false]);
  const nothing = scoresOf(target({ truth: [[]], predicted: [[]] }));
  expect(Object.values(nothing).every(({ value, range }) => value === undefined && range === undefined)).toBe(true);
  const two = scoresOf(target({ truth: [[1, 2]], predicted: [[1, 3]] }));
  expect([two.bias.value, two.bias.range]).toEqual([0.5, undefined]);
  const perfect = scoresOf(target({ truth: [[1, 2, 3]], predicted: [[1, 2, 3]] }));
  expect([perfect.r2.value, perfect.rmse.value, perfect.rmse.range]).toEqual([1, 0, undefined]);
  const huge = scoresOf(target({ truth: [[0, 1, 2]], predicted: [[1e200, 1, 2]] }));
  expect([huge.r2.value, huge.mae.value]).toEqual([undefined, 1e200 / 3]);
});

test.each([
  ['normal errors', 0.9, (next: () => number) => normal(next)],
  ['errors of long tails', 0.85, (next: () => number) => normal(next) * Math.exp(0.5 * normal(next))],
])('about 95 of 100 intervals hold what they are of: %s', (_, least, draw) => {
  const runs = 400;
  const next = random(7);
  // The truths of the population, from very many.
  const many = Array.from({ length: 200_000 }, () => draw(next));
  const mean = (of: (e: number) => number) => many.reduce((sum, e) => sum + of(e), 0) / many.length;
  const mse = mean((e) => e * e);
  const wanted = { bias: mean((e) => e), mae: mean(Math.abs), rmse: Math.sqrt(mse), r2: 1 - mse / 4 };
  const held = { bias: 0, mae: 0, rmse: 0, r2: 0 };
  for (let run = 0; run < runs; run++) {
    const truth = Array.from({ length: 60 }, () => 2 * normal(next));
    const scores = scoresOf(target({ truth: [truth], predicted: [truth.map((t) => t + draw(next))], ends: [[-8, 8]] }));
    for (const name of ['bias', 'mae', 'rmse', 'r2'] as const) {
      const { low = Number.NaN, high = Number.NaN } = scores[name].range ?? {};
      if (low <= wanted[name] && wanted[name] <= high) held[name] += 1;
    }
  }
  for (const count of Object.values(held)) expect(count / runs).toBeGreaterThan(least);
  expect((held.bias + held.mae) / 2 / runs).toBeGreaterThan(0.92);
});

test("Student's t is that of the tables", () => {
  for (const [freedom, wanted] of [
    [2, 4.303],
    [5, 2.571],
    [10, 2.228],
    [30, 2.042],
    [1000, 1.962],
  ] as const) {
    expect(Math.abs(student(freedom, 0.05) / wanted - 1)).toBeLessThan(freedom < 5 ? 0.03 : 0.002);
  }
  expect(student(1, 0.05)).toBeNaN();
});

test('residuals are read within 4.4 % of those that are there', () => {
  const made = drawn(4000, 3, 2, 0.3);
  const errors = (made.truth[0] ?? []).map((t, i) => (made.predicted[0]?.[i] ?? 0) - t).toSorted((a, b) => a - b);
  const shares = [0.025, 0.25, 0.5, 0.75, 0.975];
  const found = residualsAt(target(made), shares);
  shares.forEach((share, i) => {
    const there = errors[Math.ceil(share * errors.length) - 1] ?? 0;
    expect(Math.abs((found[i] ?? 0) - there)).toBeLessThan(0.045 * Math.abs(there) + 1e-9);
  });
  expect(residualsAt(target({ truth: [[1, 2]], predicted: [[1, 2]] }), [0.5])).toEqual([0]);
  expect(residualsAt(target({ truth: [[]], predicted: [[]] }), [0.5])).toEqual([Number.NaN]);
});

test('codes bound the errors that they stand for', () => {
  expect(boundsOf(20_000)).toEqual([1, 2 ** (1 / 16)]);
  expect(boundsOf(-20_016)).toEqual([-(2 ** (17 / 16)), -2]);
  expect(boundsOf(0)).toEqual([0, 0]);
});

test('every value is in a cell, and what lies outside is counted', () => {
  const t = target({ truth: [[0, 1, 5, -9]], predicted: [[0, 99, 5, -9]], ends: [[0, 6.4]] });
  const cells = cellsOf(t);
  expect([Array.from(cells.truth), Array.from(cells.predicted), Array.from(cells.count), cells.outside]).toEqual([
    [0, 1, 11, 51],
    [0, 1, 65, 51],
    [1, 1, 1, 1],
    2,
  ]);
  expect([edgesOf(t)[0], edgesOf(t).length]).toEqual([0, 65]);
});

test('ranges of the truth hold all values, none too few, and their errors add up', () => {
  const t = target({ ...drawn(500, 5), ends: [[-1, 1]] });
  for (const ranges of [rangesOf(t, 6, 20), binsOf(t)]) {
    expect(ranges.reduce((sum, { count }) => sum + count, 0)).toBe(500);
    expect(ranges.reduce((sum, { weight, mae }) => sum + weight * (mae.value ?? 0), 0)).toBeCloseTo(t.payload.absolute[0] ?? 0, 8);
    expect([ranges[0]?.from, ranges.at(-1)?.to]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  }
  expect(rangesOf(t, 6, 20).every(({ count }) => count >= 20)).toBe(true);
  expect(rangesOf(target(drawn(10, 1)), 6, 20)).toEqual([]);
});

test('targets do not mix', () => {
  const [a, b] = [drawn(50, 1), drawn(50, 2, 3)];
  const both: Made = { truth: [a.truth[0] ?? [], b.truth[0] ?? []], predicted: [a.predicted[0] ?? [], b.predicted[0] ?? []] };
  for (const [made, index] of [
    [a, 0],
    [b, 1],
  ] as const) {
    const [alone, among] = [target(made), target(both, index)];
    expect(scoresOf(among)).toEqual(scoresOf(alone));
    expect(cellsOf(among)).toEqual(cellsOf(alone));
    expect(residualsAt(among, [0.1, 0.5])).toEqual(residualsAt(alone, [0.1, 0.5]));
    expect(largestOf(among)).toEqual(largestOf(alone));
    expect(rangesOf(among, 3, 10)).toEqual(rangesOf(alone, 3, 10));
  }
  expect(targetOf(regressionOf(both), 2)).toBeUndefined();
});

test('the largest errors come first, by their ids or places', () => {
  const made: Made = { truth: [[0, 0, 0]], predicted: [[1, -5, 2]] };
  expect(largestOf(target(made)).map(({ id, error }) => [id, error])).toEqual([
    ['1', -5],
    ['2', 2],
    ['0', 1],
  ]);
  expect(largestOf(target({ ...made, ids: ['a', 'b', 'c'] })).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
});

test('correlation is 1 on a line, and undefined where one side is constant', () => {
  expect(correlation(target({ truth: [[1, 2, 3]], predicted: [[2, 4, 6]] }))).toBeCloseTo(1);
  expect(correlation(target({ truth: [[1, 2, 3]], predicted: [[2, 2, 2]] }))).toBeUndefined();
});
