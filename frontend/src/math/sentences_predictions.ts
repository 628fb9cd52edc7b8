/** The sentences above the matrix, computed from what they stand beside. Each says only what the samples are enough for. */
import type { Selection } from '../selection';
import { confusedPairs } from './confused_pairs';
import { accuracy, accuracyInterval, type Confusion, errorsByPrediction } from './confusion';
import { middle } from './ellipsis';
import { fisher, LEVEL } from './exact_tests';
import { between, count, inFull, percent } from './format';
import { type OtherClasses, sharedText } from './other_classes';
import { wilson } from './wilson';

export interface Part {
  readonly text: string;
  readonly tone?: 'strong' | 'soft' | 'code';
  /** What a click on this part looks at. */
  readonly selects?: Partial<Selection>;
  /** Choices of panels that the click makes, too; undefined takes one back to its default. */
  readonly options?: Readonly<Record<string, string | undefined>>;
  /** The place on the page that the click brings into sight: a selector. */
  readonly shows?: string;
  /** More about it, in its tooltip. */
  readonly title?: string;
  /** The term whose help the tooltip is. */
  readonly term?: string;
  /** The number the page shows rounded, in full. */
  readonly exact?: number;
}

/** A part that is a link to where the sentence is seen. */
export interface Link extends Part {
  readonly selects: Partial<Selection>;
}

/** Its first or its second part is a link. */
export type Sentence = readonly [Link, ...Part[]] | readonly [Part, Link, ...Part[]];

/** Where on the page the matrix is, and the list of the pairs that are confused most. */
export const MATRIX = '[data-panel="confusion_matrix"] [role="application"], [data-panel="confusion_matrix"]';
const PAIRS = '[data-panel="most_confused"]';

/** The training that is compared with. */
export interface Reference {
  /** What it is called on the page. */
  readonly name: string;
  /** Looks at it at a step, and at this one as its reference. */
  readonly link: (step: number) => Partial<Selection>;
  /** What its classes or labels are, where they are others: then nothing is compared. */
  readonly others: OtherClasses | undefined;
}

/** Its name, a link to its own evaluation: the last one at or before the step shown here, which is the one that is told of. */
export function referenceLink({ name, link }: Reference, step: number): Link {
  return { text: middle(name, LETTERS), selects: link(step), title: 'Looks at it, with this training as its reference.' };
}

/** "run-b is not compared: its classes are others (none of these 10 is among its 100)". */
export function othersSentence(reference: Reference, step: number, noun: 'classes' | 'labels'): Sentence | undefined {
  if (reference.others === undefined) return undefined;
  return [
    referenceLink(reference, step),
    { text: ` is not compared: its ${noun} are others` },
    { text: ` (${sharedText(reference.others)})`, tone: 'soft' },
  ];
}

/** An evaluation at a step. */
export interface Evaluated {
  readonly step: number;
  readonly confusion: Confusion;
}

/** "96.7 % right, 869 of 899; 95 % interval 95.3 – 97.7". */
export function accuracySentence(c: Confusion): Sentence {
  const rate = accuracy(c);
  const range = accuracyInterval(c);
  if (rate === undefined || range === undefined) {
    const text = c.samples > 0 ? 'No example of known truth: nothing can be right or wrong.' : 'This evaluation has no examples.';
    return [{ text, selects: { classes: [] }, shows: MATRIX }];
  }
  const judged = c.samples - (c.examples[c.size] ?? 0);
  const weights = c.weighted ? ' by weight' : '';
  return [
    { text: percent(rate), tone: 'strong', exact: rate, selects: { classes: [] }, shows: MATRIX },
    { text: ` right${weights}, ` },
    {
      text: `${count(judged - c.errors)} of ${count(judged)}; 95 % interval ${between(range, bare)}`,
      tone: 'soft',
    },
  ];
}

/**
 * "99.2 % of the 488 errors are predicted as 8", if one class takes nearly all of them from several; else "27 % of the 30
 * errors are two pairs: 1 → 8 and 7 → 4", if few pairs hold many errors; else undefined.
 */
export function errorsSentence(c: Confusion, label: (k: number) => string): Sentence | undefined {
  if (c.judged <= 0) return undefined;
  if (c.errors === 0) return [{ text: 'No errors.', selects: { classes: [] }, shows: MATRIX }];
  const top = concentrated(c);
  const sink = collapsed(c);
  if (sink !== undefined && (top[0]?.share ?? 0) < NEARLY_ALL) {
    return [
      { text: `${percent(sink.share)} of the ${count(c.errors)} errors are predicted as `, exact: sink.share },
      { text: label(sink.predicted), selects: { classes: [sink.predicted] } },
      surely(sink.share, c.errors),
    ];
  }
  if (top.length === 0) return undefined;
  const share = top.reduce((sum, pair) => sum + pair.share, 0);
  const words = ['one pair', 'two pairs', 'three pairs'];
  const parts = top.flatMap((pair, i): readonly Part[] => [
    { text: i === 0 ? ': ' : i === top.length - 1 ? ' and ' : ', ' },
    { text: `${label(pair.truth)} → ${label(pair.predicted)}`, selects: { classes: [pair.truth, pair.predicted] } },
  ]);
  const head = `${percent(share)} of the ${count(c.errors)} errors are ${words[top.length - 1] ?? ''}`;
  return [{ text: head, selects: {}, shows: PAIRS, exact: share }, ...parts, surely(share, c.errors)];
}

/** "; 95 % interval 14 – 44". */
function surely(share: number, errors: number): Part {
  const range = wilson(share * errors, errors);
  return { text: range === undefined ? '' : `; 95 % interval ${between(range, bare)}`, tone: 'soft' };
}

