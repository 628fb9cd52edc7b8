import { describe, expect, it, test } from 'vitest';
import type { Calibration } from '../schema.gen';
import { type Curve, estimate } from './curve';
import { random } from './random.fixture';
import type { Sentence } from './sentences_predictions';
import { areaSentence, confidenceSentence } from './sentences_scores';

const text = (sentence: Sentence | undefined) => sentence?.map((part) => part.text.replace(/[\u2009\u202f\u00a0]/gu, ' ')).join('');
const BINS = 15;

/** The calibration of samples, each with a confidence, right with a probability of its own: as the server answers it. */
function calibration(
  samples: number,
  confidence: () => number,
  right: (p: number) => boolean,
  of: Calibration['of'] = 'predicted class',
): Calibration {
  const count = new Int32Array(BINS);
  const [sure, rights, variance] = [new Float64Array(BINS), new Float64Array(BINS), new Float64Array(BINS)];
  for (let i = 0; i < samples; i++) {
    const p = confidence();
    const b = Math.min(BINS - 1, Math.max(0, Math.ceil(p * BINS) - 1));
    count[b] = (count[b] ?? 0) + 1;
    sure[b] = (sure[b] ?? 0) + p;
    rights[b] = (rights[b] ?? 0) + (right(p) ? 1 : 0);
    variance[b] = (variance[b] ?? 0) + p * (1 - p);
  }
  const gap = Array.from(count, (_, b) => Math.abs((rights[b] ?? 0) - (sure[b] ?? 0)));
  return {
    kind: 'calibration',
    classes: 'fixture',
    epoch: null,
    of,
    by: 'width',
    samples,
    ece: gap.reduce((a, b) => a + b, 0) / samples,
    ece_floor: variance.reduce((sum, v) => sum + Math.sqrt((2 / Math.PI) * v), 0) / samples,
    ece_debiased: null,
    mce: null,
    brier: null,
    brier_low: null,
    brier_high: null,
    nll: null,
    nll_low: null,
    nll_high: null,
    clipped: 0,
    low: Float64Array.from(count, (_, b) => b / BINS),
    high: Float64Array.from(count, (_, b) => (b + 1) / BINS),
    count,
    trials: Float64Array.from(count),
    confidence: sure.map((x, b) => x / (count[b] ?? 0)),
    accuracy: rights.map((x, b) => x / (count[b] ?? 0)),
    accuracy_low: new Float64Array(BINS),
    accuracy_high: new Float64Array(BINS),
    coverage: new Float64Array(0),
    covered_accuracy: new Float64Array(0),
    covered_from: new Float64Array(0),
  };
}

