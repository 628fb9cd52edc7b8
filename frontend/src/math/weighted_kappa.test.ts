import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusion } from './confusion';
import { matrix } from './confusion.fixture';
import { kappaSentence } from './sentence_kappa';
import { type Misses, weightedKappa } from './weighted_kappa';

const WEIGHS: Readonly<Record<Misses, (d: number) => number>> = { linear: Math.abs, quadratic: (d) => d * d };

/** As the definition writes it: over all pairs of classes. */
function defined(table: readonly (readonly number[])[], misses: Misses): number {
  const ids = table.map((_, i) => i);
  const sum = (of: (i: number, j: number) => number) => ids.reduce((all, i) => all + ids.reduce((row, j) => row + of(i, j), 0), 0);
  const at = (i: number, j: number) => table[i]?.[j] ?? 0;
  const total = sum(at);
  const rows = ids.map((i) => ids.reduce((all, j) => all + at(i, j), 0));
  const columns = ids.map((j) => ids.reduce((all, i) => all + at(i, j), 0));
  const weigh = WEIGHS[misses];
  return 1 - sum((i, j) => weigh(i - j) * at(i, j)) / (sum((i, j) => weigh(i - j) * (rows[i] ?? 0) * (columns[j] ?? 0)) / total);
}

const tables = fc
  .integer({ min: 1, max: 6 })
  .chain((size) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: size, maxLength: size }), { minLength: size, maxLength: size }),
  );

describe('weighted κ', () => {
  it('is that of its definition', () => {
    fc.assert(
      fc.property(tables, fc.constantFrom<Misses>('linear', 'quadratic'), (table, misses) => {
        const found = weightedKappa(confusion(matrix(table)), misses);
        const expected = defined(table, misses);
        if (Number.isFinite(expected)) expect(found).toBeCloseTo(expected, 9);
        else expect(found).toBeUndefined();
      }),
    );
  });

  it('is that of scikit-learn', () => {
    const c = confusion(
      matrix([
        [20, 5, 1, 0],
        [4, 18, 6, 2],
        [0, 3, 15, 7],
        [1, 0, 4, 24],
      ]),
    );
    expect(weightedKappa(c, 'linear')).toBeCloseTo(0.7263323294487364, 12);
    expect(weightedKappa(c, 'quadratic')).toBeCloseTo(0.8217873112565615, 12);
  });

  it('leaves out abstentions and unknown truth, and is 1 where all is right', () => {
    const c = confusion(
      matrix(
        [
          [5, 0, 3],
          [0, 7, 2],
          [4, 1, 6],
        ],
        {},
        true,
      ),
    );
    expect(weightedKappa(c, 'quadratic')).toBe(1);
  });

  it('is said in a sentence, where there is one', () => {
    const words = (table: readonly (readonly number[])[]) =>
      kappaSentence(confusion(matrix(table)))
        ?.map(({ text }) => text)
        .join('');
    expect(
      words([
        [5, 1],
        [0, 5],
      ]),
    ).toBe('Weighted κ 0.82 linear, 0.82 quadratic');
    expect(words([[5]])).toBeUndefined();
    expect(
      words([
        [0, 0],
        [0, 0],
      ]),
    ).toBeUndefined();
  });
});
