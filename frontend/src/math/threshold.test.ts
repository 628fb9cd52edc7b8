import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answered } from '../panels/score_curves/curves.fixture';
import { type Curve, curvesOf } from './curve';
import { scored } from './curve.fixture';
import { isWeighted, moved, nearestVertex, operating, operatingAt, pointAt, pointNear, pointOfRecall, vertices } from './threshold';

function curveOf(samples: Parameters<typeof answered>[0][number]): Curve {
  const [curve] = curvesOf(answered([samples]));
  if (curve === undefined) throw new Error('no curve');
  return curve;
}

/** As it is stored: positives that no negative separates have one point, at the lowest of their scores. */
function merged(curve: Curve): Curve {
  const kept = Array.from(curve.recall.keys()).filter(
    (i) =>
      i === 0 ||
      Number.isNaN(curve.threshold[i]) ||
      !Number.isFinite(curve.threshold[i + 1]) ||
      curve.falsePositiveRate[i] !== curve.falsePositiveRate[i + 1],
  );
  const of = (values: Float64Array) => Float64Array.from(kept, (i) => values[i] ?? Number.NaN);
  const { threshold, falsePositiveRate, recall, precision } = curve;
  return { ...curve, threshold: of(threshold), falsePositiveRate: of(falsePositiveRate), recall: of(recall), precision: of(precision) };
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('the point of a threshold', () => {
  it('is the last vertex that is not below, and the nearest where nobody chose one', () => {
    fc.assert(
      fc.property(scored, share, (samples, t) => {
        const curve = curveOf(samples);
        const at = (i: number) => curve.threshold[i] ?? 0;
        expect(pointAt(curve, t)).toBe(Math.max(0, ...vertices(curve).filter((i) => at(i) >= t)));
        const own = vertices(curve).filter((i) => at(i) > 0);
        const far = (i: number) => Math.abs(at(i) - t);
        if (own.length > 0) expect(far(pointNear(curve, t))).toBe(Math.min(...own.map(far)));
      }),
    );
  });

  it('holds what counting at any threshold gives, and says it alone where it is known', () => {
    fc.assert(
      fc.property(scored, fc.oneof(share, fc.constant(0.5)), (samples, t) => {
        const whole = curveOf(samples);
        if (vertices(whole).length === 0 || whole.positives === 0) return;
        for (const curve of [whole, merged(whole)]) {
          const here = operatingAt(curve, t);
          const count = (is: boolean) => samples.score.filter((s, k) => samples.positive[k] === is && s >= t).length;
          const [tp, fp] = [count(true), count(false)];
          const holds = ({ value, most }: typeof here.recall, truth: number) => {
            if (Number.isNaN(truth)) return;
            expect(truth).toBeGreaterThanOrEqual((value ?? 0) - 1e-12);
            expect(truth).toBeLessThanOrEqual((most ?? value ?? 1) + 1e-12);
          };
          expect(here.threshold).toBe(t);
          holds(here.recall, tp / curve.positives);
          holds(here.falsePositiveRate, fp / curve.negatives);
          holds(here.precision, tp / (tp + fp));
        }
      }),
    );
  });

  it('is told as it is where it is one of the curve', () => {
    fc.assert(
      fc.property(scored, (samples) => {
        const curve = curveOf(samples);
        for (const i of vertices(curve)) expect(operatingAt(curve, curve.threshold[i] ?? 0)).toEqual(operating(curve, i));
      }),
    );
  });

  it('has the recall of counting at its own threshold', () => {
    fc.assert(
      fc.property(scored, share, (samples, t) => {
        const curve = curveOf(samples);
        const i = pointAt(curve, t);
        const own = samples.score.filter((_, k) => samples.positive[k]);
        if (own.length === 0) return;
        expect(curve.recall[i]).toBeCloseTo(own.filter((s) => s >= (curve.threshold[i] ?? 0)).length / own.length, 12);
      }),
    );
  });

  it('has the precision and the false positive rate of counting at its own threshold', () => {
    fc.assert(
      fc.property(scored, share, (samples, t) => {
        const curve = curveOf(samples);
        const here = operating(curve, pointAt(curve, t));
        const count = (is: boolean) => samples.score.filter((s, k) => samples.positive[k] === is && s >= here.threshold).length;
        const [tp, fp] = [count(true), count(false)];
        expect(here.precision.of).toEqual([tp, tp + fp]);
        expect(here.precision.value).toBe(tp + fp === 0 ? undefined : tp / (tp + fp));
        expect(here.falsePositiveRate.of).toEqual([fp, curve.negatives]);
        expect(here.falsePositiveRate.value).toBe(curve.negatives === 0 ? undefined : fp / curve.negatives);
        const { value, range } = here.recall;
        if (value !== undefined)
          expect([range?.low ?? 1, range?.high ?? 0].map((end) => Math.sign(end - value) || 0)).toEqual(
            [-1, 1].map((s) => expectSign(s, value)),
          );
      }),
    );
  });

  it('stays where it is when its own threshold is chosen', () => {
    fc.assert(
      fc.property(scored, (samples) => {
        const curve = curveOf(samples);
        for (const i of vertices(curve)) expect(pointAt(curve, curve.threshold[i] ?? Number.NaN)).toBe(i);
      }),
    );
  });

  it('falls in recall as the threshold rises', () => {
    fc.assert(
      fc.property(scored, share, share, (samples, a, b) => {
        const curve = curveOf(samples);
        expect(pointAt(curve, Math.max(a, b))).toBeLessThanOrEqual(pointAt(curve, Math.min(a, b)));
      }),
    );
  });
});

/** An end of the interval that is the rate itself, at 0 and 1, has no sign. */
function expectSign(sign: number, value: number): number {
  return (sign < 0 && value === 0) || (sign > 0 && value === 1) ? 0 : sign;
}

describe('moving along a curve', () => {
  it('goes on by one vertex, and back again', () => {
    fc.assert(
      fc.property(scored, (samples) => {
        const curve = curveOf(samples);
        const all = vertices(curve);
        all.forEach((i, k) => {
          expect(moved(curve, i, 1)).toBe(all[Math.min(all.length - 1, k + 1)]);
          expect(moved(curve, i, -1)).toBe(all[Math.max(0, k - 1)]);
        });
        if (all.length === 0) return;
        expect([moved(curve, 0, Number.NEGATIVE_INFINITY), moved(curve, 0, Number.POSITIVE_INFINITY)]).toEqual([all[0], all.at(-1)]);
        expect(moved(curve, 0, 1)).toBe(all[0]);
      }),
    );
  });

  it('finds the first point with enough recall, and the nearest to a place', () => {
    fc.assert(
      fc.property(scored, share, (samples, least) => {
        const curve = curveOf(samples);
        if (curve.positives === 0) return;
        const found = pointOfRecall(curve, least) ?? -1;
        expect(curve.recall[found]).toBeGreaterThanOrEqual(least - 1e-12);
        for (const i of vertices(curve).filter((each) => each < found)) expect(curve.recall[i]).toBeLessThan(least);
        const far = (i: number) => Math.abs((curve.recall[i] ?? 0) - least);
        expect(far(nearestVertex(curve, far) ?? -1)).toBe(Math.min(...vertices(curve).map(far)));
      }),
    );
  });
});

describe('weights', () => {
  it('are seen, and then there is no interval that counts samples', () => {
    const curve = curveOf({ of: 0, score: [0.9, 0.6, 0.4, 0.2], positive: [true, false, true, false] });
    expect(isWeighted(curve)).toBe(false);
    const weighted = { ...curve, recall: curve.recall.map((r) => (r === 0.5 ? 0.7 : r)) };
    expect(isWeighted(weighted)).toBe(true);
    expect(operating(weighted, pointAt(weighted, 0.9)).recall).toEqual({ value: 0.7, most: undefined, range: undefined, of: undefined });
  });

  it('pooled decisions have counts and no interval', () => {
    const curve = { ...curveOf({ of: 0, score: [0.9, 0.1], positive: [true, false] }), of: -1 };
    expect(operating(curve, pointAt(curve, 0.5)).recall).toEqual({ value: 1, most: undefined, range: undefined, of: [1, 1] });
  });
});
