import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonSubsequence } from './common_subsequence';

const words = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 24 }).map((list) => Int32Array.from(list));

/** The length, by the textbook's table. */
function longest(a: Int32Array, b: Int32Array): number {
  const table = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  const at = (i: number, j: number) => table[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const row = table[i];
      if (row !== undefined) row[j] = a[i - 1] === b[j - 1] ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
    }
  }
  return at(a.length, b.length);
}

function isCommon(a: Int32Array, b: Int32Array, pairs: readonly (readonly [number, number])[]): boolean {
  return pairs.every(([i, j], n) => a[i] === b[j] && (n === 0 || (i > (pairs[n - 1]?.[0] ?? 0) && j > (pairs[n - 1]?.[1] ?? 0))));
}

test('a common subsequence rises on both sides, is of equal numbers, and is the longest', () => {
  fc.assert(
    fc.property(words, words, (a, b) => {
      const pairs = commonSubsequence(a, b);
      return isCommon(a, b, pairs) && pairs.length === longest(a, b);
    }),
  );
});

test('of two that have next to nothing in common some is found', () => {
  const a = Int32Array.from({ length: 10_000 }, (_, i) => i % 7);
  const b = Int32Array.from({ length: 10_000 }, (_, i) => (i % 5 === 0 ? 0 : 7 + (i % 3)));
  const pairs = commonSubsequence(a, b);
  expect(isCommon(a, b, pairs)).toBe(true);
  expect(pairs.length).toBeGreaterThan(1000);
});
