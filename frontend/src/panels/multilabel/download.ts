/** The numbers of labels as they are saved, whole. */
import type { Field } from '../../components/download';
import { labelNumbers, type Pair, support } from '../../math/multilabel';
import type { Evaluation } from './evaluation';

const HEAD = [
  'label',
  'support',
  'tp',
  'fp',
  'fn',
  'tn',
  'unknown',
  'left_out',
  'precision',
  'precision_low',
  'precision_high',
  'recall',
  'recall_low',
  'recall_high',
  'f1',
  'f1_low',
  'f1_high',
] as const;

/** What the table of labels says, with the ends of the intervals. */
export function labelsOf({ point, labels }: Evaluation, ids: readonly number[]) {
  return ids.map((k) => {
    const one = labelNumbers(point.payload, k);
    return {
      label: labels[k] ?? '',
      support: support(one),
      ...one.counts,
      unknown: one.unknown,
      left_out: one.leftOut,
      precision: one.precision.value ?? null,
      precision_low: one.precision.range?.low ?? null,
      precision_high: one.precision.range?.high ?? null,
      recall: one.recall.value ?? null,
      recall_low: one.recall.range?.low ?? null,
      recall_high: one.recall.range?.high ?? null,
      f1: one.f1.value ?? null,
      f1_low: one.f1.range?.low ?? null,
      f1_high: one.f1.range?.high ?? null,
    };
  });
}

export function labelRows(evaluation: Evaluation, ids: readonly number[]): readonly (readonly Field[])[] {
  return [HEAD, ...labelsOf(evaluation, ids).map((row) => HEAD.map((key): Field => row[key] ?? undefined))];
}

export function pairRows(pairs: readonly Pair[], labels: readonly string[]): readonly (readonly Field[])[] {
  return [
    ['kind', 'first', 'second', 'samples'],
    ...pairs.map(({ kind, first, second, count }): readonly Field[] => [kind, labels[first], labels[second], count]),
  ];
}
