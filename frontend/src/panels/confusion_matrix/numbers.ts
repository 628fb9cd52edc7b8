/** The numbers of one class, as text and in full: the same beside the matrix, in the table and behind the canvas. */
import { type Confusion, precision, precisionInterval, recall, recallInterval } from '../../math/confusion';
import { count, exact, percent, rate, UNDEFINED } from '../../math/format';
import { type Interval, newcombe } from '../../math/wilson';
import { type Evaluation, matched } from './evaluation';

export interface Figure {
  readonly name: 'examples' | 'precision' | 'recall' | 'difference';
  readonly text: string;
  /** The value in all its digits; undefined where there is none. */
  readonly value: number | undefined;
  /** The exact value, then what it stands on. */
  readonly title: string;
  /** Whether it says nothing surely: a difference whose interval holds 0. */
  readonly faded: boolean;
}

/** Examples, precision and recall of a class, and its difference in recall to a reference if there is one. */
export function figures({ confusion: c }: Evaluation, k: number, reference: Matched | undefined): readonly Figure[] {
  const examples = c.examples[k] ?? 0;
  const own = [
    { name: 'examples', text: count(examples), value: examples, title: exact(examples), faded: false },
    measured('precision', precision(c, k), precisionInterval(c, k), c.predictions[k] ?? 0, 'never predicted'),
    measured('recall', recall(c, k), recallInterval(c, k), examples, 'no examples'),
  ] as const;
  return reference === undefined ? own : [...own, difference(c, k, reference)];
}

function measured(
  name: 'precision' | 'recall',
  value: number | undefined,
  range: Interval | undefined,
  base: number,
  none: string,
): Figure {
  if (value === undefined) return { name, text: UNDEFINED, value: undefined, title: `undefined: ${none}`, faded: true };
  const ends = range === undefined ? '' : `, 95 % interval ${percent(range.low)} – ${percent(range.high)}`;
  return { name, text: rate(value), value, title: `${exact(value)} (of ${exact(base)}${ends})`, faded: false };
}

/** A reference, and which of its classes each of ours is. */
export interface Matched {
  readonly confusion: Confusion;
  readonly ids: Int32Array;
}

export function matchReference(evaluation: Evaluation, reference: Evaluation | undefined): Matched | undefined {
  return reference === undefined ? undefined : { confusion: reference.confusion, ids: matched(evaluation.labels, reference.labels) };
}

function difference(c: Confusion, k: number, { confusion: other, ids }: Matched): Figure {
  const there = ids[k] ?? -1;
  const mine = recall(c, k);
  const theirs = recall(other, there);
  if (mine === undefined || theirs === undefined) {
    return {
      name: 'difference',
      text: UNDEFINED,
      value: undefined,
      title: there < 0 ? 'no such class in the reference' : 'undefined: no examples',
      faded: true,
    };
  }
  const range = newcombe(mine, recallInterval(c, k), theirs, recallInterval(other, there));
  const sign = mine > theirs ? '+' : mine < theirs ? '−' : '±';
  const ends = range === undefined ? '' : `, 95 % interval ${signed(range.low)} – ${signed(range.high)}`;
  return {
    name: 'difference',
    text: `${sign}${rate(Math.abs(mine - theirs))}`,
    value: mine - theirs,
    title: `${exact(mine - theirs)}${ends}; the reference has ${rate(theirs)}`,
    faded: range === undefined || (range.low <= 0 && range.high >= 0),
  };
}

function signed(x: number): string {
  return `${x < 0 ? '−' : '+'}${percent(Math.abs(x))}`;
}
