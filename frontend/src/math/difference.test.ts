import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellValue, confusion } from './confusion';
import { matrix } from './confusion.fixture';
import { type Difference, difference, differenceAt, differenceInterval } from './difference';

const tables = (k: number) =>
  fc.array(fc.array(fc.oneof(fc.constant(0), fc.nat(60)), { minLength: k, maxLength: k }), { minLength: k, maxLength: k });
const both = fc.integer({ min: 1, max: 5 }).chain((k) => fc.tuple(tables(k), tables(k)));
const same = (k: number) => Int32Array.from({ length: k }, (_, i) => i);
const at = (d: Difference, i: number, j: number) => differenceAt(d, i, j);

describe('difference', () => {
  it('is now minus before, in every cell that is defined in both, and the other way round its negative', () => {
    fc.assert(
      fc.property(both, fc.constantFrom('row' as const, 'column' as const), ([a, b], by) => {
        const [now, before] = [confusion(matrix(a)), confusion(matrix(b))];
        const d = difference(now, before, same(now.size), by);
        const back = difference(before, now, same(now.size), by);
        expect([d.tested, d.differing]).toEqual([back.tested, back.differing]);
        for (let i = 0; i < now.size; i++) {
          for (let j = 0; j < now.size; j++) {
            const [mine, theirs] = [cellValue(now, i, j, by), cellValue(before, i, j, by)];
            if ((mine ?? 0) === 0 && (theirs ?? 0) === 0) continue;
            expect(at(d, i, j)).toBe(mine === undefined || theirs === undefined ? undefined : mine - theirs);
            const reversed = at(back, i, j);
            expect(reversed === undefined ? undefined : reversed + 0).toBe(at(d, i, j) === undefined ? undefined : 0 - (at(d, i, j) ?? 0));
          }
        }
      }),
    );
  });

  it('to itself is 0 and never sure', () => {
    fc.assert(
      fc.property(both, ([a]) => {
        const c = confusion(matrix(a));
        const d = difference(c, c, same(c.size), 'row');
        expect(d.differing).toBe(0);
        for (const value of d.value) expect(value).toBe(0);
      }),
    );
  });

  it('of rows sums to 0, where the row is there in both', () => {
    fc.assert(
      fc.property(both, ([a, b]) => {
        const [now, before] = [confusion(matrix(a)), confusion(matrix(b))];
        const d = difference(now, before, same(now.size), 'row');
        for (let i = 0; i < now.size; i++) {
          const cells = Array.from({ length: now.size }, (_, j) => at(d, i, j));
          if (!cells.includes(undefined)) expect(cells.reduce((sum: number, x = 0) => sum + x, 0)).toBeCloseTo(0, 12);
        }
      }),
    );
  });

  it('matches classes by name, and is undefined where one is not there', () => {
    //        x  a               a  b
    //   x    4  0   before   a  3  1   now
    //   a    1  3            b  2  2
    const now = confusion(
      matrix([
        [3, 1],
        [2, 2],
      ]),
    );
    const before = confusion(
      matrix([
        [4, 0],
        [1, 3],
      ]),
    );
    const d = difference(now, before, Int32Array.of(1, -1), 'row');
    expect(at(d, 0, 0)).toBe(0);
    expect(at(d, 0, 1)).toBeUndefined();
    expect(at(d, 1, 1)).toBeUndefined();
  });

  it('is sure only when its interval leaves 0 out', () => {
    const of = (right: number) =>
      confusion(
        matrix([
          [right, 100 - right],
          [0, 0],
        ]),
      );
    const [now, less, near] = [of(90), of(40), of(88)];
    expect(difference(now, less, same(2), 'row')).toMatchObject({ tested: 2, differing: 2 });
    expect(difference(now, near, same(2), 'row')).toMatchObject({ tested: 2, differing: 0 });
    const cell = { truth: 0, predicted: 0 };
    // Newcombe 1998, from Wilson's 0.8256 to 0.9448 and 0.3094 to 0.4980.
    const range = differenceInterval(now, less, cell, cell, 'row');
    expect(range?.low).toBeCloseTo(0.377, 3);
    expect(range?.high).toBeCloseTo(0.601, 3);
  });
});
