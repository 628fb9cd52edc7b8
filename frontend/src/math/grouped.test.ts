import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy, type Confusion, confusion, countAt, f1Interval, precision, recall, recallWithin } from './confusion';
import { matrix } from './confusion.fixture';
import { grouped, groupsOf, groupsThere } from './grouped';
import { collapsed, foundGroups, givenGroups } from './hierarchy';
import { foundClasses, withOther } from './other';

/** A table with a row of unknown truth and a column of abstentions, and weights that are not whole. */
const matrices = fc.integer({ min: 1, max: 7 }).chain((k) => {
  const cells = fc.array(fc.array(fc.oneof(fc.constant(0), fc.nat(20)), { minLength: k + 1, maxLength: k + 1 }), {
    minLength: k + 1,
    maxLength: k + 1,
  });
  return fc.tuple(cells, fc.boolean()).map(([table, weighted]) => {
    const weights = table.map((row, i) => row.map((n, j) => n * (0.25 + ((i + 2 * j) % 3))));
    const squares = table.map((row) => row.reduce((sum, n) => sum + n, 0));
    const columnSquares = table.map((_, j) => table.reduce((sum, row) => sum + (row[j] ?? 0), 0));
    return confusion(matrix(table, weighted ? { weights, squares, columnSquares } : {}, true));
  });
});

const sum = (xs: ArrayLike<number>) => Array.from(xs).reduce((a, b) => a + b, 0);

function keepsAll(c: Confusion, g: Confusion): void {
  expect(g.samples).toBe(c.samples);
  expect(sum(g.count)).toBe(sum(c.count));
  expect(sum(g.rowSum)).toBeCloseTo(sum(c.rowSum), 6);
  expect(sum(g.columnSum)).toBeCloseTo(sum(c.columnSum), 6);
  expect(g.judged).toBeCloseTo(c.judged, 6);
  expect(g.errors).toBe(c.errors);
  expect(accuracy(g) === undefined ? undefined : accuracy(g)?.toFixed(9)).toBe(accuracy(c)?.toFixed(9));
  expect(g.rowSum[g.size]).toBeCloseTo(c.rowSum[c.size] ?? 0, 9);
  expect(g.columnSum[g.size]).toBeCloseTo(c.columnSum[c.size] ?? 0, 9);
}

describe('grouped', () => {
  it('loses no sample, whatever stands together', () => {
    fc.assert(
      fc.property(matrices, fc.array(fc.nat(4), { minLength: 7, maxLength: 7 }), (c, homes) => {
        const groups = groupsOf(Int32Array.from({ length: c.size }, (_, k) => homes[k] ?? 0));
        const g = grouped(c, groups);
        keepsAll(c, g);
        for (let a = 0; a < g.size; a++) {
          for (let b = 0; b < g.size; b++) {
            const each = Array.from(groups.members[a] ?? []).flatMap((i) => Array.from(groups.members[b] ?? [], (j) => countAt(c, i, j)));
            expect(countAt(g, a, b)).toBe(sum(each));
          }
        }
      }),
    );
  });

  it('of groups of groups is that of all of them, and of each class by itself the same matrix', () => {
    fc.assert(
      fc.property(matrices, (c) => {
        const alone = grouped(c, groupsOf(Int32Array.from({ length: c.size }, (_, k) => k)));
        expect(Array.from(alone.rowEnd)).toEqual(Array.from(c.rowEnd));
        expect(Array.from(alone.column)).toEqual(Array.from(c.column));
        expect(Array.from(alone.count)).toEqual(Array.from(c.count));
        const halves = groupsOf(Int32Array.from({ length: c.size }, (_, k) => k % 2));
        const once = grouped(grouped(c, halves), groupsOf(new Int32Array(halves.members.length)));
        const direct = grouped(c, groupsOf(new Int32Array(c.size)));
        expect(Array.from(once.count)).toEqual(Array.from(direct.count));
        expect(sum(once.exact)).toBeCloseTo(sum(direct.exact), 9);
      }),
    );
  });

  it('tells recall of the very class from recall within the group', () => {
    //          a   b   c
    //   a      5   3   2      a, b a group: exact (5 + 4) / 20, within (5 + 3 + 4 + 1) / 20
    //   b      1   4   5
    //   c      0   0   9
    const c = confusion(
      matrix([
        [5, 3, 2],
        [1, 4, 5],
        [0, 0, 9],
      ]),
    );
    const g = grouped(c, groupsOf(Int32Array.of(0, 0, 1)));
    expect(recall(g, 0)).toBe(9 / 20);
    expect(recallWithin(g, 0)).toBe(13 / 20);
    expect(precision(g, 0)).toBe(9 / 13);
    expect([recall(g, 1), recallWithin(g, 1)]).toEqual([1, 1]);
  });

  it('finds the same groups in another set of classes by name', () => {
    // a b | c here; there c a x: b is not there, x is in no group.
    const there = groupsThere(groupsOf(Int32Array.of(0, 0, 1)), Int32Array.of(1, -1, 0), 3);
    expect(Array.from(there.of)).toEqual([1, 0, 2]);
    expect(there.members.map((ids) => Array.from(ids))).toEqual([[1], [0], [2]]);
    const none = groupsThere(groupsOf(Int32Array.of(0, 1)), Int32Array.of(-1, 0), 1);
    expect(none.members.map((ids) => ids.length)).toEqual([0, 1]);
    expect(Array.from(grouped(confusion(matrix([[3]])), none).examples)).toEqual([0, 3, 0]);
  });
});

