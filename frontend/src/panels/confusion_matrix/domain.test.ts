import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusion } from '../../math/confusion';
import { matrix } from '../../math/confusion.fixture';
import { type Domain, domain, roundUp, shareOf, unsure } from './domain';

/** Two classes of 1,000 examples with `n` of the first taken for the second. */
const step = (n: number) =>
  confusion(
    matrix([
      [1000 - n, n],
      [0, 1000],
    ]),
  );

describe('domain', () => {
  it('is the same whatever step is shown, and says when a step goes above', () => {
    expect(domain([step(500), step(60), step(45), step(48), step(41)], 'row', 'errors')).toMatchObject({ top: 0.05, exceeded: true });
    expect(domain([step(45)], 'row', 'errors')).toMatchObject({ top: 0.05, exceeded: false });
  });

  it('of rates with the diagonal is 0 to 1, of counts reaches the largest', () => {
    expect(domain([step(500)], 'row', 'all')).toMatchObject({ top: 1, exceeded: false });
    expect(domain([step(500), step(0)], 'count', 'all')).toMatchObject({ top: 1000, exceeded: false });
  });

  it('exists without errors and without samples', () => {
    expect(domain([step(0)], 'row', 'errors').top).toBeGreaterThan(0);
    expect(domain([], 'count', 'errors').top).toBe(1);
  });

  it('is not set by a rate of few examples where there are others', () => {
    //   a   1 of 2 wrong: 50 %, of which nobody can be sure
    //   b  40 of 1,000 wrong
    const c = confusion(
      matrix([
        [1, 1],
        [40, 960],
      ]),
    );
    expect(domain([c], 'row', 'errors').top).toBe(0.04);
  });
});

describe('shareOf', () => {
  const domains: fc.Arbitrary<Domain> = fc
    .record({ top: fc.double({ min: 1e-6, max: 1e9, noNaN: true }), scale: fc.constantFrom('linear' as const, 'log' as const) })
    .map(({ top, scale }) => ({ top, low: scale === 'log' ? top / 1000 : 0, scale, exceeded: false }));

  it('rises with the value, from 0 at the low end to 1 at the top', () => {
    fc.assert(
      fc.property(domains, fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true }), (d, a, b) => {
        expect(shareOf(d.low, d)).toBe(0);
        expect(shareOf(d.top, d)).toBe(1);
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(shareOf(low * d.top, d)).toBeLessThanOrEqual(shareOf(high * d.top, d));
      }),
    );
  });

  it('by the logarithm, ten times as much is as far everywhere', () => {
    const d = domain([step(500)], 'row', 'all', 'log');
    expect(shareOf(0.1, d) - shareOf(0.01, d)).toBeCloseTo(shareOf(1, d) - shareOf(0.1, d), 12);
  });
});

describe('the domain of lifts', () => {
  it('depends on the number of classes alone', () => {
    expect(domain([step(1)], 'lift', 'errors').top).toBe(domain([step(999)], 'lift', 'errors').top);
  });
});

describe('roundUp', () => {
  it('never lies below, and never at more than one and a half times', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (x) => {
        expect(roundUp(x)).toBeGreaterThanOrEqual(x * (1 - 1e-8));
        expect(roundUp(x)).toBeLessThanOrEqual(x * 1.5 + 1e-9);
      }),
    );
  });
});

describe('unsure', () => {
  it('tells 3 of 6 from 3,000 of 6,000', () => {
    expect(unsure(0.5, 6)).toBe(true);
    expect(unsure(0.5, 6000)).toBe(false);
  });
});
