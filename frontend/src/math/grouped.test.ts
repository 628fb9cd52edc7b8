import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy, type Confusion, confusion, countAt, f1Interval, precision, recall, recallWithin } from './confusion';
import { matrix } from './confusion.fixture';
import { type Groups, grouped, groupsOf, groupsThere } from './grouped';
import { around, collapsed, foundGroups, givenGroups, rightWithin, usualCut } from './hierarchy';
import { foundClasses } from './other';

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

describe('a search', () => {
  it('keeps each chosen class and every sum', () => {
    fc.assert(
      fc.property(matrices, fc.array(fc.nat(8)), (c, chosen) => {
        const ids = [...new Set(chosen)].filter((k) => k < c.size);
        const { groups } = around(c.size, ids, []);
        const g = grouped(c, groups);
        keepsAll(c, g);
        expect(groups.members.length).toBe(ids.length + (ids.length < c.size ? 1 : 0));
        for (const k of ids) {
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
  it('given: a group for each class that is a parent, before those within it; circles end', () => {
    // 0 ← 1 ← 2, 3 alone, 4 ⇄ 5; and 0 → 1 → 2 → 0, 0 ← 3.
    expect(givenGroups([-1, 0, 1, -1, 5, 4])).toEqual([
      { key: 0, head: 0, classes: [0, 1, 2], level: 1 },
      { key: 1, head: 1, classes: [1, 2], level: 2 },
      { key: 4, head: 4, classes: [4, 5], level: 1 },
    ]);
    expect(givenGroups([1, 2, 0, 0])).toEqual([
      { key: 0, head: 0, classes: [0, 1, 2, 3], level: 1 },
      { key: 2, head: 2, classes: [1, 2], level: 2 },
    ]);
  });

  it('given: groups lie within each other or apart, and hold the parents of their classes, whatever the parents are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 12 }), { minLength: 10, maxLength: 10 }), (parents) => {
        const groups = givenGroups(parents);
        const outermost = groups.filter(({ level }) => level === 1);
        const all = outermost.flatMap(({ classes }) => classes);
        expect(new Set(all).size).toBe(all.length);
        for (const { classes } of outermost)
          for (const k of classes) if (parents[k] !== -1 && (parents[k] ?? 0) < 10) expect(classes).toContain(parents[k]);
        groups.forEach((group, i) => {
          const outside = groups.filter((other) => other !== group && group.classes.every((k) => other.classes.includes(k)));
          expect(outside).toHaveLength(group.level - 1);
          expect(outside.every((other) => groups.indexOf(other) < i)).toBe(true);
          expect(group.classes.length).toBeGreaterThan(1);
        });
      }),
    );
  });

  it('found: cut where neighbours join above the cut', () => {
    expect(foundGroups([3, 1, 0, 2], [0.2, 0.9, 0.5], 0.5)).toEqual([
      { key: 1, head: undefined, classes: [3, 1], level: 1 },
      { key: 0, head: undefined, classes: [0, 2], level: 1 },
    ]);
    expect(foundGroups([3, 1, 0, 2], [0.2, 0.9, 0.5], 0.1)).toEqual([]);
    expect(foundGroups([3, 1, 0, 2], [0.2, 0.9, 0.5], 1)).toHaveLength(1);
  });

  it('are cut where there are two at least, unless most classes stand alone or no cut tells two', () => {
    const sizes = (joins: readonly number[], cut = usualCut(joins)) =>
      foundGroups(
        Array.from({ length: joins.length + 1 }, (_, k) => k),
        joins,
        cut,
      ).map(({ classes }) => classes.length);
    expect(sizes([0.2, 0.7, 0.3])).toEqual([2, 2]);
    expect(sizes([0.2, 0.9, 0.3])).toEqual([2, 2]);
    expect(sizes([0.2, 0.95, 0.9, 0.85])).toEqual([2]);
    expect(sizes([0.5, 0.5, 0.5])).toEqual([4]);
    expect(sizes([0.1, 0.7, 0.3, 0.6, 0.4, 0.5, 0.2])).toEqual([2, 2, 4]);
    expect(sizes([0.1, 0.7, 0.3, 0.3, 0.3])).toEqual([2, 4]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (joins) => {
        const [most = 0, ...others] = sizes(joins);
        const isTwo = Array.from({ length: 80 }, (_, k) => sizes(joins, (k + 1) / 100).length > 1).includes(true);
        expect(others.length > 0 || most <= (joins.length + 1) / 2 || !isTwo).toBe(true);
      }),
    );
  });

  const rows = ({ groups }: { readonly groups: Groups }) => groups.members.map((ids) => Array.from(ids));

  it('closed groups take the place of their first class; open ones show each', () => {
    const order = [2, 3, 0, 1];
    const groups = [{ key: 0, head: undefined, classes: [0, 3], level: 1 }];
    expect(rows(collapsed(order, groups, new Set()))).toEqual([[2], [0, 3], [1]]);
    expect(rows(collapsed(order, groups, new Set([0])))).toEqual([[2], [3], [0], [1]]);
  });

  it('every level closes and opens: an open group shows those within it closed', () => {
    // 0 ← 1 ← 2, 3; 0 ← 4; 5
    const groups = givenGroups([-1, 0, 1, 1, 0, -1]);
    const order = [0, 1, 2, 3, 4, 5];
    expect(rows(collapsed(order, groups, new Set()))).toEqual([[0, 1, 2, 3, 4], [5]]);
    expect(rows(collapsed(order, groups, new Set([0])))).toEqual([[0], [1, 2, 3], [4], [5]]);
    expect(rows(collapsed(order, groups, new Set([0, 1])))).toEqual([[0], [1], [2], [3], [4], [5]]);
    expect(rows(collapsed(order, groups, new Set([1])))).toEqual([[0, 1, 2, 3, 4], [5]]);
    expect(collapsed(order, groups, new Set([0])).home.map((group) => group?.key)).toEqual([undefined, 1, undefined, undefined]);
  });

  it('a search shows what it finds, the rest of its groups by group, and all others as one', () => {
    const groups = givenGroups([-1, 0, 1, 1, 0, -1, -1]);
    const found = (ids: readonly number[]) => rows(around(7, ids, groups));
    expect(found([2])).toEqual([[2], [0, 4], [1, 3], [5, 6]]);
    expect(found([1])).toEqual([[1], [2], [3], [0, 4], [5, 6]]);
    expect(found([5])).toEqual([[5], [0, 1, 2, 3, 4, 6]]);
    expect(found([])).toEqual([[0, 1, 2, 3, 4, 5, 6]]);
    expect(around(7, [2], groups).home.map((group) => group?.key)).toEqual([undefined, 0, 1, undefined]);
  });

  it('a search loses no sample, whatever it finds', () => {
    fc.assert(
      fc.property(
        matrices,
        fc.array(fc.integer({ min: -1, max: 6 }), { minLength: 7, maxLength: 7 }),
        fc.array(fc.nat(6)),
        (c, parents, found) => {
          const hierarchy = givenGroups(parents.slice(0, c.size));
          const ids = [...new Set(found)].filter((k) => k < c.size);
          const { groups, home } = around(c.size, ids, hierarchy);
          keepsAll(c, grouped(c, groups));
          expect(home).toHaveLength(groups.members.length);
          expect(groups.members.every(({ length }) => length > 0)).toBe(true);
          for (const k of ids) expect(groups.members[groups.of[k] ?? -1]).toHaveLength(1);
        },
      ),
    );
  });

  it('what is right within groups is counted level by level', () => {
    // a ← b, c; d: b and c are one group with a; the model takes b for c, and d for a.
    const c = confusion(
      matrix([
        [4, 0, 0, 0],
        [0, 1, 3, 0],
        [0, 0, 4, 0],
        [3, 0, 0, 5],
      ]),
    );
    expect(rightWithin(c, givenGroups([-1, 0, 0, -1])).map(({ value }) => value)).toEqual([17 / 20]);
    expect(rightWithin(c, givenGroups([-1, 0, 1, -1])).map(({ value }) => value)).toEqual([17 / 20, 17 / 20]);
    expect(rightWithin(c, givenGroups([-1, -1, -1, -1]))).toEqual([]);
  });

  it('what is right within groups falls from the outermost level to the very class', () => {
    fc.assert(
      fc.property(matrices, fc.array(fc.integer({ min: -1, max: 6 }), { minLength: 7, maxLength: 7 }), (c, parents) => {
        const within = [...rightWithin(c, givenGroups(parents.slice(0, c.size))).map(({ value }) => value), accuracy(c)];
        if (c.judged > 0) for (const [i, value] of within.entries()) expect(value).toBeLessThanOrEqual((within[i - 1] ?? 1) + 1e-9);
      }),
    );
  });
});
