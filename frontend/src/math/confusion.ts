/** A confusion matrix with its sums: sparse, true classes in rows, predicted ones in columns. */
import type { ConfusionMatrix, Ints } from '../schema.gen';
import { lift } from './lift';
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
  /** [K] What of the diagonal is right: all of it, or, where a class stands for a group, what its classes each have right. */
  readonly exact: Float64Array;
  /** [K + 1] Σ w² of each row; the samples where there are no weights. */
  readonly rowSquares: Float64Array;
  /** [K + 1] Σ w² of each column; undefined for a weighted evaluation that was logged without them. */
  readonly columnSquares: Float64Array | undefined;
  /** [K + 1] Effective samples behind each row's rates: the examples, fewer where weights differ. */
  readonly trials: Float64Array;
  /** [K + 1] The same behind each column's rates; NaN where it is not known. */
  readonly columnTrials: Float64Array;
  /** All samples in a cell. With the dropped ones: all samples of the evaluation. */
  readonly samples: number;
  /** Sum of `value` over known truth. */
  readonly judged: number;
  /** Effective samples behind `judged`. */
  readonly judgedTrials: number;
  /** Samples with a wrong prediction of known truth, abstentions included. */
  readonly errors: number;
}

/** What a cell is told as: itself, or a share of its row, of its column or of all, or how much more often than by chance. */
export type Normalise = 'count' | 'row' | 'column' | 'all' | 'lift';

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
  const { row_end: rowEnd, column, count, weight, weight_squares: squares, column_weight_squares: columnSquares } = payload;
  return summed({
    rowEnd,
    column,
    count,
    value: weight ?? count,
    weighted: weight !== null,
    rowSquares: squares === null ? undefined : Float64Array.from(squares),
    // Samples of unknown truth are in it: with them an interval is a little too wide, never too narrow.
    columnSquares: columnSquares === null ? undefined : Float64Array.from(columnSquares),
  });
}

/** The cells that everything else follows from. */
export interface Cells {
  readonly rowEnd: Ints;
  readonly column: Ints;
  readonly count: Ints;
  readonly value: Ints;
  readonly weighted: boolean;
  /** Of weighted samples; not known where it was not logged. */
  readonly rowSquares: Float64Array | undefined;
  readonly columnSquares: Float64Array | undefined;
  /** What of the diagonal is right, and how many samples are not, where the diagonal does not tell. */
  readonly exact?: Float64Array;
  readonly errors?: number;
}

/** A matrix of cells, with its sums. */
export function summed({ rowEnd, column, count, value, weighted, exact, ...given }: Cells): Confusion {
  const rows = rowEnd.length;
  const size = rows - 1;
  const examples = new Float64Array(rows);
  const rowSum = new Float64Array(rows);
  const columnSum = new Float64Array(rows);
  const predictions = new Float64Array(rows);
  const right = new Float64Array(size);
  let samples = 0;
  let judged = 0;
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
    samples += inRow;
    if (row < size) judged += valueInRow;
  }
  const rowSquares = weighted ? (given.rowSquares ?? new Float64Array(rows)) : examples;
  const columnSquares = weighted ? given.columnSquares : predictions;
  const judgedSquares = rowSquares.subarray(0, size).reduce((sum, x) => sum + x, 0);
  return {
    size,
    weighted,
    rowEnd,
    column,
    count,
    value,
    examples,
    rowSum,
    columnSum,
    predictions,
    right,
    exact: exact ?? right,
    rowSquares,
    columnSquares,
    trials: weighted ? rowSum.map((sum, k) => effective(sum, rowSquares[k] ?? 0)) : examples,
    columnTrials: columnSum.map((sum, k) => (columnSquares === undefined ? Number.NaN : effective(sum, columnSquares[k] ?? 0))),
    samples,
    judged,
    judgedTrials: effective(judged, judgedSquares),
    errors: given.errors ?? errors,
  };
}

