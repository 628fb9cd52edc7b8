/** What a comparison of two models comes to, in numbers and words: pure. */
import { between, count, decimals, exact, fixed, inFull, number, percent, plural } from '../../math/format';
import { sharedText } from '../../math/other_classes';
import type { Comparison, LabelComparison, NumberComparison } from '../../schema.gen';
import type { Versus } from '../predictions/choices';

/** Samples that are compared, by who is right. */
export type Table = Readonly<Record<'both_right' | 'only_this_right' | 'only_other_right' | 'both_wrong' | 'same_wrong', number>>;

export function tableOf(c: Comparison): Table {
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((all, n) => all + n, 0);
  return {
    both_right: sum(c.both_right),
    only_this_right: sum(c.only_this_right),
    only_other_right: sum(c.only_other_right),
    both_wrong: sum(c.both_wrong),
    same_wrong: sum(c.same_wrong),
  };
}

/** A class's samples, by who is right, and the difference of the recalls. */
export interface ClassRow {
  readonly id: number;
  readonly samples: number;
  readonly gained: number;
  readonly lost: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** NaN where no sample has one of both alone right. */
  readonly p: number;
  readonly pOfAll: number;
}

/** The level at which a class is marked. */
export const LEVEL = 0.05;

/** The classes that have samples, the surest difference first. */
export function classRows(c: Comparison): readonly ClassRow[] {
  const rows = Array.from(c.both_right, (right, id): ClassRow => {
    const at = (values: ArrayLike<number>) => values[id] ?? Number.NaN;
    const [gained, lost] = [at(c.only_this_right), at(c.only_other_right)];
    return {
      id,
      samples: right + gained + lost + at(c.both_wrong),
      gained,
      lost,
      difference: at(c.class_difference),
      low: at(c.class_low),
      high: at(c.class_high),
      p: at(c.class_p),
      pOfAll: at(c.class_p_holm),
    };
  }).filter(({ samples }) => samples > 0);
  return surestFirst(rows);
}

function surestFirst(rows: readonly ClassRow[]): readonly ClassRow[] {
  const size = (p: number) => (Number.isNaN(p) ? 2 : p);
  return rows.toSorted((a, b) => size(a.p) - size(b.p) || Math.abs(b.difference) - Math.abs(a.difference) || a.id - b.id);
}

/** Whether a class is better or worse here than there, as far as the tests tell. */
export function mark({ pOfAll, gained, lost }: ClassRow): 'better' | 'worse' | undefined {
  if (!(pOfAll < LEVEL)) return undefined;
  return gained > lost ? 'better' : 'worse';
}

/** Samples of which the two models say two different things. */
export interface Disagreement {
  readonly predicted: number;
  readonly other: number;
  readonly count: number;
  readonly thisRight: number;
  readonly otherRight: number;
}

/** All of them, the most frequent first. */
export function disagreements(c: Comparison): readonly Disagreement[] {
  const found: Disagreement[] = [];
  let cell = 0;
  c.row_end.forEach((end, predicted) => {
    for (; cell < end; cell++) {
      const at = (values: ArrayLike<number>) => values[cell] ?? 0;
      const other = at(c.column);
      if (other === predicted) continue;
      found.push({ predicted, other, count: at(c.count), thisRight: at(c.this_right), otherRight: at(c.other_right) });
    }
  });
  return found.sort((a, b) => b.count - a.count || a.predicted - b.predicted || a.other - b.other);
}

/** A difference of shares in percentage points. */
export function points(x: number): string {
  if (Number.isNaN(x)) return '–';
  return Math.abs(100 * x) < 0.05 && x !== 0 ? `${x < 0 ? '−' : '+'}<0.1` : `${x > 0 ? '+' : ''}${fixed(100 * x, 1)}`;
}

export function pText(p: number): string {
  if (Number.isNaN(p)) return '–';
  if (p === 0) return '<1e−300';
  return p < 1e-4 ? number(p) : decimals(p, p < 0.1 ? 4 : 2);
}

/** Of so large a share of the samples that both tell of the truths may differ, for the others to speak for all. */
const MOST_OTHERWISE = 0.05;

/** What is compared of how many samples, and how many classes, or labels, there are here. */
type Base = Pick<Comparison, 'others' | 'lacking' | 'truth_differs' | 'compared' | 'matched_by'>;

/** Why neither model is called better: their classes, or what is true of the samples, are not the same. Undefined where they are. */
export function noVerdict(c: Base, own: number, noun: 'class' | 'label' = 'class'): string | undefined {
  const shared = own - c.lacking.length;
  if (c.others.length > 0 || shared < own) {
    const told = sharedText({ shared, own, there: shared + c.others.length, here: c.lacking, more: c.others });
    const others = noun === 'class' ? 'classes' : 'labels';
    return `No verdict, since its ${others} are others (${told}). Compared is where both call the same ${noun} true.`;
  }
  const otherwise = c.truth_differs / (c.truth_differs + c.compared);
  if (!(otherwise > MOST_OTHERWISE)) return undefined;
  const why =
    c.matched_by === 'id'
      ? 'the labels of the two are not the same'
      : 'samples of the same number may not be the same ones, which ids that are texts would tell (update(…, ids=files))';
  return `No verdict, since of ${percent(otherwise)} of the ${count(c.truth_differs + c.compared)} samples that both tell of another ${noun} is true there: ${why}.`;
}

