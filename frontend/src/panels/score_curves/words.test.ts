import fc from 'fast-check';
import { expect, it } from 'vitest';
import { curvesOf } from '../../math/curve';
import { scored } from '../../math/curve.fixture';
import { roomBelow, vertices } from '../../math/threshold';
import { noise } from '../scalars/scalars.fixture';
import { answered, type Scored } from './curves.fixture';
import { thresholdText } from './words';

/** What a person who types a threshold in types. */
function typed(text: string): number {
  const plain = text.replaceAll('−', '-');
  return plain.startsWith('1 - ') ? 1 - Number(plain.slice(4)) : Number(plain);
}

it('a threshold is never written too high, and has few digits', () => {
  fc.assert(
    fc.property(fc.double({ min: Number.MIN_VALUE, max: 1 - Number.EPSILON, noNaN: true }), (t) => {
      const text = thresholdText(t);
      expect(typed(text)).toBeLessThanOrEqual(t);
      expect(text.length).toBeLessThanOrEqual('1 − 1.2e−16'.length);
    }),
  );
});

it('a threshold is written so exactly as is asked for', () => {
  const unit = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
  fc.assert(
    fc.property(unit, unit, (t, room) => {
      expect(t - typed(thresholdText(t, room))).toBeLessThan(room);
    }),
  );
});

/** Positives and negatives above a threshold. */
function counted({ score, positive }: Scored, from: number) {
  const above = (is: boolean) => score.filter((s, i) => positive[i] === is && s >= from).length;
  return [above(true), above(false)];
}

it('the written threshold finds just the positives of the threshold itself', () => {
  fc.assert(
    fc.property(scored, (samples) => {
      const [curve] = curvesOf(answered([samples]));
      if (curve === undefined) return;
      for (const i of vertices(curve)) {
        const t = curve.threshold[i] ?? 0;
        if (t <= 0) continue;
        expect(counted(samples, typed(thresholdText(t, roomBelow(curve, t))))[0]).toBe(counted(samples, t)[0]);
      }
    }),
  );
});

it('of scores as models give them it finds the very samples, whatever their number', () => {
  for (const n of [20, 300, 1500]) {
    const random = noise(n);
    const positive = Array.from({ length: n }, (_, i) => i % 3 === 0);
    const score = positive.map((is) => 1 / (1 + Math.exp(-3 * (random() + random() + random() - 1.5) - (is ? 1 : -1))));
    const [curve] = curvesOf(answered([{ of: 0, score, positive }]));
    if (curve === undefined) throw new Error('no curve');
    const all = vertices(curve).filter((i) => (curve.threshold[i] ?? 0) > 0);
    const same = all.filter((i) => {
      const t = curve.threshold[i] ?? 0;
      return (
        `${counted({ of: 0, score, positive }, typed(thresholdText(t, roomBelow(curve, t))))}` ===
        `${counted({ of: 0, score, positive }, t)}`
      );
    });
    expect(same.length / all.length).toBeGreaterThan(0.99);
  }
});
