/** Sentences of scores: whether a model is as often right as it is sure, and how well its scores tell a class from the rest. */
import type { Calibration } from '../schema.gen';
import type { Curve } from './curve';
import { middle } from './ellipsis';
import { LEVEL } from './exact_tests';
import { between, decimals, percent } from './format';
import type { Part, Sentence } from './sentences_predictions';
import { newcombe } from './wilson';

const RELIABILITY = '[data-panel="score_curves"] [data-picture="reliability"]';
const ROC = '[data-panel="score_curves"] [data-picture="roc"]';

/** Fewer samples are not spoken of. */
const LEAST_SAMPLES = 50;

/**
 * "Over-confident: sure to 96.1 % on average, right in 88.7 %; ECE 0.074, by chance up to 0.031", where the error is larger than
 * in 95 % of evaluations of a perfectly calibrated model. Undefined where it is not, or of few samples.
 */
export function confidenceSentence(c: Calibration): Sentence | undefined {
  if (c.ece === null || c.ece_floor === null || c.samples < LEAST_SAMPLES) return undefined;
  const most = c.ece_floor * chanceOf(c);
  if (!(c.ece > most)) return undefined;
  const { confidence, accuracy, spread } = means(c);
  const gap = confidence - accuracy;
  const ofClass = c.of !== 'predicted class';
  const verdict =
    Math.abs(gap) <= 1.96 * spread
      ? 'Confidence is off'
      : ofClass
        ? `Probabilities are too ${gap > 0 ? 'high' : 'low'}`
        : gap > 0
          ? 'Over-confident'
          : 'Under-confident';
  const told = ofClass
    ? `${percent(confidence)} on average, true in ${percent(accuracy)}`
    : `sure to ${percent(confidence)} on average, right in ${percent(accuracy)}`;
  return [
    { text: verdict, shows: RELIABILITY, selects: {}, term: 'over-confident', exact: c.ece },
    { text: `: ${told}` },
    { text: `; ECE ${decimals(c.ece, 3)}, by chance up to ${decimals(most, 3)}`, tone: 'soft' },
  ];
}

/** Mean confidence and accuracy of all samples, by weight, and how far their difference is off by chance. */
function means({ trials, confidence, accuracy }: Calibration) {
  let [all, sure, right, variance] = [0, 0, 0, 0];
  trials.forEach((each, b) => {
    if (each === 0) return;
    all += each;
    const p = confidence[b] ?? 0;
    sure += each * p;
    right += each * (accuracy[b] ?? 0);
    variance += each * p * (1 - p);
  });
  return { confidence: sure / all, accuracy: right / all, spread: Math.sqrt(variance) / all };
}

const DRAWS = 2000;

const known = new WeakMap<Calibration, number>();

/**
 * How many times its mean the error of a perfectly calibrated model is in 95 % of evaluations at most: drawn 2,000 times, each
 * bin's right ones binomially with its mean confidence. As a multiple, since the mean itself is known exactly.
 */
function chanceOf(c: Calibration): number {
  const found = known.get(c) ?? drawn(c);
  known.set(c, found);
  return found;
}

function drawn({ trials, confidence }: Calibration): number {
  const next = generator(20_240_229);
  const whole = Array.from(trials, (n) => (n > 0 ? Math.max(1, Math.round(n)) : 0));
  const bins = whole.flatMap((each, b) => (each > 0 ? [{ n: each, p: Math.min(1, Math.max(0, confidence[b] ?? 0)) }] : []));
  const errors = Float64Array.from({ length: DRAWS }, () =>
    bins.reduce((sum, { n, p }) => sum + Math.abs(binomial(next, n, p) - n * p), 0),
  ).sort();
  const mean = errors.reduce((sum, x) => sum + x, 0) / DRAWS;
  return mean === 0 ? 1 : (errors[Math.ceil((1 - LEVEL) * DRAWS)] ?? Number.POSITIVE_INFINITY) / mean;
}

/** How many of n succeed: where few of one sort are expected by inverting the distribution, else normally. */
function binomial(next: () => number, n: number, p: number): number {
  if (p > 0.5) return n - binomial(next, n, 1 - p);
  if (n * p > 20) {
    const z = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    return n * p + z * Math.sqrt(n * p * (1 - p));
  }
  let term = (1 - p) ** n;
  let through = term;
  const u = next();
  let k = 0;
  while (u > through && k < n) {
    term *= ((n - k) * p) / ((k + 1) * (1 - p));
    k++;
    through += term;
  }
  return k;
}

/** Numbers from 0 to 1, the same ones each time (mulberry32): a sentence must not come and go. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Another evaluation's curve, and what it is called. */
export interface OtherCurve {
  readonly curve: Curve;
  /** "step 300", or the reference. */
  readonly name: string;
  /** Of the same training, or of another one. */
  readonly isEarlier: boolean;
}

/**
 * "AUC of 8: 0.981, 95 % interval 0.969 – 0.988; better than at step 300: 0.953". A difference is said where the interval of
 * the difference of two independent areas leaves 0 out (Newcombe's way with DeLong's intervals); of the same samples that is
 * on the safe side.
 */
export function areaSentence(curve: Curve, label: string, other: OtherCurve | undefined): Sentence | undefined {
  const { value, range } = curve.auc;
  if (value === undefined || curve.undefined !== '') return undefined;
  const ends = range === undefined ? '' : `, 95 % interval ${between(range, (x) => decimals(x, 3))}`;
  return [
    { text: `AUC of ${middle(label, 40)}: ${decimals(value, 3)}`, selects: {}, shows: ROC, term: 'AUC', exact: value },
    ...(ends === '' ? [] : [{ text: ends, tone: 'soft' } as const]),
    ...(other === undefined ? [] : comparison(curve, other)),
  ];
}

function comparison({ auc }: Curve, { curve, name, isEarlier }: OtherCurve): readonly Part[] {
  const there = curve.auc;
  if (there.value === undefined) return [];
  const range = newcombe(auc.value, auc.range, there.value, there.range);
  if (range === undefined) return [];
  const verdict =
    range.low > 0 ? 'better than' : range.high < 0 ? 'worse than' : isEarlier ? 'no clear change since' : 'no clear difference from';
  const at = isEarlier && verdict.endsWith('than') ? ' at' : '';
  return [{ text: `; ${verdict}${at} ${name}: ${decimals(there.value, 3)}`, tone: 'soft' }];
}
