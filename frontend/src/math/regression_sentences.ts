/** The sentences above a regression, computed from what they stand beside. Each says only what the values are enough for. */
import { middle } from './ellipsis';
import { between, inFull, number } from './format';
import { rangesOf, scoresOf, type Target, truthsOf } from './regression';
import { type Reference, referenceLink, type Sentence } from './sentences_predictions';

/** A target at a step. */
export interface Judged {
  readonly step: number;
  readonly target: Target;
}

const RESIDUALS = '[data-panel="regression"] [data-picture="residuals"]';
const AGREEMENT = '[data-panel="regression"] [data-picture="agreement"]';
const LETTERS = 40;

const LEVEL = 0.05;
/** Standard errors beyond which means of truths differ: by chance in one of 16,000 pairs. */
const FAR = 4;
const MOST_RANGES = 6;
const LEAST_VALUES = 20;

/**
 * Better or worse than before: against the best of the earlier evaluations whose interval of the RMSE lies wholly below this
 * one's, else against the one half way if its lies wholly above; else "No clear change since step s". Undefined for the first.
 *
 * Of m earlier ones each is told apart at a level of 5 % / m, so that a model that stays as it is is seldom called worse.
 */
export function changeSentence(now: Judged, earlier: readonly Judged[]): Sentence | undefined {
  const before = earlier.filter(({ step, target }) => step < now.step && rmse(target) !== undefined);
  if (rmse(now.target) === undefined || before.length === 0) return undefined;
  const level = LEVEL / before.length;
  const differs = before.map((each) => sides(now.target, each.target, level) !== undefined);
  const lower = before.filter((each) => sides(now.target, each.target, level) === 'worse');
  const best = lower.reduce<Judged | undefined>(
    (a, b) => (a === undefined || (rmse(b.target) ?? 0) < (rmse(a.target) ?? 0) ? b : a),
    undefined,
  );
  if (best !== undefined) return link(`Worse than at step ${inFull(best.step)}: RMSE ${number(rmse(best.target) ?? 0)} there`, best.step);
  const half = before.findLast(({ step }) => step <= now.step / 2) ?? before[0];
  if (half !== undefined && sides(now.target, half.target, LEVEL) === 'better')
    return link(`Better than at step ${inFull(half.step)}: RMSE ${number(rmse(half.target) ?? 0)} there`, half.step);
  const since = before[differs.lastIndexOf(true) + 1];
  return since === undefined ? undefined : link(`No clear change since step ${inFull(since.step)}`, since.step);
}

/** The same against the reference training: of truths that surely are others only that they are. */
export function referenceSentence(now: Judged, other: Judged, reference: Reference): Sentence | undefined {
  const there = rmse(other.target);
  if (rmse(now.target) === undefined || there === undefined) return undefined;
  const means = otherTruths(now.target, other.target);
  if (means !== undefined)
    return [
      referenceLink(reference, now.step),
      { text: ' is not compared: its truths are others' },
      { text: ` (${number(means.there)} on average, here ${number(means.here)})`, tone: 'soft' },
    ];
  const side = sides(now.target, other.target, LEVEL);
  const verdict = side === undefined ? 'No clear difference from' : side === 'better' ? 'Better than' : 'Worse than';
  return [{ text: `${verdict} ` }, referenceLink(reference, now.step), { text: `: RMSE ${number(there)} at step ${inFull(other.step)}` }];
}

/** "run-b is not compared: it has no target depth", where its targets have other names. */
export function noTargetSentence(target: string, reference: Reference, step: number): Sentence {
  return [referenceLink(reference, step), { text: ' is not compared: it has no target ' }, { text: middle(target, LETTERS) }];
}

/** Means of the truths of two targets that are further apart than two parts of one set of data: 4 standard errors. */
function otherTruths(one: Target, other: Target): { readonly here: number; readonly there: number } | undefined {
  const [a, b] = [truthsOf(one), truthsOf(other)];
  if (!(Math.abs(a.mean - b.mean) > FAR * Math.hypot(a.error, b.error))) return undefined;
  return { here: a.mean, there: b.mean };
}

/** "Predictions are 0.3 too high on average; 95 % interval 0.1 – 0.5", where that surely is not 0. */
export function biasSentence(target: Target): Sentence | undefined {
  const { value, range } = scoresOf(target).bias;
  if (value === undefined || range === undefined || (range.low <= 0 && range.high >= 0)) return undefined;
  const [low, high] = value > 0 ? [range.low, range.high] : [-range.high, -range.low];
  return [
    {
      text: `Predictions are ${number(Math.abs(value))} too ${value > 0 ? 'high' : 'low'} on average`,
      selects: {},
      shows: RESIDUALS,
      exact: value,
    },
    { text: `; 95 % interval ${between({ low, high }, number)}`, tone: 'soft' },
  ];
}

/**
 * "Truths from 40 up err most: by 5.2 on average (4.8 – 5.7), the others by 2.1": where the interval of one range lies wholly
 * above those of all others, each at a level of 5 % by their number.
 */
export function rangeSentence(target: Target): Sentence | undefined {
  const ranges = rangesOf(target, MOST_RANGES, LEAST_VALUES, LEVEL / MOST_RANGES);
  const [most] = ranges.toSorted((a, b) => (b.mae.value ?? 0) - (a.mae.value ?? 0));
  if (most === undefined || ranges.length < 2) return undefined;
  const others = ranges.filter((each) => each !== most);
  const low = most.mae.range?.low;
  if (low === undefined || others.some(({ mae }) => mae.range === undefined || mae.range.high >= low)) return undefined;
  const weight = others.reduce((sum, each) => sum + each.weight, 0);
  const mean = others.reduce((sum, each) => sum + each.weight * (each.mae.value ?? 0), 0) / weight;
  return [
    {
      text: `Truths ${rangeText(most)} err most: by ${number(most.mae.value ?? 0)} on average`,
      selects: {},
      shows: AGREEMENT,
      exact: most.mae.value ?? 0,
    },
    { text: `, the others by ${number(mean)}`, tone: 'soft' },
  ];
}

/** "from 40 to 60", "below 40", "from 60 up". */
export function rangeText({ from, to }: { readonly from: number; readonly to: number }): string {
  if (from === Number.NEGATIVE_INFINITY) return to === Number.POSITIVE_INFINITY ? 'of any size' : `below ${number(to)}`;
  return to === Number.POSITIVE_INFINITY ? `from ${number(from)} up` : `from ${number(from)} to ${number(to)}`;
}

function rmse(target: Target): number | undefined {
  return scoresOf(target).rmse.value;
}

/** Whether the interval of the RMSE lies wholly below the other one's, or wholly above; undefined where they overlap. */
function sides(one: Target, other: Target, level: number): 'better' | 'worse' | undefined {
  const [a, b] = [scoresOf(one, level).rmse.range, scoresOf(other, level).rmse.range];
  if (a === undefined || b === undefined) return undefined;
  if (a.high < b.low) return 'better';
  return a.low > b.high ? 'worse' : undefined;
}

function link(text: string, step: number): Sentence {
  return [{ text, selects: { step } }];
}