describe('withOther', () => {
  it('keeps each chosen class and every sum', () => {
    fc.assert(
      fc.property(matrices, fc.array(fc.nat(8)), (c, chosen) => {
        const groups = withOther(c.size, chosen);
        const g = grouped(c, groups);
        keepsAll(c, g);
        const kept = [...new Set(chosen)].filter((k) => k < c.size);
        expect(groups.members.length).toBe(kept.length + (kept.length < c.size ? 1 : 0));
        for (const k of kept) {
          const at = groups.of[k] ?? -1;
          expect(countAt(g, at, at)).toBe(countAt(c, k, k));
          expect(recall(g, at)).toBe(recall(c, k));
          expect(f1Interval(g, at)).toEqual(f1Interval(c, k));
        }
      }),
    );
  });

  it('finds classes by a piece of their name or an expression; capitals count once there is one', () => {
    const labels = ['Cat', 'wildcat', 'dog', '(odd', ''];
    expect(foundClasses(labels, 'cat')).toEqual([0, 1]);
    expect(foundClasses(labels, 'Cat')).toEqual([0]);
    expect(foundClasses(labels, '^d|^w')).toEqual([1, 2]);
    expect(foundClasses(labels, '(o')).toEqual([3]);
    expect(foundClasses(labels, ' ')).toBeUndefined();
    expect(foundClasses(labels, 'no such')).toEqual([]);
  });
});

describe('hierarchies', () => {
  it('given: each class belongs to its outermost group; circles end', () => {
    // 0 ← 1 ← 2, 3 alone, 4 ⇄ 5
    expect(givenGroups([-1, 0, 1, -1, 5, 4])).toEqual([
      { key: 0, head: 0, classes: [0, 1, 2] },
      { key: 4, head: 4, classes: [4, 5] },
    ]);
  });

  it('given: no class is in two groups, whatever the parents are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 9 }), { minLength: 10, maxLength: 10 }), (parents) => {
        const all = givenGroups(parents).flatMap(({ classes }) => classes);
        expect(new Set(all).size).toBe(all.length);
        for (const { classes } of givenGroups(parents))
          for (const k of classes) if ((parents[k] ?? -1) >= 0) expect(classes).toContain(parents[k]);
      }),
    );
  });

  it('found: cut where neighbours join above the cut', () => {
    expect(foundGroups([3, 1, 0, 2], [0.2, 0.9, 0.5], 0.5)).toEqual([
      { key: 1, head: undefined, classes: [3, 1] },
      { key: 0, head: undefined, classes: [0, 2] },
    ]);
    expect(foundGroups([3, 1, 0, 2], [0.2, 0.9, 0.5], 0.1)).toEqual([]);
    expect(foundGroups([3, 1, 0, 2], [0.2, 0.9, 0.5], 1)).toHaveLength(1);
  });

  it('closed groups take the place of their first class; open ones show each', () => {
    const order = [2, 3, 0, 1];
    const groups = [{ key: 0, head: undefined, classes: [0, 3] }];
    expect(collapsed(order, groups, new Set()).members.map((ids) => Array.from(ids))).toEqual([[2], [0, 3], [1]]);
    expect(collapsed(order, groups, new Set([0])).members.map((ids) => Array.from(ids))).toEqual([[2], [3], [0], [1]]);
  });
});
