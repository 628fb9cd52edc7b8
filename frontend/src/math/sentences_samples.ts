/** Sentences of single samples that turned between two evaluations. */
import type { Changes } from '../schema.gen';
import { count, inFull } from './format';
import type { Part, Sentence } from './sentences_predictions';

const DRAWER = '[data-panel="predictions"]';

/** "7 samples are newly wrong since step 300, 12 are forgotten, and 30 are newly right", each a link to their list. */
export function changesSentence(changes: Changes): Sentence | undefined {
  const sum = (each: ArrayLike<number>) => Array.from(each).reduce((a, b) => a + b, 0);
  const all = [
    { outcome: 'newly_wrong', words: 'newly wrong', n: sum(changes.newly_wrong) },
    { outcome: 'forgotten', words: 'forgotten', n: sum(changes.forgotten) },
    { outcome: 'newly_right', words: 'newly right', n: sum(changes.newly_right) },
  ].filter(({ n }) => n > 0);
  if (all.length === 0 || all[0]?.outcome === 'newly_right') return undefined;
  const parts = all.flatMap(({ outcome, words, n }, i): readonly Part[] => {
    const noun = i > 0 ? '' : n === 1 ? ' sample' : ' samples';
    return [
      { text: i === 0 ? '' : i === all.length - 1 ? ' and ' : ', ' },
      {
        text: `${count(n)}${noun} ${n === 1 ? 'is' : 'are'} ${words}`,
        selects: { classes: [], sample: null },
        options: { 'predictions.outcome': outcome, 'predictions.since': String(changes.from_step) },
        shows: DRAWER,
      },
    ];
  });
  return [...parts.filter(({ text }) => text !== ''), { text: ` since step ${inFull(changes.from_step)}`, tone: 'soft' }];
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
