import fc from 'fast-check';
import { expect, it } from 'vitest';
import { best, type Judged } from './best';

const judged = (value: number | undefined, half: number | undefined, step = 0): Judged => ({
  step,
  value,
  range: value === undefined || half === undefined ? undefined : { low: value - half, high: value + half },
});

it('is the first of those with the highest, or the lowest, number', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.option(
          fc.nat(9).map((n) => 3 * n),
          { nil: undefined },
        ),
        { maxLength: 12 },
      ),
      fc.boolean(),
      (values, isLowest) => {
        const found = best(
          values.map((value) => judged(value, 1)),
          isLowest,
        );
        const there = values.filter((value) => value !== undefined);
        if (there.length === 0) {
          expect(found).toBeUndefined();
          return;
        }
        const top = isLowest ? Math.min(...there) : Math.max(...there);
        expect(found?.index).toBe(values.indexOf(top));
        expect(found?.others).toBe(there.length - 1);
        expect(found?.equal).toEqual(values.flatMap((value, i) => (value === top && i !== found?.index ? [i] : [])));
        expect(found?.unsure).toEqual(
          values.flatMap((value, i) => (value !== undefined && Math.abs(value - top) <= 2 && i !== found?.index ? [i] : [])),
        );
      },
    ),
  );
});

it('is less sure among many', () => {
  const among = (n: number) => best([judged(2, 1), ...Array.from({ length: n }, () => judged(0.25, 1))], false)?.unsure.length;
  expect([1, 2, 4, 30].map(among)).toEqual([0, 0, 4, 30]);
});

it('is not surely better where nothing tells', () => {
  expect(best([judged(1, undefined), judged(2, undefined), judged(2, undefined)], false)).toEqual({
    index: 1,
    others: 2,
    equal: [2],
    unsure: [2],
    isUntold: true,
  });
  expect(best([judged(0.5, 0.1)], false)).toEqual({ index: 0, others: 0, equal: [], unsure: [], isUntold: false });
  expect(best([], true)).toBeUndefined();
});
