/** The sentences above a multi-label evaluation. Each says only what the samples are enough for. */
import type { Multilabel } from '../schema.gen';
import { decimals, inFull, plural } from './format';
import { labelNumbers, overall, pairsOf, sizeOf, support } from './multilabel';
import { othersSentence, type Reference, referenceLink, type Sentence } from './sentences_predictions';
import { wilson } from './wilson';

export interface Judged {
  readonly step: number;
  readonly payload: Multilabel;
}

const LEAST_SWAPS = 10;
const LEAST_SHARE = 0.25;

/**
 * "Fewer wrong labels than at step 100: Hamming loss 0.032 there", only where the intervals of the Hamming loss are apart.
 *
 * @param reference The training that the other evaluation is of; none where it is an earlier one of this training.
 */
export function changeSentence(now: Judged, before: Judged | undefined, reference?: Reference): Sentence | undefined {
  if (before === undefined) return undefined;
  if (reference?.others !== undefined) return othersSentence(reference, now.step, 'labels');
  const [own, other] = [overall(now.payload).hamming, overall(before.payload).hamming];
  if (own.value === undefined || other.value === undefined || own.range === undefined || other.range === undefined) return undefined;
  const verdict =
    own.range.high < other.range.low
      ? 'Fewer wrong labels than'
      : own.range.low > other.range.high
        ? 'More wrong labels than'
        : 'No clear change since';
  const there = `Hamming loss ${decimals(other.value, 3)} there`;
  if (reference === undefined)
    return [
      { text: `${verdict} ${verdict.startsWith('No') ? '' : 'at '}step ${inFull(before.step)}: ${there}`, selects: { step: before.step } },
    ];
  return [{ text: `${verdict.replace('change since', 'difference from')} ` }, referenceLink(reference, now.step), { text: `: ${there}` }];
}

/** "fox is missed most: found in 12 of 80 samples", if its recall surely is the lowest; each interval at 95 %. */
export function worstSentence(m: Multilabel, label: (k: number) => string): Sentence | undefined {
  let worst: { k: number; high: number; value: number } | undefined;
  const lows: { k: number; low: number }[] = [];
  for (let k = 0; k < sizeOf(m); k++) {
    const { recall } = labelNumbers(m, k);
    if (recall.value === undefined || recall.range === undefined) continue;
    lows.push({ k, low: recall.range.low });
    if (worst === undefined || recall.value < worst.value) worst = { k, high: recall.range.high, value: recall.value };
  }
  if (worst === undefined || lows.length < 2) return undefined;
  const { k, high } = worst;
  if (lows.some((each) => each.k !== k && each.low <= high)) return undefined;
  const numbers = labelNumbers(m, k);
  return [
    { text: label(k), selects: { classes: [k] } },
    { text: ` is missed most: found in ${inFull(numbers.counts.tp)} of ${plural(support(numbers), 'sample')}`, exact: worst.value },
  ];
}

/** "Where cat is missed, dog is told in 30 of 52 samples", if that surely is a quarter or more. */
export function swapSentence(m: Multilabel, label: (k: number) => string): Sentence | undefined {
  const top = pairsOf(m).find(({ kind }) => kind === 'swap');
  if (top === undefined || top.count < LEAST_SWAPS) return undefined;
  const missed = labelNumbers(m, top.first).counts.fn;
  const surely = wilson(Math.min(top.count, missed), missed)?.low ?? 0;
  if (surely < LEAST_SHARE) return undefined;
  return [
    { text: 'Where ' },
    { text: label(top.first), selects: { classes: [top.first] } },
    { text: ' is missed, ' },
    { text: label(top.second), selects: { classes: [top.second] } },
    { text: ` is told instead in ${inFull(top.count)} of ${plural(missed, 'sample')}` },
  ];
}