/** One of the stored cells by (true, predicted): its place among them, or -1 for an empty one. */
export function cellAt(c: Pick<Confusion, 'rowEnd' | 'column'>, truth: number, predicted: number): number {
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
export function recall(c: Rated, k: number): number | undefined {
  return ratio(c.exact[k], c.rowSum[k]);
}

/** Share of the predictions of a class that are it: TP / c. Undefined when it is never predicted. */
export function precision(c: Rated, k: number): number | undefined {
  return ratio(c.exact[k], c.columnSum[k]);
}

/** 2 TP / (r + c). Undefined for a class that is neither in the truth nor predicted. */
export function f1(c: Rated, k: number): number | undefined {
  return ratio(2 * (c.exact[k] ?? 0), (c.rowSum[k] ?? 0) + (c.columnSum[k] ?? 0));
}

/** What the rates of classes are made of: of one matrix, or of several together. */
export type Rated = Pick<Confusion, 'size' | 'exact' | 'rowSum' | 'columnSum' | 'examples'>;

/** Of a group: share of its examples that were predicted as one of its classes. The recall, for a single class. */
export function recallWithin(c: Confusion, k: number): number | undefined {
  return ratio(c.right[k], c.rowSum[k]);
}

/** Share of the samples of known truth that are right; an abstention is not. Undefined without samples. */
export function accuracy(c: Confusion): number | undefined {
  return ratio(rightSum(c), c.judged);
}

/** [K] Samples of known truth that were wrongly predicted as each class. */
export function errorsByPrediction(c: Confusion): Float64Array {
  return c.predictions.slice(0, c.size).map((n, k) => n - countAt(c, k, k));
}

/** What is right of all. */
export function rightSum(c: Confusion): number {
  return c.exact.reduce((sum, x) => sum + x, 0);
}

/** 95 % interval of the accuracy. */
export function accuracyInterval(c: Confusion): Interval | undefined {
  return interval(accuracy(c), c.judgedTrials);
}

/** 95 % interval of a class's recall. */
export function recallInterval(c: Confusion, k: number): Interval | undefined {
  return interval(recall(c, k), c.trials[k] ?? 0);
}

/** 95 % interval of a class's precision. Undefined for weighted samples whose squared weights were not logged by prediction. */
export function precisionInterval(c: Confusion, k: number): Interval | undefined {
  return interval(precision(c, k), c.columnTrials[k] ?? 0);
}

/**
 * 95 % interval of a class's F1. Of the samples that are the class or were predicted as it, r + c − TP, the share J that is
 * both is a rate; F1 = 2 J / (1 + J) rises with it, so the ends of Wilson's interval of J give those of F1.
 *
 * Of weighted samples Σ w² of the union is known only to be at most r's and c's without TP's, which is at least TP² by its
 * count: exact for equal weights, else a little too wide. Undefined where squared weights were not logged by prediction.
 */
export function f1Interval(c: Confusion, k: number): Interval | undefined {
  const both = c.exact[k] ?? 0;
  const union = (c.rowSum[k] ?? 0) + (c.columnSum[k] ?? 0) - both;
  if (c.columnSquares === undefined || !(union > 0)) return undefined;
  // A group's own count of right ones is not kept: its diagonal's is no smaller.
  const squaresOfBoth = c.weighted ? (both * both) / Math.max(1, countAt(c, k, k)) : both;
  const jaccard = interval(both / union, effective(union, (c.rowSquares[k] ?? 0) + (c.columnSquares[k] ?? 0) - squaresOfBoth));
  const raised = (j: number) => (2 * j) / (1 + j);
  return jaccard && { low: raised(jaccard.low), high: raised(jaccard.high) };
}

/** 95 % interval of a share of all errors: how many samples of so many wrong ones. */
export function shareInterval(c: Confusion, samples: number): Interval | undefined {
  return wilson(samples, c.errors);
}

/** 95 % interval of a rate over so many effective samples. */
export function interval(rate: number | undefined, trials: number): Interval | undefined {
  return rate === undefined ? undefined : wilson(rate * trials, trials);
}

/**
 * What a cell shows: the count (or weight), its share of its row, its column or all, or its lift. Undefined where there is
 * nothing to compare with. The sums of columns and of all leave unknown truth out, so that precision stands on the diagonal.
 */
export function cellValue(c: Confusion, truth: number, predicted: number, by: Normalise): number | undefined {
  const value = c.value[cellAt(c, truth, predicted)] ?? 0;
  if (by === 'count') return value;
  if (by === 'row') return ratio(value, c.rowSum[truth]);
  if (truth === c.size) return undefined;
  if (by === 'lift') return lift(value, c.rowSum[truth] ?? 0, c.columnSum[predicted] ?? 0, c.judged);
  return ratio(value, by === 'all' ? c.judged : c.columnSum[predicted]);
}

/** 95 % interval of such a share; undefined for counts and lifts. */
export function cellInterval(c: Confusion, truth: number, predicted: number, by: Normalise): Interval | undefined {
  if (by === 'count' || by === 'lift') return undefined;
  const trials = by === 'row' ? c.trials[truth] : by === 'column' ? c.columnTrials[predicted] : c.judgedTrials;
  return interval(cellValue(c, truth, predicted, by), trials ?? 0);
}

/** [cell] What every stored cell shows; NaN stands for undefined. */
export function normalised(c: Confusion, by: Normalise): Float64Array {
  const shown = Float64Array.from(c.value);
  if (by === 'count') return shown;
  let cell = 0;
  for (let row = 0; row <= c.size; row++) {
    const rowSum = c.rowSum[row] ?? 0;
    for (const end = c.rowEnd[row] ?? 0; cell < end; cell++) {
      const value = shown[cell] ?? 0;
      const columnSum = c.columnSum[c.column[cell] ?? 0] ?? 0;
      if (by !== 'row' && row === c.size) shown[cell] = Number.NaN;
      else if (by === 'lift') shown[cell] = lift(value, rowSum, columnSum, c.judged) ?? Number.NaN;
      else {
        const sum = by === 'row' ? rowSum : by === 'column' ? columnSum : c.judged;
        shown[cell] = sum > 0 ? value / sum : Number.NaN;
      }
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
