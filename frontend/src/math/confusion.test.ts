import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as confused from './confusion';
import { accuracy, type Confusion, cellValue, confusion, countAt, f1, normalised, precision, recall } from './confusion';
import { matrix } from './confusion.fixture';
import { wilson } from './wilson';

//              predicted
//              a  b  c
//   true   a   5  1  0     recall 5/6
//          b   2  0  0     recall 0: never right
//          c   0  0  0     no examples, never predicted
const SMALL = confusion(
  matrix([
    [5, 1, 0],
    [2, 0, 0],
    [0, 0, 0],
  ]),
);

//              a  b  abstained
//   true   a   3  1  2
//          b   0  4  0
//   unknown    7  0  1
const EXTENDED = confusion(
  matrix(
    [
      [3, 1, 2],
      [0, 4, 0],
      [7, 0, 1],
    ],
    { dropped: { 'bad label': 3 } },
    true,
  ),
);

const tables = fc
  .integer({ min: 1, max: 6 })
  .chain((k) => fc.array(fc.array(fc.oneof(fc.constant(0), fc.nat(1000)), { minLength: k, maxLength: k }), { minLength: k, maxLength: k }));

const dense = (c: Confusion) => Array.from({ length: c.size }, (_, i) => Array.from({ length: c.size }, (_, j) => countAt(c, i, j)));

describe('rates', () => {
  it('are those of the definitions', () => {
    expect(recall(SMALL, 0)).toBe(5 / 6);
    expect(precision(SMALL, 0)).toBe(5 / 7);
    expect(f1(SMALL, 0)).toBe(10 / 13);
    expect(accuracy(SMALL)).toBe(5 / 8);
  });

  it('are 0 for a class that is never right, and undefined, not 0, where nothing is counted', () => {
    expect([recall(SMALL, 1), precision(SMALL, 1), f1(SMALL, 1)]).toEqual([0, 0, 0]);
    expect([recall(SMALL, 2), precision(SMALL, 2), f1(SMALL, 2)]).toEqual([undefined, undefined, undefined]);
    expect(cellValue(SMALL, 2, 0, 'row')).toBeUndefined();
    expect(cellValue(SMALL, 0, 2, 'column')).toBeUndefined();
    expect(cellValue(SMALL, 1, 1, 'row')).toBe(0);
  });

  it('undefined in an empty evaluation, and 1 for one class', () => {
    const empty = confusion(
      matrix([
        [0, 0],
        [0, 0],
      ]),
    );
    expect(accuracy(empty)).toBeUndefined();
    expect(confused.accuracyInterval(empty)).toBeUndefined();
    expect(accuracy(confusion(matrix([[4]])))).toBe(1);
  });

  it('leave unknown truth out and count an abstention as not right', () => {
    expect(accuracy(EXTENDED)).toBe(7 / 10);
    expect(recall(EXTENDED, 0)).toBe(3 / 6);
    expect(precision(EXTENDED, 0)).toBe(1);
    expect(EXTENDED.errors).toBe(3);
    expect([confused.hasUnknownTruth(EXTENDED), confused.hasAbstained(EXTENDED)]).toEqual([true, true]);
    expect([confused.hasUnknownTruth(SMALL), confused.hasAbstained(SMALL)]).toEqual([false, false]);
  });

  it('come from the weights where there are weights, with the effective number of samples behind them', () => {
    //          a (n)    b (n)    weights a, b
    //   a      2        1        3.0  1.0     squares 5.5
    //   b      0        1        0    0.5     squares 0.25
    const c = confusion(
      matrix(
        [
          [2, 1],
          [0, 1],
        ],
        {
          weights: [
            [3, 1],
            [0, 0.5],
          ],
          squares: [5.5, 0.25, 0],
        },
      ),
    );
    expect(recall(c, 0)).toBe(3 / 4);
    expect(precision(c, 1)).toBe(0.5 / 1.5);
    expect(accuracy(c)).toBe(3.5 / 4.5);
    expect(c.examples[0]).toBe(3);
    expect(c.trials[0]).toBeCloseTo(16 / 5.5, 12);
    expect(confused.recallInterval(c, 0)).toEqual(wilson((3 / 4) * (16 / 5.5), 16 / 5.5));
    expect(confused.precisionInterval(c, 0)).toBeUndefined();
  });

  it('keep counts of 10^9 and above exact', () => {
    const c = confusion(
      matrix([
        [3_000_000_001, 1],
        [2, 4_000_000_003],
      ]),
    );
    expect(c.samples).toBe(7_000_000_007);
    expect(c.errors).toBe(3);
  });

  it('of a weight of zero are undefined, though there are examples', () => {
    const c = confusion(matrix([[2]], { weights: [[0]], squares: [0, 0] }));
    expect(recall(c, 0)).toBeUndefined();
    expect(c.examples[0]).toBe(2);
  });
});

