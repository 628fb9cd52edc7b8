import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answered } from '../panels/score_curves/curves.fixture';
import { type Curve, curvesOf, detLine, type Place, precisionLine, probit, rocLine } from './curve';
import { areaBelow, averagePrecision, scored } from './curve.fixture';

function curveOf(samples: Parameters<typeof answered>[0][number]): Curve {
  const [curve] = curvesOf(answered([samples]));
  if (curve === undefined) throw new Error('no curve');
  return curve;
}

/** How often a positive is scored above a negative, ties counting a half. */
function concordance({ score, positive }: Parameters<typeof curveOf>[0]): number {
  let [sum, pairs] = [0, 0];
  score.forEach((a, i) => {
    score.forEach((b, j) => {
      if (!positive[i] || positive[j]) return;
      pairs += 1;
      sum += a > b ? 1 : a === b ? 0.5 : 0;
    });
  });
  return sum / pairs;
}

function below(line: readonly Place[]): number {
  return line.slice(1).reduce((sum, [x, y], i) => {
    const [before, last] = line[i] ?? [0, 0];
    return sum + ((x - before) * (y + last)) / 2;
  }, 0);
}

describe('a curve', () => {
  it('has the area that is told of it, which is how often a positive is scored above a negative', () => {
    fc.assert(
      fc.property(scored, (samples) => {
        const curve = curveOf(samples);
        if (curve.undefined !== '') {
          expect(curve.auc.value).toBeUndefined();
          return;
        }
        expect(areaBelow(curve)).toBeCloseTo(curve.auc.value ?? Number.NaN, 12);
        expect(curve.auc.value).toBeCloseTo(concordance(samples), 12);
        expect(below(rocLine(curve))).toBeCloseTo(concordance(samples), 12);
      }),
    );
  });

  it('has below its precision-recall line the average precision that is told of it', () => {
    fc.assert(
      fc.property(scored, (samples) => {
        const curve = curveOf(samples);
        if (curve.undefined === 'no positives') {
          expect(precisionLine(curve)).toEqual([]);
          return;
        }
        expect(averagePrecision(curve)).toBeCloseTo(curve.ap.value ?? Number.NaN, 12);
        expect(below(precisionLine(curve))).toBeCloseTo(curve.ap.value ?? Number.NaN, 12);
        // Without negatives every positive is found for sure.
        if (curve.undefined === 'no negatives') expect(precisionLine(curve).every(([, y]) => y === 1)).toBe(true);
      }),
    );
  });

  it('never falls', () => {
    fc.assert(
      fc.property(scored, (samples) => {
        const curve = curveOf(samples);
        for (const rates of [curve.recall, curve.falsePositiveRate]) {
          for (let i = 1; i < rates.length; i++) expect((rates[i] ?? 0) >= (rates[i - 1] ?? 0) || Number.isNaN(rates[i])).toBe(true);
        }
        const det = curve.undefined === '' ? detLine(curve) : [];
        for (let i = 1; i < det.length; i++) expect(det[i]?.[1]).toBeLessThanOrEqual(det[i - 1]?.[1] ?? Number.NaN);
        expect(det.flat().every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('is cut out of an answer of several as if it were asked for alone', () => {
    fc.assert(
      fc.property(fc.array(scored, { minLength: 1, maxLength: 4 }), (several) => {
        expect(curvesOf(answered(several))).toEqual(several.map(curveOf));
      }),
    );
  });

  it('has no points, band and histograms where the numbers of all were asked for', () => {
    const [curve] = curvesOf(answered([{ of: 0, score: [0.1, 0.9], positive: [false, true] }], { points: false }));
    expect([curve?.auc.value, curve?.recall.length, curve?.band, curve?.scores]).toEqual([1, 0, undefined, undefined]);
  });
});

describe('probit', () => {
  // SciPy: norm.ppf.
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.001, -3.090232306167813],
    [1e-6, -4.753424308822899],
    [0.3, -0.5244005127080409],
  ])('of %f is %f', (p, z) => expect(probit(p)).toBeCloseTo(z, 7));

  it('is odd about a half', () => {
    fc.assert(fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => Math.abs(probit(p) + probit(1 - p)) < 1e-6));
  });
});
