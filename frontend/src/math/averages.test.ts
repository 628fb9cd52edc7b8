import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { macroF1, macroRecall } from './averages';
import { confusion, f1, recall } from './confusion';
import { matrix } from './confusion.fixture';

const dense = fc
  .integer({ min: 2, max: 5 })
  .chain((k) => fc.array(fc.array(fc.nat(9), { minLength: k, maxLength: k }), { minLength: k, maxLength: k }));

/** Seeded, uniform from 0 up to below 1. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('averages over the classes', () => {
  it('are means over the classes that there are, within their intervals', () => {
    fc.assert(
      fc.property(dense, (counts) => {
        const c = confusion(matrix(counts));
        const ids = counts.map((_, k) => k);
        for (const [average, rate] of [
          [macroRecall(c), recall],
          [macroF1(c), f1],
        ] as const) {
          const rates = ids.flatMap((k) => rate(c, k) ?? []);
          if (rates.length === 0) expect(average).toEqual({ value: undefined, range: undefined });
          else {
            expect(average.value).toBeCloseTo(rates.reduce((a, b) => a + b, 0) / rates.length, 12);
            expect(average.range?.low).toBeLessThanOrEqual((average.value ?? 0) + 1e-12);
            expect(average.range?.high).toBeGreaterThanOrEqual((average.value ?? 1) - 1e-12);
          }
        }
      }),
    );
  });

  it('of two classes of which half is right each are one half', () => {
    const c = confusion(
      matrix([
        [5, 5],
        [5, 5],
      ]),
    );
    expect([macroRecall(c).value, macroF1(c).value]).toEqual([0.5, 0.5]);
  });

  it('have intervals that hold the truth about as often as they say', () => {
    // One class is mostly taken for another, so that one mistake lowers two F1.
    const truth = [
      [0.3, 0.03, 0.02],
      [0.15, 0.15, 0.0],
      [0.02, 0.03, 0.3],
    ];
    const all = confusion(matrix(truth.map((row) => row.map((p) => Math.round(p * 10_000)))));
    const [trueRecall, trueF1] = [macroRecall(all).value ?? 0, macroF1(all).value ?? 0];
    const random = uniform(1);
    let [recalls, f1s] = [0, 0];
    for (let trial = 0; trial < 400; trial++) {
      const counts = truth.map((row) => row.map(() => 0));
      for (let n = 0; n < 120; n++) {
        let left = random();
        const cell = truth.flat().findIndex((p) => {
          left -= p;
          return left < 0;
        });
        const row = counts[Math.floor(Math.max(0, cell) / 3)];
        if (row !== undefined) row[Math.max(0, cell) % 3] = (row[Math.max(0, cell) % 3] ?? 0) + 1;
      }
      const c = confusion(matrix(counts));
      const holds = (x: number, range?: { readonly low: number; readonly high: number }) =>
        range !== undefined && range.low <= x && x <= range.high;
      if (holds(trueRecall, macroRecall(c).range)) recalls++;
      if (holds(trueF1, macroF1(c).range)) f1s++;
    }
    expect(recalls / 400).toBeGreaterThan(0.92);
    expect(f1s / 400).toBeGreaterThan(0.92);
    expect(f1s / 400).toBeLessThan(0.995);
  });
});
