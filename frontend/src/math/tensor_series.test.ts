import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeTensorStats } from './tensor_series';
import { parametersOf, type Told, tensorSeries } from './tensor_stats.fixture';

const axis = parametersOf({ 'a/kernel': [2, 3], 'a/bias': [3], 'b/kernel': [3, 1] });
const axes = new Map([['d', axis]]);
/** Tells statistic, parameter, step and writing apart. */
const told = (step: readonly number[], statistics: readonly string[], wallTime: number, more: Partial<Told> = {}): Told => ({
  step,
  statistics,
  wallTime,
  parameters: 3,
  value: (name, p, s) => name.length * 1e4 + p * 1e3 + s + (wallTime % 10) / 10,
  ...more,
});
const norms = ['weight_sum_squares', 'gradient_sum_squares'];
const full = [...norms, 'gradient_non_finite'];

describe('the table of a training', () => {
  test('holds every step of all series once, rising, with each statistic where it was logged', () => {
    const merged = mergeTensorStats(
      [
        tensorSeries('tensor_stats/norms', [told([1, 2, 3], norms, 100), told([5, 6], norms, 110)]),
        tensorSeries('tensor_stats/full', [told([0, 4], full, 110)]),
      ],
      axes,
    );
    if (merged === undefined) throw new Error('nothing merged');
    expect([...merged.step]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...(merged.logged.get('gradient_non_finite') ?? [])]).toEqual([1, 0, 0, 0, 1, 0, 0]);
    expect([...(merged.logged.get('weight_sum_squares') ?? [])]).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(merged.value.get('weight_sum_squares')?.[2 * 7 + 5]).toBeCloseTo(18 * 1e4 + 2005, 1);
    expect(merged.value.get('gradient_non_finite')?.[1]).toBeNaN();
    expect(merged.rows.map(({ path, size, layer }) => [path, size, layer])).toEqual([
      ['a/kernel', 6, 'a'],
      ['a/bias', 3, 'a'],
      ['b/kernel', 3, 'b'],
    ]);
  });

  test('does not depend on how steps are spread over records and series', () => {
    const steps = fc.uniqueArray(fc.nat(200), { minLength: 1, maxLength: 30 }).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(steps, fc.array(fc.nat(4), { minLength: 30, maxLength: 30 }), (all, where) => {
        const value = (name: string, p: number, s: number) => name.length + p * 1e3 + s;
        const one = mergeTensorStats([tensorSeries('x', [told(all, norms, 100, { value })])], axes);
        const parts = [0, 1, 2].map((k) => all.filter((_, i) => where[i] === k));
        const rest = all.filter((_, i) => (where[i] ?? 0) > 2);
        const split = mergeTensorStats(
          [
            ...parts.map((part, k) =>
              tensorSeries(
                `x${k}`,
                part.map((step) => told([step], norms, 100 + step, { value })),
              ),
            ),
            tensorSeries('rest', rest.length === 0 ? [] : [told(rest, norms, 500, { value })]),
          ],
          axes,
        );
        expect(split?.step).toEqual(one?.step);
        expect(split?.value).toEqual(one?.value);
      }),
    );
  });

  test('takes what was written later, where a step was written twice', () => {
    const merged = mergeTensorStats(
      [tensorSeries('start', [told([0, 1, 2], full, 103)]), tensorSeries('norms', [told([0, 1, 2], norms, 101)])],
      axes,
    );
    expect(merged?.value.get('weight_sum_squares')?.[0]).toBeCloseTo(180_000.3, 1);
    expect([...(merged?.logged.get('gradient_non_finite') ?? [])]).toEqual([1, 1, 1]);
  });

  test('ends what was written before a restart at the step where it began anew', () => {
    const merged = mergeTensorStats(
      [
        tensorSeries('norms', [told([0, 10, 20, 30, 40], norms, 100), told([15, 25], norms, 200)]),
        tensorSeries('full', [told([5, 18, 35], full, 101)]),
      ],
      axes,
    );
    expect([...(merged?.step ?? [])]).toEqual([0, 5, 10, 15, 25]);
  });

  test('takes a clock that was set back for no restart', () => {
    const merged = mergeTensorStats([tensorSeries('norms', [told([0, 10], norms, 500), told([20, 30], norms, 100)])], axes);
    expect([...(merged?.step ?? [])]).toEqual([0, 10, 20, 30]);
  });

  test('keeps parameters that went, and gives a changed shape a row of its own', () => {
    const later = parametersOf({ 'a/kernel': [2, 3], 'b/kernel': [3, 8], 'c/kernel': [1, 1] });
    const merged = mergeTensorStats(
      [tensorSeries('norms', [told([0], norms, 100), told([1], norms, 101, { digest: 'e' })])],
      new Map([
        ['d', axis],
        ['e', later],
      ]),
    );
    expect(merged?.rows.map(({ path, size }) => [path, size])).toEqual([
      ['a/kernel', 6],
      ['b/kernel', 24],
      ['c/kernel', 1],
      ['a/bias', 3],
      ['b/kernel', 3],
    ]);
    const weights = merged?.value.get('weight_sum_squares') ?? [];
    expect(Number.isNaN(weights[1 * 2])).toBe(true);
    expect(weights[4 * 2]).toBeCloseTo(182_000, 1);
    expect(Number.isNaN(weights[4 * 2 + 1])).toBe(true);
  });

  test('without its parameters’ record names rows by number, and counts the steps of other sets of parameters', () => {
    const merged = mergeTensorStats(
      [tensorSeries('norms', [told([0, 1], norms, 100), told([2], norms, 101, { digest: 'e', parameters: 2 })])],
      new Map(),
    );
    expect(merged?.rows.map(({ path }) => path)).toEqual(['parameter 1', 'parameter 2']);
    expect([[...(merged?.step ?? [])], merged?.unplaced]).toEqual([[2], 2]);
  });

  test('is none without a step', () => {
    expect(mergeTensorStats([], axes)).toBeUndefined();
    expect(mergeTensorStats([tensorSeries('norms', [])], axes)).toBeUndefined();
  });
});