describe('laws', () => {
  it('every sample is counted once: cells, rows, columns and errors agree', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const c = confusion(matrix(table));
        const n = table.flat().reduce((a, b) => a + b, 0);
        const sum = (xs: Float64Array) => xs.reduce((a, b) => a + b, 0);
        expect(c.samples).toBe(n);
        expect(sum(c.rowSum)).toBe(n);
        expect(sum(c.columnSum)).toBe(n);
        expect(c.errors + confused.rightSum(c)).toBe(n);
        expect(dense(c)).toEqual(table);
      }),
    );
  });

  it('transposing swaps precision and recall, and leaves F1 and accuracy', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const c = confusion(matrix(table));
        const t = confusion(matrix(table.map((_, i) => table.map((row) => row[i] ?? 0))));
        for (let k = 0; k < c.size; k++) {
          expect(precision(t, k)).toBe(recall(c, k));
          expect(recall(t, k)).toBe(precision(c, k));
          expect(f1(t, k)).toBe(f1(c, k));
        }
        expect(accuracy(t)).toBe(accuracy(c));
      }),
    );
  });

  it('renaming the classes renames the rates', () => {
    fc.assert(
      fc.property(tables, fc.infiniteStream(fc.nat()), (table, keys) => {
        const order = table
          .map((_, k) => ({ k, key: keys.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ k }) => k);
        const c = confusion(matrix(table));
        const p = confusion(matrix(order.map((i) => order.map((j) => table[i]?.[j] ?? 0))));
        order.forEach((k, place) => {
          expect(recall(p, place)).toBe(recall(c, k));
          expect(precision(p, place)).toBe(precision(c, k));
        });
      }),
    );
  });

  it('a whole weight is that many samples: the same shares and rates', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const once = table.map((row) => row.map((n) => Math.min(1, n)));
        const weighted = confusion(matrix(once, { weights: table }));
        const repeated = confusion(matrix(table));
        expect(accuracy(weighted)).toBe(accuracy(repeated));
        for (let i = 0; i < repeated.size; i++) {
          for (const rate of [precision, recall, f1]) expect(rate(weighted, i)).toBe(rate(repeated, i));
          for (let j = 0; j < repeated.size; j++) {
            for (const by of ['count', 'row', 'column', 'all', 'lift'] as const)
              expect(cellValue(weighted, i, j, by)).toBe(cellValue(repeated, i, j, by));
          }
        }
      }),
    );
  });

  it('a matrix together with itself has the same shares and rates, and twice the samples', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const [once, twice] = [confusion(matrix(table)), confusion(matrix(table.map((row) => row.map((n) => 2 * n))))];
        expect([twice.samples, twice.errors]).toEqual([2 * once.samples, 2 * once.errors]);
        expect(Array.from(normalised(twice, 'row'))).toEqual(Array.from(normalised(once, 'row')));
        for (let k = 0; k < once.size; k++) expect(f1(twice, k)).toBe(f1(once, k));
      }),
    );
  });

  it('rows that have examples sum to 1 by row, columns that are predicted by column', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const c = confusion(matrix(table));
        for (const by of ['row', 'column'] as const) {
          const sums = new Float64Array(c.size);
          const shown = normalised(c, by);
          let cell = 0;
          for (let i = 0; i < c.size; i++) {
            for (const end = c.rowEnd[i] ?? 0; cell < end; cell++) {
              const k = by === 'row' ? i : (c.column[cell] ?? 0);
              sums[k] = (sums[k] ?? 0) + (shown[cell] ?? 0);
              expect(shown[cell]).toBe(cellValue(c, i, c.column[cell] ?? 0, by));
            }
          }
          const whole = by === 'row' ? c.rowSum : c.columnSum;
          sums.forEach((sum, k) => {
            expect(sum).toBeCloseTo((whole[k] ?? 0) > 0 ? 1 : 0, 12);
          });
        }
      }),
    );
  });

  it('every interval holds its rate', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const c = confusion(matrix(table));
        for (let k = 0; k < c.size; k++) {
          const rate = recall(c, k);
          const range = confused.recallInterval(c, k);
          expect(range === undefined).toBe(rate === undefined);
          if (rate === undefined || range === undefined) continue;
          expect(range.low).toBeLessThanOrEqual(rate + 1e-12);
          expect(range.high).toBeGreaterThanOrEqual(rate - 1e-12);
        }
      }),
    );
  });
});