/** Letters of a training's name. */
const LETTERS = 40;
const MOST_NAMED = 3;
const LEAST_SHARE = 0.25;
const LEAST_ERRORS = 10;

/** Share of the errors that is nearly all of them. */
const NEARLY_ALL = 0.8;

/**
 * The class that nearly all errors are predicted as, and their share: none if there are too few errors to speak of, or
 * to be sure that it is most of them. Of two classes each has but one pair, which says more.
 */
function collapsed(c: Confusion): { readonly predicted: number; readonly share: number } | undefined {
  if (c.errors < LEAST_ERRORS || c.size < 3) return undefined;
  const wrong = errorsByPrediction(c);
  const predicted = wrong.reduce((most, n, k) => (n > (wrong[most] ?? 0) ? k : most), 0);
  const share = (wrong[predicted] ?? 0) / c.errors;
  const surely = wilson(wrong[predicted] ?? 0, c.errors)?.low ?? 0;
  return share >= NEARLY_ALL && surely > 0.5 ? { predicted, share } : undefined;
}

/**
 * The fewest pairs, up to three, that hold a quarter of the errors: none if there are too few errors to speak of, if the
 * next pair is as frequent (naming one of equals would be chance), or if errors spread evenly could look the same.
 */
function concentrated(c: Confusion) {
  if (c.errors < LEAST_ERRORS) return [];
  const pairs = confusedPairs(c, MOST_NAMED + 1);
  const possible = c.size * (c.size - 1);
  for (let n = 1; n <= Math.min(MOST_NAMED, pairs.length); n++) {
    const share = pairs[n - 1]?.cumulative ?? 0;
    if (share < LEAST_SHARE || pairs[n - 1]?.count === pairs[n]?.count) continue;
    const surely = wilson(share * c.errors, c.errors)?.low ?? 0;
    if (surely > n / possible) return pairs.slice(0, n);
  }
  return [];
}

/**
 * Better or worse than before: against the best of the earlier evaluations that are surely better than this one, else
 * against the one half way; where neither is sure, "No clear change since step s", s being the first of the unbroken stretch
 * of evaluations that do not differ surely from this one. Undefined for the first evaluation. `earlier` rises by step.
 *
 * Each of the m earlier ones is tested, so each must be sure at a level of 5 % / m (Bonferroni): a model that stays as it is
 * is called worse, or better, in one of twenty cases at most, however often it is evaluated.
 */
export function changeSentence(now: Evaluated, earlier: readonly Evaluated[]): Sentence | undefined {
  const before = earlier.filter((e) => e.step < now.step && accuracy(e.confusion) !== undefined);
  if (accuracy(now.confusion) === undefined || before.length === 0) return undefined;
  const differs = before.map((e) => isSure(now, e, before.length));

  const above = before.filter((e, i) => differs[i] === true && rateOf(e) > rateOf(now));
  const best = above.reduce<Evaluated | undefined>((a, b) => (a === undefined || rateOf(b) > rateOf(a) ? b : a), undefined);
  if (best !== undefined) return link(`Worse than at step ${inFull(best.step)}: ${percentOf(best)} there`, { step: best.step });

  const half = before.findLast((e) => e.step <= now.step / 2) ?? before[0];
  // One that is chosen by its step alone needs no correction.
  if (half !== undefined && rateOf(now) > rateOf(half) && isSure(now, half, 1))
    return link(`Better than at step ${inFull(half.step)}: ${percentOf(half)} there`, { step: half.step });

  const since = before[differs.lastIndexOf(true) + 1];
  return since === undefined ? undefined : link(`No clear change since step ${inFull(since.step)}`, { step: since.step });
}

/**
 * The same against the reference training: of an accuracy over other classes only that these are others.
 *
 * @param paired p of the same samples, where both trainings tell of each sample; else the two are taken to be independent.
 */
export function referenceSentence(now: Evaluated, there: Evaluated, reference: Reference, paired?: number): Sentence | undefined {
  if (accuracy(now.confusion) === undefined || accuracy(there.confusion) === undefined) return undefined;
  if (reference.others !== undefined) return othersSentence(reference, now.step, 'classes');
  const sure = paired === undefined ? isSure(now, there, 1) : paired < LEVEL;
  const verdict =
    !sure || rateOf(now) === rateOf(there) ? 'No clear difference from' : rateOf(now) > rateOf(there) ? 'Better than' : 'Worse than';
  return [{ text: `${verdict} ` }, referenceLink(reference, now.step), { text: `: ${percentOf(there)} at step ${inFull(there.step)}` }];
}

function rateOf({ confusion: c }: Evaluated): number {
  return accuracy(c) ?? 0;
}

/** Whether two accuracies differ, by Fisher's exact test, if `looked` such tests are made. */
function isSure(one: Evaluated, other: Evaluated, looked: number): boolean {
  const counts = ({ confusion: c }: Evaluated) => {
    const trials = Math.floor(c.judgedTrials + 1e-9);
    return [Math.round((accuracy(c) ?? 0) * trials), trials] as const;
  };
  return fisher(...counts(one), ...counts(other)) * looked <= LEVEL;
}

function link(text: string, selects: Partial<Selection>): Sentence {
  return [{ text, selects, term: 'better, worse, no clear change' }];
}

function percentOf(e: Evaluated): string {
  return percent(accuracy(e.confusion) ?? Number.NaN);
}

/** A percentage whose sign stands elsewhere in the sentence. */
export function bare(rate: number): string {
  return percent(rate).replace(/\s*%$/u, '');
}
