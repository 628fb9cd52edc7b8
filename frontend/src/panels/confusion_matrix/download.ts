/** The numbers of the matrix, of its classes and of the most confused pairs as they are saved. */
import type { Field } from '../../components/download';
import type { Pair, Way } from '../../math/confused_pairs';
import {
  type Confusion,
  countAt,
  f1,
  f1Interval,
  type Normalise,
  normalised,
  precision,
  precisionInterval,
  recall,
  recallInterval,
  shareInterval,
} from '../../math/confusion';
import type { Interval } from '../../math/wilson';
import { predictedName, trueName } from './class_name';
import type { Evaluation, Matched } from './evaluation';
import { type Grid, predictionsOf, truthsOf } from './grid';
import { figure, figureNames } from './numbers';

/** More classes than this are saved as a list of cells: a table of them all would be mostly zeros. */
const MOST_DENSE = 1000;

/**
 * A row a true class: its label, the samples by predicted class, and, if there are any, unknown truth and abstentions. Of
 * many classes a row a cell that is not empty: true, predicted, samples, weight.
 */
export function rows(evaluation: Evaluation, grid: Grid): Iterable<readonly Field[]> {
  return evaluation.confusion.size > MOST_DENSE ? list(evaluation, grid) : table(evaluation, grid);
}

function table(evaluation: Evaluation, grid: Grid): readonly (readonly Field[])[] {
  const c = evaluation.confusion;
  const columns = Array.from(predictionsOf(grid));
  const head = ['true \\ predicted', ...columns.map((j) => predictedName(evaluation, j))];
  return [head, ...Array.from(truthsOf(grid), (i) => [trueName(evaluation, i), ...columns.map((j) => countAt(c, i, j))])];
}

function* list(evaluation: Evaluation, grid: Grid): Iterable<readonly Field[]> {
  const c = evaluation.confusion;
  yield ['true', 'predicted', 'examples', ...(c.weighted ? ['weight'] : [])];
  for (const i of truthsOf(grid)) {
    for (let cell = i > 0 ? (c.rowEnd[i - 1] ?? 0) : 0; cell < (c.rowEnd[i] ?? 0); cell++) {
      const j = c.column[cell] ?? 0;
      const weight = c.weighted ? [c.value[cell] ?? 0] : [];
      yield [trueName(evaluation, i), predictedName(evaluation, j), c.count[cell] ?? 0, ...weight];
    }
  }
}

/** Sparse: `[true, predicted, samples]` (and the weight), by class id, beside what they belong to. Undefined rates are null. */
export function numbers({ series, point, confusion: c, labels }: Evaluation, by: Normalise = 'row') {
  const each = (rate: (c: Confusion, k: number) => number | undefined) => labels.map((_, k) => rate(c, k) ?? null);
  const intervals = (of: (c: Confusion, k: number) => Interval | undefined) =>
    labels.map((_, k) => {
      const range = of(c, k);
      return range === undefined ? null : [range.low, range.high];
    });
  return {
    run: series.run,
    tag: series.tag,
    step: point.step,
    epoch: point.payload.epoch,
    labels,
    cells: cells(c),
    dropped: point.payload.dropped,
    normalised_by: by,
    normalised: Array.from(normalised(c, by), (value) => (Number.isNaN(value) ? null : value)),
    precision: each(precision),
    precision_interval: intervals(precisionInterval),
    recall: each(recall),
    recall_interval: intervals(recallInterval),
    f1: each(f1),
    f1_interval: intervals(f1Interval),
  };
}

function cells(c: Confusion): readonly (readonly number[])[] {
  const all: number[][] = [];
  let cell = 0;
  for (let i = 0; i <= c.size; i++) {
    for (const end = c.rowEnd[i] ?? 0; cell < end; cell++) {
      all.push([i, c.column[cell] ?? 0, c.count[cell] ?? 0, ...(c.weighted ? [c.value[cell] ?? 0] : [])]);
    }
  }
  return all;
}

/** A row a class, each rate followed by the ends of its interval. */
export function classRows(evaluation: Evaluation, order: readonly number[], reference: Matched | undefined): readonly (readonly Field[])[] {
  const names = figureNames(evaluation, reference);
  const head = names.flatMap((name) => (name === 'examples' ? [name] : [name, `${name} low`, `${name} high`]));
  return [
    ['class', ...head],
    ...order.map((k) => [
      evaluation.labels[k] ?? '',
      ...names.flatMap((name) => {
        const { value, range } = figure(name, evaluation, k, reference);
        return name === 'examples' ? [value] : [value, range?.low, range?.high];
      }),
    ]),
  ];
}

/** The same by name, undefined values null. */
export function classNumbers(evaluation: Evaluation, order: readonly number[], reference: Matched | undefined) {
  const { series, point, labels } = evaluation;
  const classes = order.map((k) => {
    const told = figureNames(evaluation, reference).map((name) => {
      const { value, range } = figure(name, evaluation, k, reference);
      return [name, name === 'examples' ? value : { value: value ?? null, interval: range === undefined ? null : [range.low, range.high] }];
    });
    return { class: labels[k] ?? '', ...Object.fromEntries(told) };
  });
  return { run: series.run, tag: series.tag, step: point.step, classes };
}

/** A row a pair, with its share of all errors, the ends of its interval, and the share of this pair and those above. */
export function pairRows({ labels, confusion: c }: Evaluation, pairs: readonly Pair[], way: Way): readonly (readonly Field[])[] {
  const head = way === 'directed' ? ['true', 'predicted'] : ['one class', 'other class'];
  return [
    [...head, 'examples', 'of errors', 'of errors low', 'of errors high', 'together'],
    ...pairs.map(({ truth, predicted, count, share, cumulative }) => {
      const range = shareInterval(c, count);
      return [labels[truth] ?? '', labels[predicted] ?? '', count, share, range?.low, range?.high, cumulative];
    }),
  ];
}
