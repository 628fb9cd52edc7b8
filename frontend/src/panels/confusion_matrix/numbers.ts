/** The numbers of one class, as text and in full: the same beside the matrix, in the table and behind the canvas. */
import {
  type Confusion,
  f1,
  f1Interval,
  interval,
  precision,
  precisionInterval,
  recall,
  recallInterval,
  recallWithin,
} from '../../math/confusion';
import { between, count, exact, percent, rate, UNDEFINED } from '../../math/format';
import { type Interval, newcombe } from '../../math/wilson';
import type { Evaluation, Matched } from './evaluation';

export type Rate = 'precision' | 'recall' | 'F1';
type DifferenceName = `Δ ${Rate}`;
export type FigureName = 'examples' | Rate | 'in group' | DifferenceName;

export interface Figure {
  readonly name: FigureName;
  readonly text: string;
  /** The value in all its digits; undefined where there is none. */
  readonly value: number | undefined;
  /** The exact value, then what it stands on. */
  readonly title: string;
  /** Whether it says nothing surely: a difference whose interval holds 0. */
  readonly faded: boolean;
  readonly range?: Interval | undefined;
}

const RATES: readonly Rate[] = ['precision', 'recall', 'F1'];

interface Definition {
  readonly of: (c: Confusion, k: number) => number | undefined;
  readonly range: (c: Confusion, k: number) => Interval | undefined;
  readonly base: (c: Confusion, k: number) => string;
  /** Why there is none. */
  readonly none: string;
}

const DEFINITIONS: Readonly<Record<Rate, Definition>> = {
  precision: {
    of: precision,
    range: precisionInterval,
    base: (c, k) => `of ${exact(c.predictions[k] ?? 0)}`,
    none: 'never predicted',
  },
  recall: { of: recall, range: recallInterval, base: (c, k) => `of ${exact(c.examples[k] ?? 0)}`, none: 'no examples' },
  F1: {
    of: f1,
    range: f1Interval,
    base: (c, k) => `${exact(c.examples[k] ?? 0)} examples, ${exact(c.predictions[k] ?? 0)} predictions`,
    none: 'no examples, never predicted',
  },
};

/** The columns that there are: with groups also what stays within them, with a reference the differences to it. */
export function figureNames(evaluation: Evaluation, reference: Matched | undefined): readonly FigureName[] {
  return [
    'examples',
    ...RATES,
    ...(hasGroups(evaluation) ? (['in group'] as const) : []),
    ...(reference === undefined ? [] : RATES.map((each): FigureName => `Δ ${each}`)),
  ];
}

/** The columns that there is room for beside the rows. */
export function namesAside(evaluation: Evaluation, reference: Matched | undefined): readonly FigureName[] {
  return figureNames(evaluation, reference).filter((name) => name !== 'Δ precision' && name !== 'Δ F1');
}

/** Whether any row is several classes, or in a group of them. */
function hasGroups({ groups }: Evaluation): boolean {
  return groups !== undefined && (groups.isNested || groups.groups.members.some(({ length }) => length > 1));
}

/** Share of a row that stayed within its group. */
function shareWithin({ confusion: c, groups }: Evaluation, k: number): number | undefined {
  const sum = c.rowSum[k] ?? 0;
  return groups === undefined ? recallWithin(c, k) : sum > 0 ? (groups.within[k] ?? 0) / sum : undefined;
}

/** What a column says of a class. */
export function figure(name: FigureName, evaluation: Evaluation, k: number, reference: Matched | undefined): Figure {
  const { confusion: c } = evaluation;
  if (name === 'examples') {
    const examples = c.examples[k] ?? 0;
    return { name, text: count(examples), value: examples, title: exact(examples), faded: false };
  }
  if (name === 'in group') return measured(name, definitionWithin(evaluation), c, k);
  return isDefined(name) ? measured(name, DEFINITIONS[name], c, k) : difference(name, c, k, reference);
}

/** Its value alone: what a column is sorted by. */
export function figureValue(name: FigureName, evaluation: Evaluation, k: number, reference: Matched | undefined): number | undefined {
  const { confusion: c } = evaluation;
  if (name === 'in group') return shareWithin(evaluation, k);
  if (name === 'examples') return c.examples[k];
  if (isDefined(name)) return DEFINITIONS[name].of(c, k);
  const { of } = DEFINITIONS[rateOf(name)];
  const theirs = reference === undefined ? undefined : of(reference.confusion, reference.ids[k] ?? -1);
  const mine = of(c, k);
  return mine === undefined || theirs === undefined ? undefined : mine - theirs;
}

function definitionWithin(evaluation: Evaluation): Definition {
  return {
    of: (_, k) => shareWithin(evaluation, k),
    range: (c, k) => interval(shareWithin(evaluation, k), c.trials[k] ?? 0),
    base: (c, k) => `of ${exact(c.examples[k] ?? 0)}`,
    none: 'no examples',
  };
}

function isDefined(name: FigureName): name is keyof typeof DEFINITIONS {
  return Object.hasOwn(DEFINITIONS, name);
}

export function figures(evaluation: Evaluation, k: number, reference: Matched | undefined): readonly Figure[] {
  return figureNames(evaluation, reference).map((name) => figure(name, evaluation, k, reference));
}

function measured(name: FigureName, { of, range: rangeOf, base, none }: Definition, c: Confusion, k: number): Figure {
  const value = of(c, k);
  if (value === undefined) return { name, text: UNDEFINED, value: undefined, title: `undefined: ${none}`, faded: true };
  const range = rangeOf(c, k);
  const ends = range === undefined ? '' : `, 95 % interval ${between(range, percent)}`;
  return { name, text: rate(value), value, title: `${exact(value)} (${base(c, k)}${ends})`, faded: false, range };
}

/** The rate whose difference a column tells. */
function rateOf(name: DifferenceName): Rate {
  return RATES.find((each) => name === `Δ ${each}`) ?? 'recall';
}

function difference(name: DifferenceName, c: Confusion, k: number, reference: Matched | undefined): Figure {
  const there = reference?.ids[k] ?? -1;
  const definition = DEFINITIONS[rateOf(name)];
  const mine = definition.of(c, k);
  const theirs = reference === undefined ? undefined : definition.of(reference.confusion, there);
  if (mine === undefined || theirs === undefined || reference === undefined) {
    const title = there < 0 ? 'no such class in the reference' : `undefined: ${definition.none}`;
    return { name, text: UNDEFINED, value: undefined, title, faded: true };
  }
  const range = newcombe(mine, definition.range(c, k), theirs, definition.range(reference.confusion, there));
  const sign = mine > theirs ? '+' : mine < theirs ? '−' : '±';
  const ends = range === undefined ? '' : `, 95 % interval ${between(range, signed)}`;
  return {
    name,
    text: `${sign}${rate(Math.abs(mine - theirs))}`,
    value: mine - theirs,
    title: `${exact(mine - theirs)}${ends}; the reference has ${rate(theirs)}`,
    faded: range === undefined || (range.low <= 0 && range.high >= 0),
    range,
  };
}

/** A difference of shares with its sign. */
export function signed(x: number): string {
  return `${x < 0 ? '−' : '+'}${percent(Math.abs(x))}`;
}
