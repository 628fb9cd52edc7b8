/** A confusion matrix with its sums: sparse, true classes in rows, predicted ones in columns. */
import type { ConfusionMatrix, Ints } from '../schema.gen';
import { effective, type Interval, wilson } from './wilson';

/**
 * K classes. Row K holds samples whose truth is unknown, column K those on which the model abstained.
 *
 * `value` is what rates are made of: the sum of weights where the evaluation is weighted, else the count.
 * Unknown truth is in `samples` alone: it can be neither right nor wrong, so no rate counts it.
 */
export interface Confusion {
  readonly size: number;
  readonly weighted: boolean;
  /** [K + 1] Where each row's cells end. */
  readonly rowEnd: Ints;
  /** [cell] Predicted class, rising within a row. */
  readonly column: Ints;
  /** [cell] Samples. */
  readonly count: Ints;
  /** [cell] Weights, or samples. */
  readonly value: Ints;
  /** [K + 1] Samples of each true class: what the page calls examples. */
  readonly examples: Float64Array;
  /** [K + 1] r: sum of `value` over each row, abstentions included. */
  readonly rowSum: Float64Array;
  /** [K + 1] c: sum of `value` over each column, of known truth. */
  readonly columnSum: Float64Array;
  /** [K + 1] Samples in each column, of known truth. */
  readonly predictions: Float64Array;
  /** [K] The diagonal of `value`. */
  readonly right: Float64Array;
  /** [K + 1] Effective samples behind each row's rates: the examples, fewer where weights differ. */
  readonly trials: Float64Array;
  /** All samples in a cell. With the dropped ones: all samples of the evaluation. */
  readonly samples: number;
  /** Sum of `value` over known truth. */
  readonly judged: number;
  /** Effective samples behind `judged`. */
  readonly judgedTrials: number;
  /** Samples with a wrong prediction of known truth, abstentions included. */
  readonly errors: number;
}

export type Normalise = 'count' | 'row' | 'column';

const known = new WeakMap<ConfusionMatrix, Confusion>();

/** The matrix with its sums, computed once a payload. */
export function confusion(payload: ConfusionMatrix): Confusion {
  let made = known.get(payload);
  if (made === undefined) {
    made = sums(payload);
    known.set(payload, made);
  }
  return made;
}

function sums(payload: ConfusionMatrix): Confusion {
  const { row_end: rowEnd, column, count, weight, weight_squares: squares } = payload;
  const rows = rowEnd.length;
  const size = rows - 1;
  const value = weight ?? count;
  const examples = new Float64Array(rows);
  const rowSum = new Float64Array(rows);
  const columnSum = new Float64Array(rows);
  const predictions = new Float64Array(rows);
  const right = new Float64Array(size);
  const trials = new Float64Array(rows);
  let samples = 0;
  let judged = 0;
  let judgedSquares = 0;
  let errors = 0;
  let cell = 0;
  for (let row = 0; row < rows; row++) {
    let inRow = 0;
    let valueInRow = 0;
    for (const end = rowEnd[row] ?? 0; cell < end; cell++) {
      const j = column[cell] ?? 0;
      const n = count[cell] ?? 0;
      const v = value[cell] ?? 0;
      inRow += n;
      valueInRow += v;
      if (row === size) continue;
      columnSum[j] = (columnSum[j] ?? 0) + v;
      predictions[j] = (predictions[j] ?? 0) + n;
      if (j === row) right[row] = v;
      else errors += n;
    }
    examples[row] = inRow;
    rowSum[row] = valueInRow;
    trials[row] = squares === null ? inRow : effective(valueInRow, squares[row] ?? 0);
    samples += inRow;
    if (row < size) {
      judged += valueInRow;
      judgedSquares += squares?.[row] ?? inRow;
    }
  }
  const judgedTrials = weight === null ? judged : effective(judged, judgedSquares);
  return {
    size,
    weighted: weight !== null,
    rowEnd,
    column,
    count,
    value,
    examples,
    rowSum,
    columnSum,
    predictions,
    right,
    trials,
    samples,
    judged,
    judgedTrials,
    errors,
  };
}

