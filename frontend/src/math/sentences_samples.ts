/** Sentences of single samples that turned between two evaluations. */
import type { Changes, Comparison } from '../schema.gen';
import { middle } from './ellipsis';
import { count, inFull } from './format';
import type { Link, Part, Sentence } from './sentences_predictions';

const DRAWER = '[data-panel="predictions"]';

/**
 * "7 samples are newly wrong and 30 are newly right since step 300; 12 that were right once are wrong now", each a link to their
 * list. Undefined where nothing was lost.
 */
export function changesSentence(changes: Changes): Sentence | undefined {
  const since = { 'predictions.since': String(changes.from_step) };
  const [lost = 0, won = 0, forgotten = 0] = [changes.newly_wrong, changes.newly_right, changes.forgotten].map(sum);
  const once = { ...since, 'predictions.outcome': 'forgotten' };
  if (lost === 0)
    return forgotten === 0 ? undefined : [samples(forgotten, `wrong now that ${forgotten === 1 ? 'was' : 'were'} right once`, once)];
  const parts: [Link, ...Part[]] = [
    samples(lost, 'newly wrong', { ...since, 'predictions.outcome': 'newly_wrong' }),
    { text: ' and ' },
    list(`${count(won)} ${won === 1 ? 'is' : 'are'} newly right`, { ...since, 'predictions.outcome': 'newly_right' }),
    { text: ` since step ${inFull(changes.from_step)}`, tone: 'soft' },
  ];
  // All that are newly wrong are among the forgotten ones.
  if (forgotten > lost) parts.push({ text: '; ' }, list(`${count(forgotten)} that were right once are wrong now`, once));
  return parts;
}

/** "14 samples are right in run-a alone, and 3 are right here alone", each a link to their list. */
export function aloneSentence(comparison: Comparison, reference: string): Sentence | undefined {
  const [here, there] = [comparison.only_this_right, comparison.only_other_right].map(sum);
  if (!here && !there) return undefined;
  return [
    samples(there, `right in ${middle(reference, 40)} alone`, { 'predictions.outcome': 'only_other_right' }),
    { text: ', and ' },
    list(`${count(here ?? 0)} ${here === 1 ? 'is' : 'are'} right here alone`, { 'predictions.outcome': 'only_this_right' }),
  ];
}

/** What each sort is called in the help of the list. */
const TERMS: Readonly<Record<string, string>> = {
  newly_wrong: 'newly wrong',
  newly_right: 'newly right',
  forgotten: 'forgotten',
  only_this_right: 'right here alone',
  only_other_right: 'right there alone',
};

function sum(each: ArrayLike<number>): number {
  return Array.from(each).reduce((a, b) => a + b, 0);
}

function samples(n = 0, what = '', options: NonNullable<Part['options']> = {}): Link {
  return list(`${count(n)} ${n === 1 ? 'sample is' : 'samples are'} ${what}`, options);
}

/** A link to a list of samples: all of that sort, whatever else they are narrowed down by. */
function list(text: string, options: NonNullable<Part['options']>): Link {
  const term = TERMS[options['predictions.outcome'] ?? ''];
  const all = { 'predictions.side': 'any', 'predictions.confidence': undefined, 'predictions.agreement': undefined };
  return {
    text,
    selects: { classes: [], sample: null },
    options: { ...all, ...options },
    shows: DRAWER,
    ...(term === undefined ? {} : { term }),
  };
}

/** Of each class: how many of its samples are right at the later evaluation alone, and how many at the earlier one alone. */
export function turnedByClass(changes: Changes): (k: number) => { readonly right: number; readonly wrong: number } {
  const right = new Map<number, number>();
  const wrong = new Map<number, number>();
  Array.from(changes.truth).forEach((k, i) => {
    if (changes.newly_right[i] === 1) right.set(k, (right.get(k) ?? 0) + 1);
    if (changes.newly_wrong[i] === 1) wrong.set(k, (wrong.get(k) ?? 0) + 1);
  });
  return (k) => ({ right: right.get(k) ?? 0, wrong: wrong.get(k) ?? 0 });
}
