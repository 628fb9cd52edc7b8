import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellValue, confusion, normalised } from './confusion';
import { matrix } from './confusion.fixture';
import { lift } from './lift';

const positive = fc.integer({ min: 1, max: 1000 });

describe('lift', () => {
  it('is 0 where prediction and truth have nothing to do with each other', () => {
    fc.assert(
      fc.property(
        fc.array(positive, { minLength: 4, maxLength: 4 }),
        fc.array(positive, { minLength: 4, maxLength: 4 }),
        (rows, columns) => {
          const c = confusion(matrix(rows.map((r) => columns.map((k) => r * k))));
          for (const value of normalised(c, 'lift')) expect(value).toBeCloseTo(0, 9);
        },
      ),
    );
  });

  it('is 1 for twice as often, −1 for half as often, and does not change when everything is counted twice', () => {
    expect(lift(20, 100, 100, 1000)).toBe(1);
    expect(lift(5, 100, 100, 1000)).toBe(-1);
    fc.assert(
      fc.property(positive, positive, positive, positive, (n, r, c, all) => {
        expect(lift(2 * n, 2 * r, 2 * c, 2 * all)).toBeCloseTo(lift(n, r, c, all) ?? Number.NaN, 9);
        expect(lift(n, r, c, all)).toBeCloseTo(Math.log2((n * all) / (r * c)), 9);
      }),
    );
  });

  it('is that of the other cell where truth and prediction change places', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 }), (table) => {
        const c = confusion(matrix(table));
        const turned = confusion(matrix(table.map((_, i) => table.map((row) => row[i] ?? 0))));
        for (const [i, j] of Array.from({ length: 16 }, (_, place) => [place >> 2, place & 3] as const)) {
          const [here, there] = [cellValue(c, i, j, 'lift'), cellValue(turned, j, i, 'lift')];
          if (here === undefined) expect(there).toBeUndefined();
          else expect(there).toBeCloseTo(here, 12);
        }
      }),
    );
  });

  it('counts an empty cell as a half, and is undefined where a class is not there', () => {
    expect(lift(0, 10, 10, 100)).toBe(Math.log2(0.5));
    expect(lift(0, 0, 10, 100)).toBeUndefined();
    const c = confusion(
      matrix([
        [1, 0],
        [0, 0],
      ]),
    );
    expect(cellValue(c, 0, 1, 'lift')).toBeUndefined();
    expect(cellValue(c, 1, 0, 'lift')).toBeUndefined();
  });
});