/** What the test says of both models as a whole: the difference of the shares of samples that are right. */
export function sentence(
  c: Pick<Comparison, 'difference' | 'difference_low' | 'difference_high' | 'p'>,
  doubt: string | undefined,
  what = 'points of accuracy',
): string {
  const { difference, difference_low: low, difference_high: high, p } = c;
  if (difference === null || low === null || high === null || p === null) return '';
  const range = `95 % interval ${between({ low, high }, points)}`;
  const test = `McNemar’s p ${pText(p)}`;
  if (doubt !== undefined) return `${points(difference)} ${what} on what is compared (${range}; ${test}).`;
  if (p >= LEVEL) return `No clear difference: ${points(difference)} ${what} (${range}; ${test}).`;
  return `${difference > 0 ? 'Better' : 'Worse'} here by ${points(Math.abs(difference)).replace('+', '')} ${what} (${range}; ${test}).`;
}

/** Which samples were compared, and what became of the others. */
export function countedText(
  c: Base & Pick<Comparison, 'only_this' | 'only_other' | 'truth_unknown'> & { readonly weighted?: boolean },
  noun: 'class' | 'label' = 'class',
): { readonly text: string; readonly warns: boolean } {
  const parts = [
    `${plural(c.compared, 'sample')} compared, matched by ${c.matched_by === 'id' ? 'id' : 'number'}`,
    ...(c.only_this > 0 ? [`${inFull(c.only_this)} only here`] : []),
    ...(c.only_other > 0 ? [`${inFull(c.only_other)} only there`] : []),
    ...(c.truth_differs > 0 ? [`${inFull(c.truth_differs)} left out: another ${noun} is true there`] : []),
    ...(c.weighted ? ['each counts once, whatever its weight'] : []),
    ...(c.truth_unknown > 0 ? [`${inFull(c.truth_unknown)} left out: their truth is not known`] : []),
  ];
  return { text: parts.join(' · '), warns: c.truth_differs > 0 };
}

/** The four cells of the table, and the list that each opens. */
export const CELLS: readonly (readonly { readonly outcome: Versus & keyof Table; readonly words: string }[])[] = [
  [
    { outcome: 'both_right', words: 'right here and there' },
    { outcome: 'only_this_right', words: 'right here alone' },
  ],
  [
    { outcome: 'only_other_right', words: 'right there alone' },
    { outcome: 'both_wrong', words: 'wrong here and there' },
  ],
];

/** The whole value, for a title. */
export function inTitle(n: number, of: number): string {
  return `${exact(n)} of ${exact(of)} samples`;
}

/** A label's decisions, as a class's samples. */
export type LabelRow = ClassRow;

/** The labels of which decisions are compared, the surest difference first. */
export function labelRows(c: LabelComparison): readonly LabelRow[] {
  const rows = Array.from(c.decisions, (samples, id): LabelRow => {
    const at = (values: ArrayLike<number>) => values[id] ?? Number.NaN;
    return {
      id,
      samples,
      gained: at(c.only_this_right_label),
      lost: at(c.only_other_right_label),
      difference: at(c.label_difference),
      low: at(c.label_low),
      high: at(c.label_high),
      p: at(c.label_p),
      pOfAll: at(c.label_p_holm),
    };
  }).filter(({ samples }) => samples > 0);
  return surestFirst(rows);
}

/** One target of two regressions. */
export interface NumberRow {
  readonly place: number;
  readonly name: string;
  readonly compared: number;
  readonly differs: number;
  readonly leftOut: number;
  /** Mean sizes of the errors, and their difference; NaN where nothing is compared. */
  readonly here: number;
  readonly there: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  readonly closer: number;
  readonly farther: number;
}

export function numberRows(c: NumberComparison): readonly NumberRow[] {
  return c.targets.map((name, place) => {
    const at = (values: ArrayLike<number>) => values[place] ?? Number.NaN;
    return {
      place,
      name: name === '' ? `target ${place + 1}` : name,
      compared: at(c.compared),
      differs: at(c.truth_differs),
      leftOut: at(c.left_out),
      here: at(c.absolute),
      there: at(c.other_absolute),
      difference: at(c.difference),
      low: at(c.difference_low),
      high: at(c.difference_high),
      p: at(c.p),
      closer: at(c.closer),
      farther: at(c.farther),
    };
  });
}

/** What the paired test says of a target. */
export function numberSentence(row: NumberRow, by: 'id' | 'number'): string {
  if (row.compared === 0)
    return row.differs > 0
      ? 'Nothing to compare: the same numbers are true of none of the samples.'
      : 'Nothing to compare: the other training has no such target, or none of these samples.';
  const means = `mean |e| ${number(row.here)} here and ${number(row.there)} there`;
  const surely = Number.isNaN(row.p)
    ? 'one value says nothing of others'
    : `difference ${number(row.difference)}, 95 % interval ${between(row, number)}; paired t test p ${pText(row.p)}`;
  const otherwise = row.differs / (row.differs + row.compared);
  if (otherwise > MOST_OTHERWISE) {
    const why = by === 'number' ? ', and samples of the same number may not be the same ones' : '';
    return `No verdict, since of ${percent(otherwise)} of the values another number is true there${why}: ${means} on the others (${surely}).`;
  }
  if (!(row.p < LEVEL)) return `No clear difference: ${means} (${surely}).`;
  return `${row.difference < 0 ? 'Better' : 'Worse'} here: ${means} (${surely}).`;
}
