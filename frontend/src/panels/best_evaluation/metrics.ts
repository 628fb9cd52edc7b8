/** By what evaluations are compared: each a number with its interval, or without one where there is none. */
import { macroF1, macroRecall } from '../../math/averages';
import type { Judged } from '../../math/best';
import {
  accuracy,
  accuracyInterval,
  type Confusion,
  f1,
  f1Interval,
  precision,
  precisionInterval,
  recall,
  recallInterval,
} from '../../math/confusion';
import { type Estimate, estimate } from '../../math/curve';
import { percent } from '../../math/format';
import type { ScoreHistory } from '../../schema.gen';
import { four, three } from '../score_curves/words';

interface Told {
  readonly name: string;
  /** Whether less is better. */
  readonly isLowest: boolean;
  readonly write: (x: number) => string;
}

/** Of the matrix, by itself. */
interface OfMatrix extends Told {
  readonly of: (c: Confusion) => Estimate;
}

/** Of one class of it. */
interface OfClass extends Told {
  readonly of: (c: Confusion, k: number) => Estimate;
}

interface OfScores extends Told {
  readonly of: (history: ScoreHistory, i: number) => Estimate;
}

const rate = { isLowest: false, write: percent } as const;

export const OF_MATRIX = {
  accuracy: { ...rate, name: 'accuracy', of: (c) => ({ value: accuracy(c), range: accuracyInterval(c) }) },
  macro_recall: { ...rate, name: 'mean recall', of: macroRecall },
  macro_f1: { ...rate, name: 'mean F1', of: macroF1 },
} as const satisfies Record<string, OfMatrix>;

export const OF_CLASS = {
  recall: { ...rate, name: 'recall', of: (c, k) => ({ value: recall(c, k), range: recallInterval(c, k) }) },
  precision: { ...rate, name: 'precision', of: (c, k) => ({ value: precision(c, k), range: precisionInterval(c, k) }) },
  f1: { ...rate, name: 'F1', of: (c, k) => ({ value: f1(c, k), range: f1Interval(c, k) }) },
} as const satisfies Record<string, OfClass>;

export const OF_SCORES = {
  auc: { isLowest: false, write: four, name: 'AUC', of: (h, i) => estimate(h.auc[i], h.auc_low[i], h.auc_high[i]) },
  ap: { isLowest: false, write: four, name: 'AP', of: (h, i) => estimate(h.ap[i], null, null) },
  nll: { isLowest: true, write: three, name: 'NLL', of: (h, i) => estimate(h.nll[i], h.nll_low[i], h.nll_high[i]) },
  brier: { isLowest: true, write: three, name: 'Brier', of: (h, i) => estimate(h.brier[i], h.brier_low[i], h.brier_high[i]) },
  ece: { isLowest: true, write: four, name: 'ECE', of: (h, i) => estimate(h.ece[i], null, null) },
} as const satisfies Record<string, OfScores>;

export type Metric = keyof typeof OF_MATRIX | keyof typeof OF_CLASS | keyof typeof OF_SCORES;

/** Whether it is one that scores give. */
export function isOfScores(metric: Metric): metric is keyof typeof OF_SCORES {
  return Object.hasOwn(OF_SCORES, metric);
}

export function isOfClass(metric: Metric): metric is keyof typeof OF_CLASS {
  return Object.hasOwn(OF_CLASS, metric);
}

export function toldOf(metric: Metric): Told {
  return isOfScores(metric) ? OF_SCORES[metric] : isOfClass(metric) ? OF_CLASS[metric] : OF_MATRIX[metric];
}

/** A metric at every evaluation of a score history. */
export function judgedByScores(metric: keyof typeof OF_SCORES, history: ScoreHistory): readonly Judged[] {
  return Array.from(history.step, (step, i) => ({ step, ...OF_SCORES[metric].of(history, i) }));
}
