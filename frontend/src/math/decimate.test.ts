import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimated } from './decimate';

const values = fc.array(fc.oneof({ weight: 8, arbitrary: fc.double({ noNaN: true }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) }), {
  maxLength: 400,
});
const columns = fc.integer({ min: 1, max: 30 });

function line(all: readonly number[]) {
  return { x: Float64Array.from(all, (_, i) => i * 3), y: Float64Array.from(all) };
}

describe('of a line', () => {
  test('places rise, are few, and hold both ends', () => {
    fc.assert(
      fc.property(values, columns, (all, n) => {
        const { x, y } = line(all);
        const kept = Array.from(decimated(x, y, 0, x.at(-1) ?? 1, n));
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect(kept.length).toBeLessThanOrEqual(5 * (n + 1));
        if (all.length > 0) expect([kept[0], kept.at(-1)]).toEqual([0, all.length - 1]);
      }),
    );
  });

  test('every column keeps its least and its greatest value, so a spike of one step stays', () => {
    fc.assert(
      fc.property(values, columns, (all, n) => {
        const { x, y } = line(all);
        const to = x.at(-1) ?? 1;
        const kept = decimated(x, y, 0, to, n);
        const column = (i: number) => Math.floor(((x[i] ?? 0) / to) * n);
        const extremes = (places: Iterable<number>) => {
          const found = new Map<number, { least: number; greatest: number }>();
          for (const i of places) {
            const value = y[i] ?? Number.NaN;
            if (!Number.isFinite(value)) continue;
            const before = found.get(column(i)) ?? { least: value, greatest: value };
            found.set(column(i), { least: Math.min(before.least, value), greatest: Math.max(before.greatest, value) });
          }
          return found;
        };
        expect(extremes(kept)).toEqual(extremes(all.keys()));
      }),
    );
  });

  test('what is not finite is still seen', () => {
    fc.assert(
      fc.property(values, columns, (all, n) => {
        const { x, y } = line(all);
        const kept = Array.from(decimated(x, y, 0, x.at(-1) ?? 1, n));
        expect(kept.some((i) => !Number.isFinite(y[i]))).toBe(all.some((value) => !Number.isFinite(value)));
      }),
    );
  });
});

test('of a part, the points next to it are kept: the line goes to its edges', () => {
  const { x, y } = line(Array.from({ length: 1000 }, (_, i) => i));
  const kept = decimated(x, y, 301, 599, 10);
  expect([kept[0], kept.at(-1)]).toEqual([100, 200]);
  expect(Array.from(decimated(x, y, 301, 307, 100))).toEqual([100, 101, 102, 103]);
});

test('a hundred thousand points take a few milliseconds', () => {
  const n = 100_000;
  const x = Float64Array.from({ length: n }, (_, i) => i);
  const y = x.map((at) => Math.sin(at / 50));
  const before = performance.now();
  for (let k = 0; k < 10; k++) decimated(x, y, 0, n, 1000);
  expect((performance.now() - before) / 10).toBeLessThan(60);
});
