import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusedPairs, pairCount } from './confused_pairs';
import { confusion, countAt } from './confusion';
import { matrix } from './confusion.fixture';

const tables = fc
  .integer({ min: 1, max: 6 })
  .chain((k) => fc.array(fc.array(fc.oneof(fc.constant(0), fc.nat(9)), { minLength: k, maxLength: k }), { minLength: k, maxLength: k }));

describe('confusedPairs', () => {
  it('hold every error once, one way or both, most first', () => {
    fc.assert(
      fc.property(tables, fc.constantFrom('directed' as const, 'symmetric' as const), (table, way) => {
        const c = confusion(matrix(table));
        const pairs = confusedPairs(c, 1000, way);
        expect(pairs).toHaveLength(pairCount(c, way));
        expect(pairs.reduce((sum, { count }) => sum + count, 0)).toBe(c.errors);
        if (pairs.length > 0) expect(pairs.at(-1)?.cumulative).toBe(1);
        pairs.forEach(({ truth, predicted, count }, i) => {
          const back = countAt(c, predicted, truth);
          expect(count).toBe(countAt(c, truth, predicted) + (way === 'symmetric' ? back : 0));
          if (way === 'symmetric') expect(countAt(c, truth, predicted)).toBeGreaterThanOrEqual(back);
          expect(count).toBeLessThanOrEqual(pairs[i - 1]?.count ?? count);
        });
        const both = new Set(pairs.map(({ truth, predicted }) => [truth, predicted].sort().join()));
        if (way === 'symmetric') expect(both.size).toBe(pairs.length);
      }),
    );
  });

  it('are the same pairs whatever the classes are called', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const last = table.length - 1;
        const backwards = confusion(matrix(table.map((_, i) => table.map((_, j) => table[last - i]?.[last - j] ?? 0))));
        const named = (c: ReturnType<typeof confusion>, id: (k: number) => number) =>
          confusedPairs(c, 1000)
            .map(({ truth, predicted, count, share }) => `${id(truth)} ${id(predicted)} ${count} ${share}`)
            .sort();
        expect(named(backwards, (k) => last - k)).toEqual(named(confusion(matrix(table)), (k) => k));
      }),
    );
  });

  it('both ways are the same for the transposed matrix', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const sizes = (rows: readonly (readonly number[])[]) =>
          confusedPairs(confusion(matrix(rows)), 1000, 'symmetric').map(({ count }) => count);
        expect(sizes(table)).toEqual(sizes(table.map((_, i) => table.map((row) => row[i] ?? 0))));
      }),
    );
  });
});
