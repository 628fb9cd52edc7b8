import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answered } from '../panels/score_curves/curves.fixture';
import { cheapest, costsOf } from './cost';
import { type Curve, curvesOf } from './curve';
import { scored } from './curve.fixture';

type Samples = Parameters<typeof answered>[0][number];

function curveOf(samples: Samples): Curve {
  const [curve] = curvesOf(answered([samples]));
  if (curve === undefined) throw new Error('no curve');
  return curve;
}

const cost = fc.integer({ min: 0, max: 20 });
const costs = fc.record({ falseAlarm: cost, miss: cost }).filter(({ falseAlarm, miss }) => falseAlarm + miss > 0);

/** Mean cost by counting, where samples from a score on are called positive. */
function counted({ score, positive }: Samples, threshold: number, falseAlarm: number, miss: number): number {
  const each = score.map((s, i) => (s >= threshold ? (positive[i] ? 0 : falseAlarm) : positive[i] ? miss : 0));
  return each.reduce((a, b) => a + b, 0) / score.length;
}

describe('the cheapest threshold', () => {
  it('costs what counting says, and no threshold costs less', () => {
    fc.assert(
      fc.property(scored, costs, (samples, { falseAlarm, miss }) => {
        const curve = curveOf(samples);
        const found = cheapest(curve, { falseAlarm, miss });
        if (curve.positives === 0 || found === undefined) return;
        const all = [...samples.score, Number.POSITIVE_INFINITY, 0].map((t) => counted(samples, t, falseAlarm, miss));
        expect(found.cost).toBeCloseTo(Math.min(...all), 12);
        expect(counted(samples, found.threshold, falseAlarm, miss)).toBeCloseTo(found.cost, 12);
      }),
    );
  });

  it('is the same in any unit', () => {
    fc.assert(
      fc.property(scored, costs, fc.integer({ min: 1, max: 1000 }), (samples, { falseAlarm, miss }, unit) => {
        const curve = curveOf(samples);
        const one = cheapest(curve, { falseAlarm, miss });
        const other = cheapest(curve, { falseAlarm: falseAlarm * unit, miss: miss * unit });
        expect(other?.threshold).toBe(one?.threshold);
        expect(other?.even).toEqual(one?.even);
        if (one !== undefined) expect(other?.cost).toBeCloseTo(one.cost * unit, 8);
      }),
    );
  });

  it('is the highest of equals, though their costs round otherwise in another unit', () => {
    const curve = curveOf({ of: 3, score: [0, 0, 0, 0.05, 0.05], positive: [false, false, true, false, true] });
    for (const unit of [3, 3 * 693]) {
      expect(cheapest(curve, { falseAlarm: unit, miss: unit })?.threshold).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('rises with the cost of a false alarm', () => {
    fc.assert(
      fc.property(scored, costs, cost, (samples, { falseAlarm, miss }, more) => {
        const curve = curveOf(samples);
        const threshold = (alarm: number) => cheapest(curve, { falseAlarm: alarm, miss })?.threshold ?? 0;
        expect(threshold(falseAlarm + more)).toBeGreaterThanOrEqual(threshold(falseAlarm));
      }),
    );
  });

  it('lies within its interval, and within the thresholds that are not surely dearer', () => {
    fc.assert(
      fc.property(scored, costs, (samples, each) => {
        const found = cheapest(curveOf(samples), each);
        if (found?.range === undefined || found.even === undefined) return;
        expect(found.range.low).toBeLessThanOrEqual(found.cost + 1e-12);
        expect(found.range.high).toBeGreaterThanOrEqual(found.cost - 1e-12);
        expect(found.even[0]).toBeLessThanOrEqual(found.threshold);
        expect(found.even[1]).toBeGreaterThanOrEqual(found.threshold);
      }),
    );
  });

  it('stands alone where ten thousand samples tell it from the others, and not where ten do', () => {
    const samples = (times: number): Samples => {
      const pairs = [0.9, 0.7, 0.5, 0.3].flatMap((score, i) => [
        ...Array.from({ length: times * (4 - i) ** 2 }, () => ({ score, positive: true })),
        ...Array.from({ length: times * (i + 1) ** 2 }, () => ({ score, positive: false })),
      ]);
      return { of: 0, score: pairs.map(({ score }) => score), positive: pairs.map(({ positive }) => positive) };
    };
    const even = (times: number) => cheapest(curveOf(samples(times)), { falseAlarm: 1, miss: 1 })?.even?.map((t) => t.toFixed(1));
    expect(even(200)).toEqual(['0.7', '0.7']);
    expect(even(1)).toEqual(['0.5', '0.9']);
  });
});

it('reads costs of a link, and nothing else', () => {
  expect(costsOf('1:5')).toEqual({ falseAlarm: 1, miss: 5 });
  expect(costsOf('0.5:0')).toEqual({ falseAlarm: 0.5, miss: 0 });
  for (const told of [undefined, '', '1', '0:0', '-1:2', '1:2:3', 'a:b', '1:', '1:Infinity']) expect(costsOf(told)).toBeUndefined();
});