describe('intervals', () => {
  it('of F1 hold it, and are those of the share of right ones among all that are the class or predicted as it', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const c = confusion(matrix(table));
        for (let k = 0; k < c.size; k++) {
          const value = f1(c, k);
          const range = confused.f1Interval(c, k);
          expect(range === undefined).toBe(value === undefined);
          if (value === undefined || range === undefined) continue;
          expect(range.low).toBeLessThanOrEqual(value + 1e-12);
          expect(range.high).toBeGreaterThanOrEqual(value - 1e-12);
        }
      }),
    );
    // 5 right of 8 that are a or were predicted as it: Wilson's 0.3057 and 0.8632, raised.
    expect(confused.f1Interval(SMALL, 0)?.low).toBeCloseTo((2 * 0.30574) / 1.30574, 4);
    expect(confused.f1Interval(SMALL, 0)?.high).toBeCloseTo((2 * 0.86316) / 1.86316, 4);
  });

  it('of a weighted evaluation whose weights are equal are those without weights', () => {
    fc.assert(
      fc.property(tables, fc.double({ min: 0.1, max: 10, noNaN: true }), (table, w) => {
        const plain = confusion(matrix(table));
        const weighted = confusion(
          matrix(table, {
            weights: table.map((row) => row.map((n) => n * w)),
            squares: [...table.map((row) => row.reduce((sum, n) => sum + n, 0) * w * w), 0],
            columnSquares: [...table.map((_, j) => table.reduce((sum, row) => sum + (row[j] ?? 0), 0) * w * w), 0],
          }),
        );
        for (let k = 0; k < plain.size; k++) {
          for (const range of [confused.recallInterval, confused.precisionInterval, confused.f1Interval]) {
            const [a, b] = [range(plain, k), range(weighted, k)];
            expect(b === undefined).toBe(a === undefined);
            if (a === undefined || b === undefined) continue;
            expect(b.low).toBeCloseTo(a.low, 9);
            expect(b.high).toBeCloseTo(a.high, 9);
          }
          for (const by of ['row', 'column', 'all'] as const) {
            const [a, b] = [confused.cellInterval(plain, k, 0, by), confused.cellInterval(weighted, k, 0, by)];
            expect(b?.low ?? -1).toBeCloseTo(a?.low ?? -1, 9);
          }
        }
      }),
    );
  });

  it('of precision and F1 are not known where squared weights were not logged by prediction; of recall they are', () => {
    const c = confusion(matrix([[3]], { weights: [[4.5]], squares: [7, 0] }));
    expect([confused.precisionInterval(c, 0), confused.f1Interval(c, 0)]).toEqual([undefined, undefined]);
    expect(confused.recallInterval(c, 0)).toBeDefined();
  });
});

describe('shares of all', () => {
  it('sum to 1 over known truth', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const c = confusion(matrix(table));
        const sum = normalised(c, 'all').reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo(c.samples > 0 ? 1 : 0, 12);
      }),
    );
    expect(cellValue(EXTENDED, 2, 0, 'all')).toBeUndefined();
    expect(cellValue(EXTENDED, 0, 2, 'all')).toBe(2 / 10);
  });
});