/** One of the stored cells by (true, predicted): its place in `count` and `value`, or -1 for an empty one. */
export function cellAt(c: Confusion, truth: number, predicted: number): number {
  let low = truth > 0 ? (c.rowEnd[truth - 1] ?? 0) : 0;
  let high = c.rowEnd[truth] ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    const column = c.column[middle] ?? 0;
    if (column === predicted) return middle;
    if (column < predicted) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** Samples of a true class predicted as another. */
export function countAt(c: Confusion, truth: number, predicted: number): number {
  return c.count[cellAt(c, truth, predicted)] ?? 0;
}

/** The quotient; undefined, not 0 and not NaN, where there is nothing to divide by. */
function ratio(part: number | undefined, whole: number | undefined): number | undefined {
  return part !== undefined && whole !== undefined && whole > 0 ? part / whole : undefined;
}

/** Share of a class's examples that were predicted as it: TP / r. Undefined without examples. */
export function recall(c: Confusion, k: number): number | undefined {
  return ratio(c.right[k], c.rowSum[k]);
}

/** Share of the predictions of a class that are it: TP / c. Undefined when it is never predicted. */
export function precision(c: Confusion, k: number): number | undefined {
  return ratio(c.right[k], c.columnSum[k]);
}

/** 2 TP / (r + c). Undefined for a class that is neither in the truth nor predicted. */
export function f1(c: Confusion, k: number): number | undefined {
  return ratio(2 * (c.right[k] ?? 0), (c.rowSum[k] ?? 0) + (c.columnSum[k] ?? 0));
}

/** Share of the samples of known truth that are right; an abstention is not. Undefined without samples. */
export function accuracy(c: Confusion): number | undefined {
  return ratio(rightSum(c), c.judged);
}

/** [K] Samples of known truth that were wrongly predicted as each class. */
export function errorsByPrediction(c: Confusion): Float64Array {
  return c.predictions.slice(0, c.size).map((n, k) => n - countAt(c, k, k));
}

/** Sum of the diagonal. */
export function rightSum(c: Confusion): number {
  return c.right.reduce((sum, x) => sum + x, 0);
}

/** 95 % interval of the accuracy. */
export function accuracyInterval(c: Confusion): Interval | undefined {
  return interval(accuracy(c), c.judgedTrials);
}

/** 95 % interval of a class's recall. */
export function recallInterval(c: Confusion, k: number): Interval | undefined {
  return interval(recall(c, k), c.trials[k] ?? 0);
}

/** 95 % interval of a class's precision. Undefined for weighted samples: squared weights are kept by true class only. */
export function precisionInterval(c: Confusion, k: number): Interval | undefined {
  return c.weighted ? undefined : interval(precision(c, k), c.columnSum[k] ?? 0);
}

/** 95 % interval of a rate over so many effective samples. */
export function interval(rate: number | undefined, trials: number): Interval | undefined {
  return rate === undefined ? undefined : wilson(rate * trials, trials);
}

/** What a cell shows: the count (or weight), or its share of its row or column. Undefined where that sum is 0. */
export function cellValue(c: Confusion, truth: number, predicted: number, by: Normalise): number | undefined {
  const value = c.value[cellAt(c, truth, predicted)] ?? 0;
  if (by === 'count') return value;
  if (by === 'row') return ratio(value, c.rowSum[truth]);
  // The column's sum leaves unknown truth out, so that precision stands on the diagonal.
  return truth === c.size ? undefined : ratio(value, c.columnSum[predicted]);
}

/** [cell] What every stored cell shows; NaN stands for undefined. */
export function normalised(c: Confusion, by: Normalise): Float64Array {
  const shown = Float64Array.from(c.value);
  if (by === 'count') return shown;
  let cell = 0;
  for (let row = 0; row <= c.size; row++) {
    const rowSum = c.rowSum[row] ?? 0;
    for (const end = c.rowEnd[row] ?? 0; cell < end; cell++) {
      const sum = by === 'row' ? rowSum : row === c.size ? 0 : (c.columnSum[c.column[cell] ?? 0] ?? 0);
      shown[cell] = sum > 0 ? (shown[cell] ?? 0) / sum : Number.NaN;
    }
  }
  return shown;
}

/** Whether any truth is unknown: only then does the row exist on the page. */
export function hasUnknownTruth(c: Confusion): boolean {
  return (c.examples[c.size] ?? 0) > 0;
}

/** Whether the model abstained anywhere: only then does the column exist on the page. */
export function hasAbstained(c: Confusion): boolean {
  if ((c.predictions[c.size] ?? 0) > 0) return true;
  return cellAt(c, c.size, c.size) >= 0;
}
