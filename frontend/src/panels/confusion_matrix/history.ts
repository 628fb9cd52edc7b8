import { confusion, recall } from '../../math/confusion';
import type { Series } from '../../panel';
import { type Evaluation, labelsOf, matched } from './evaluation';

export interface Moment {
  readonly step: number;
  /** Undefined where the class had no examples, or did not exist. */
  readonly recall: number | undefined;
}

/** Recall of a class at every kept step. Classes are found again by name where their set has changed. */
export function recallHistory({ series, labels }: Evaluation, classes: readonly Series<'classes'>[]): (k: number) => readonly Moment[] {
  const steps = series.points.map(({ step, payload }) => ({
    step,
    confusion: confusion(payload),
    ids: matched(labels, labelsOf(payload, series.run, classes)),
  }));
  const kept = new Map<number, readonly Moment[]>();
  return (k) => {
    let moments = kept.get(k);
    if (moments === undefined) {
      moments = steps.map(({ step, confusion: c, ids }) => ({ step, recall: recall(c, ids[k] ?? -1) }));
      kept.set(k, moments);
    }
    return moments;
  };
}
