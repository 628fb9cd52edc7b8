/** Comparisons without a server: two models' predictions, and what the server would answer of them. */

import { random } from '../../math/random.fixture';
import { MemorySource } from '../../memory.fixture';
import type { Point } from '../../panel';
import type { Comparison, LabelComparison, NumberComparison } from '../../schema.gen';

export interface Two {
  readonly labels: readonly string[];
  /** [sample], of the samples that both tell of. */
  readonly truth: readonly number[];
  readonly here: readonly number[];
  readonly there: readonly number[];
  readonly more?: Partial<Comparison>;
}

/** Two models of which each is right so often, and the second one seldom on one class. */
export function two(labels: readonly string[], size: number, right: readonly [number, number], worse = -1): Two {
  const next = random(labels.length + size);
  const truth = Array.from({ length: size }, () => Math.floor(next() * labels.length));
  const told = (often: number, k: number) =>
    truth.map((id) => (next() < (id === worse && k === 1 ? often / 2 : often) ? id : (id + 1 + Math.floor(next() * 2)) % labels.length));
  return { labels, truth, here: told(right[0], 0), there: told(right[1], 1) };
}

/** As the server tells it; p is not computed but by a rule that tests can follow: 0.01 where one has twice the other's, else 0.5. */
export function comparisonOf({ labels, truth, here, there, more }: Two): Comparison {
  const size = labels.length;
  const of = (is: (i: number) => boolean) => {
    const found = new Int32Array(size);
    truth.forEach((id, i) => {
      if (is(i)) found[id] = (found[id] ?? 0) + 1;
    });
    return found;
  };
  const [mine, theirs] = [(i: number) => here[i] === truth[i], (i: number) => there[i] === truth[i]];
  const [b, c] = [of((i) => mine(i) && !theirs(i)), of((i) => !mine(i) && theirs(i))];
  const both = of((i) => mine(i) && theirs(i));
  const none = of((i) => !mine(i) && !theirs(i));
  const cells = new Map<string, { row: number; column: number; count: number; mine: number; theirs: number }>();
  truth.forEach((_, i) => {
    const [row, column] = [here[i] ?? 0, there[i] ?? 0];
    const cell = cells.get(`${row} ${column}`) ?? { row, column, count: 0, mine: 0, theirs: 0 };
    cells.set(`${row} ${column}`, {
      ...cell,
      count: cell.count + 1,
      mine: cell.mine + Number(mine(i)),
      theirs: cell.theirs + Number(theirs(i)),
    });
  });
  const sorted = [...cells.values()].sort((x, y) => x.row - y.row || x.column - y.column);
  const rowEnd = new Int32Array(size + 1);
  for (const { row } of sorted) rowEnd[row] = (rowEnd[row] ?? 0) + 1;
  for (let row = 1; row <= size; row++) rowEnd[row] = (rowEnd[row] ?? 0) + (rowEnd[row - 1] ?? 0);
  const p = (x: number, y: number) => (x + y === 0 ? Number.NaN : Math.max(x, y) > 2 * Math.min(x, y) + 3 ? 0.001 : 0.5);
  const sum = (values: Int32Array) => values.reduce((all, n) => all + n, 0);
  const difference = (sum(b) - sum(c)) / Math.max(1, truth.length);
  const each = (k: number) => ((b[k] ?? 0) - (c[k] ?? 0)) / ((both[k] ?? 0) + (b[k] ?? 0) + (c[k] ?? 0) + (none[k] ?? 0));
  return {
    kind: 'comparison',
    classes: 'made',
    others: [],
    lacking: [],
    other_step: 50,
    matched_by: 'id',
    weighted: false,
    compared: truth.length,
    only_this: 0,
    only_other: 0,
    truth_differs: 0,
    truth_unknown: 0,
    p: p(sum(b), sum(c)),
    difference,
    difference_low: difference - 0.02,
    difference_high: difference + 0.02,
    kappa: 0.61,
    both_right: both,
    only_this_right: b,
    only_other_right: c,
    both_wrong: none,
    same_wrong: of((i) => !mine(i) && here[i] === there[i]),
    class_p: Float64Array.from(labels, (_, k) => p(b[k] ?? 0, c[k] ?? 0)),
    class_p_holm: Float64Array.from(labels, (_, k) => Math.min(1, size * p(b[k] ?? 0, c[k] ?? 0))),
    class_difference: Float64Array.from(labels, (_, k) => each(k)),
    class_low: Float64Array.from(labels, (_, k) => each(k) - 0.1),
    class_high: Float64Array.from(labels, (_, k) => each(k) + 0.1),
    row_end: rowEnd,
    column: Int32Array.from(sorted, ({ column }) => column),
    count: Int32Array.from(sorted, ({ count }) => count),
    this_right: Int32Array.from(sorted, (cell) => cell.mine),
    other_right: Int32Array.from(sorted, (cell) => cell.theirs),
    ...more,
  };
}

/** Of three labels the first is better here, and of 100 samples twelve are right here alone. */
export const LABELS_COMPARED: LabelComparison = {
  kind: 'label_comparison',
  classes: 'made',
  others: [],
  lacking: [],
  other_step: 50,
  matched_by: 'id',
  compared: 100,
  only_this: 3,
  only_other: 0,
  truth_differs: 0,
  truth_unknown: 0,
  both_right: 60,
  only_this_right: 12,
  only_other_right: 2,
  p: 0.013,
  difference: 0.1,
  difference_low: 0.02,
  difference_high: 0.18,
  decisions: Int32Array.of(100, 99, 100),
  only_this_right_label: Int32Array.of(11, 2, 0),
  only_other_right_label: Int32Array.of(1, 3, 0),
  label_p: Float64Array.of(0.006, 1, Number.NaN),
  label_p_holm: Float64Array.of(0.012, 1, Number.NaN),
  label_difference: Float64Array.of(0.1, -0.01, 0),
  label_low: Float64Array.of(0.03, -0.06, -0.04),
  label_high: Float64Array.of(0.18, 0.05, 0.04),
};

/** The first of two targets is better here; the second one nobody has there. */
export const NUMBERS_COMPARED: NumberComparison = {
  kind: 'number_comparison',
  targets: ['length', '<b>width</b>'],
  other_step: 50,
  matched_by: 'id',
  compared: Int32Array.of(90, 0),
  truth_differs: Int32Array.of(2, 0),
  left_out: Int32Array.of(1, 93),
  absolute: Float64Array.of(0.5, Number.NaN),
  other_absolute: Float64Array.of(0.75, Number.NaN),
  difference: Float64Array.of(-0.25, Number.NaN),
  difference_low: Float64Array.of(-0.4, Number.NaN),
  difference_high: Float64Array.of(-0.1, Number.NaN),
  p: Float64Array.of(0.001, Number.NaN),
  closer: Int32Array.of(60, 0),
  farther: Int32Array.of(30, 0),
};

/** Answers the questions that the panel asks. */
export class TwoSource extends MemorySource {
  readonly two: Two;

  constructor(made: Two) {
    super([]);
    this.two = made;
  }

  override readonly compareLabels = async (): Promise<Point<'label_comparison'>> => ({ step: 50, wallTime: 0, payload: LABELS_COMPARED });

  override readonly compareNumbers = async (): Promise<Point<'number_comparison'>> => ({
    step: 50,
    wallTime: 0,
    payload: NUMBERS_COMPARED,
  });

  override readonly compare = async (): Promise<Point<'comparison'>> => ({ step: 50, wallTime: 0, payload: comparisonOf(this.two) });
}
