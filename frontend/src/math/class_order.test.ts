import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClassOrder, classOrder, isOrder, orderByName, together } from './class_order';
import { confusion } from './confusion';
import { matrix } from './confusion.fixture';

//                     predicted
//                     x10  x2  x1  none
//   true   x10         6    2   0   0     recall .75   precision 1
//          x2          0    1   3   0     recall .25   precision 1/3
//          x1          0    0   9   0     recall 1     precision .75
//          none        0    0   0   0     undefined
const C = confusion(
  matrix([
    [6, 2, 0, 0],
    [0, 1, 3, 0],
    [0, 0, 9, 0],
    [0, 0, 0, 0],
  ]),
);
const LABELS = ['x10', 'x2', 'x1', 'none'];

describe('classOrder', () => {
  it.each<[ClassOrder, number[]]>([
    ['given', [0, 1, 2, 3]],
    ['name', [3, 2, 1, 0]],
    ['examples', [2, 0, 1, 3]],
    ['recall', [1, 0, 2, 3]],
    ['precision', [1, 2, 0, 3]],
    ['f1', [1, 0, 2, 3]],
    ['errors', [1, 2, 0, 3]],
  ])('%s', (order, expected) => {
    expect(Array.from(classOrder(order, LABELS, C))).toEqual(expected);
  });

  it('a class with recall 0 comes first among the worst, one without examples last', () => {
    const c = confusion(
      matrix([
        [0, 0, 0],
        [0, 2, 0],
        [1, 1, 0],
      ]),
    );
    expect(Array.from(classOrder('recall', ['a', 'b', 'c'], c))).toEqual([2, 1, 0]);
  });

  it('holds every class once, whatever the order', () => {
    const orders: ClassOrder[] = ['given', 'name', 'examples', 'recall', 'precision', 'f1', 'errors'];
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }), { minLength: 5, maxLength: 5 }),
        fc.constantFrom(...orders),
        (table, order) => {
          const c = confusion(matrix(table));
          expect(isOrder(Array.from(classOrder(order, ['b', 'a', 'b', '', '<b>'], c)), 5)).toBe(true);
        },
      ),
    );
  });
});

describe('isOrder', () => {
  it('refuses what is not every class once', () => {
    expect(isOrder([1, 0, 2], 3)).toBe(true);
    expect(isOrder([1, 0], 3)).toBe(false);
    expect(isOrder([1, 1, 2], 3)).toBe(false);
    expect(isOrder([1, 0, 3], 3)).toBe(false);
    expect(isOrder([1, 0, 0.5], 3)).toBe(false);
  });
});

describe('together', () => {
  it('is the order of the sum of all matrices, whichever is shown', () => {
    const tables = fc.array(fc.array(fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(tables, fc.constantFrom<ClassOrder>('recall', 'precision', 'f1', 'examples', 'errors'), (all, order) => {
        const ids = Int32Array.of(0, 1, 2, 3);
        const parts = all.map((table) => ({ confusion: confusion(matrix(table)), ids }));
        const sum = confusion(matrix([0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => all.reduce((s, t) => s + (t[i]?.[j] ?? 0), 0)))));
        expect(classOrder(order, LABELS, together(4, parts))).toEqual(classOrder(order, LABELS, sum));
      }),
    );
  });

  it('finds classes of another matrix by name, and takes those that are not there for empty', () => {
    const rated = together(2, [{ confusion: C, ids: Int32Array.of(2, -1) }]);
    expect(Array.from(rated.rowSum)).toEqual([9, 0]);
    expect(Array.from(rated.exact)).toEqual([9, 0]);
  });
});

describe('orderByName', () => {
  it('has what is in both in the order given, then the rest', () => {
    expect(Array.from(orderByName([2, 0, 1], ['a', 'b', 'c'], ['x', 'a', 'b', 'c', 'y']))).toEqual([3, 1, 2, 0, 4]);
  });
});