describe('confidenceSentence', () => {
  const next = random(5);
  const sure = () => 0.5 + 0.5 * next() ** 0.3;

  it('tells means by weight where samples are weighted', () => {
    const told = calibration(
      2000,
      () => (next() < 0.5 ? 0.5 : 0.9),
      (p) => next() < p - 0.2,
    );
    const rare = { ...told, trials: told.trials.map((n, b) => (b > 10 ? n / 1000 : n)) };
    expect(text(confidenceSentence(rare))).toMatch(/^Over-confident: sure to 50(\.\d)? % on average, right in (29|30|31)(\.\d)? %;/);
  });

  it('says in which direction a model is wrong about itself', () => {
    const over = confidenceSentence(calibration(2000, sure, (p) => next() < p - 0.1));
    expect(text(over)).toMatch(
      /^Over-confident: sure to 8\d(\.\d)? % on average, right in 7\d(\.\d)? %; ECE 0\.\d+, by chance up to 0\.0\d+$/,
    );
    expect(over?.[0]?.shows).toContain('reliability');
    expect(
      text(
        confidenceSentence(
          calibration(
            2000,
            () => 0.5 + 0.3 * next(),
            (p) => next() < p + 0.1,
          ),
        ),
      ),
    ).toMatch(/^Under-confident/);
    expect(
      text(
        confidenceSentence(
          calibration(
            4000,
            () => (next() < 0.5 ? 0.6 : 0.8),
            (p) => next() < (p < 0.7 ? 0.7 : 0.7),
          ),
        ),
      ),
    ).toMatch(/^Confidence is off/);
  });

  it('speaks of probabilities where there are two classes', () => {
    expect(
      text(
        confidenceSentence(
          calibration(
            2000,
            () => 0.3 + 0.4 * next(),
            (p) => next() < p - 0.1,
            'positive class',
          ),
        ),
      ),
    ).toMatch(/^Probabilities are too high: 50(\.\d)? % on average, true in [34]\d(\.\d)? %/);
  });

  it('does not speak of few samples, nor where nothing is known', () => {
    expect(
      confidenceSentence(
        calibration(
          49,
          () => 0.99,
          () => false,
        ),
      ),
    ).toBeUndefined();
    expect(
      confidenceSentence({
        ...calibration(
          500,
          () => 0.99,
          () => false,
        ),
        ece: null,
      }),
    ).toBeUndefined();
  });

  test.each([
    [60, () => 0.5 + 0.5 * next()],
    [500, () => 0.5 + 0.5 * next() ** 0.3],
    [500, () => 1 - 0.05 * next() ** 3],
    [2000, () => next()],
  ])(
    'says of a perfectly calibrated model in one of twenty cases at most that it is not (%i samples)',
    (samples, confidence) => {
      let said = 0;
      for (let i = 0; i < 400; i++) said += confidenceSentence(calibration(samples, confidence, (p) => next() < p)) === undefined ? 0 : 1;
      // The level is met exactly: of 400 drawn a few more than 20 are within chance (binomially 32 in a thousand cases).
      expect(said).toBeLessThanOrEqual(32);
    },
    60_000,
  );
});

describe('areaSentence', () => {
  const curve = (auc: number, low: number, high: number, why = ''): Curve => ({
    of: 0,
    undefined: why,
    binned: false,
    isCounted: true,
    positives: 50,
    negatives: 450,
    auc: estimate(why === '' ? auc : Number.NaN, low, high),
    bound: 0,
    ap: estimate(0.5, null, null),
    prevalence: 0.1,
    threshold: new Float64Array(0),
    falsePositiveRate: new Float64Array(0),
    recall: new Float64Array(0),
    precision: new Float64Array(0),
    band: undefined,
    scores: undefined,
  });
  const now = curve(0.981, 0.969, 0.988);

  it('tells the area with its interval, and what changed only where that is sure', () => {
    expect(text(areaSentence(now, 'cat', undefined))).toBe('AUC of cat: 0.981, 95 % interval 0.969 – 0.988');
    const at = (other: Curve, isEarlier = true) =>
      text(areaSentence(now, 'cat', { curve: other, name: isEarlier ? 'step 300' : 'run-a', isEarlier }));
    expect(at(curve(0.9, 0.87, 0.93))).toContain('0.988; better than at step 300: 0.900');
    expect(at(curve(0.999, 0.997, 1))).toContain('; worse than at step 300: 0.999');
    expect(at(curve(0.975, 0.96, 0.985))).toContain('; no clear change since step 300: 0.975');
    expect(at(curve(0.9, 0.87, 0.93), false)).toContain('; better than run-a: 0.900');
    expect(at(curve(0.975, 0.96, 0.985), false)).toContain('; no clear difference from run-a: 0.975');
    expect(text(areaSentence(curve(0.9999, 0.999, 0.99999), 'cat', undefined))).toBe('AUC of cat: >0.999, 95 % interval 0.999 – >0.999');
  });

  it('is silent where there is no area, and compares nothing that has no interval', () => {
    expect(areaSentence(curve(0.5, 0, 1, 'no negatives'), 'cat', undefined)).toBeUndefined();
    const unsure = { ...now, auc: estimate(0.9, null, null) };
    expect(text(areaSentence(unsure, 'cat', { curve: now, name: 'step 300', isEarlier: true }))).toBe('AUC of cat: 0.900');
  });
});
