/** One sample with any number of labels, and what is asked for: pure but for the source. */
import { oneOf, withOptions } from '../../frame/options';
import type { SeriesInfo } from '../../panel';
import type { LabelSampleList } from '../../schema.gen';
import type { Selection } from '../../selection';
import type { Became, LabelChoice, Source } from '../../source';
import { MOST } from '../predictions/asking';

/** What became of a label that is true, was told, or does not count. */
export type Is = 'missed' | 'false' | 'rightly' | 'not counted';

export interface Entry {
  readonly label: number;
  readonly is: Is;
  /** NaN where nobody knows it. */
  readonly probability: number;
}

export interface LabelSample {
  /** Its id; where ids are no texts, its number as digits. */
  readonly id: string;
  /** NaN where no label counts. */
  readonly loss: number;
  /** Place of its example; −1 where none is stored. */
  readonly example: number;
  readonly entries: readonly Entry[];
}

const CODES: Readonly<Record<number, Is>> = { 1: 'missed', 2: 'false', 3: 'rightly' };

/** What is stored of the labels of samples, or of one sample at several evaluations. */
interface Entries {
  readonly entry_end: ArrayLike<number>;
  readonly label: ArrayLike<number>;
  readonly became: ArrayLike<number>;
  readonly probability: ArrayLike<number>;
}

/** The entries of the i-th. */
export function entriesAt({ entry_end, label, became, probability }: Entries, i: number): readonly Entry[] {
  const from = i === 0 ? 0 : (entry_end[i - 1] ?? 0);
  return Array.from({ length: (entry_end[i] ?? from) - from }, (_, k) => ({
    label: label[from + k] ?? -1,
    is: CODES[became[from + k] ?? -1] ?? 'not counted',
    probability: probability[from + k] ?? Number.NaN,
  }));
}

/** The sample at a place of a list. */
export function labelSampleAt(list: LabelSampleList, i: number): LabelSample {
  return {
    id: list.ids?.[i] ?? String(list.number[i]),
    loss: list.loss[i] ?? Number.NaN,
    example: list.example[i] ?? -1,
    entries: entriesAt(list, i),
  };
}

const PANEL = 'label_predictions';
const OUTCOMES = ['wrong', 'right', 'any'] as const;
const BECAME = ['wrong', 'missed', 'false', 'rightly', 'absent'] as const;
const PAIRS = ['swap', 'missed', 'false'] as const;

/** The reader's choices of this panel: of all samples, of those of a label, and of two labels that are wrong together. */
export interface Choices {
  readonly outcome: (typeof OUTCOMES)[number];
  readonly became: Became;
  readonly pair: (typeof PAIRS)[number];
}

/** The choices in force; what a link asks for but does not exist is left at its default. */
export function choices(options: Selection['options']): Choices {
  return {
    outcome: oneOf(OUTCOMES, options[`${PANEL}.outcome`]) ?? 'wrong',
    became: oneOf(BECAME, options[`${PANEL}.became`]) ?? 'wrong',
    pair: oneOf(PAIRS, options[`${PANEL}.pair`]) ?? 'swap',
  };
}

/** The options with some choices changed; the default of each stays away. */
export function withChoices(options: Selection['options'], change: Partial<Choices>): Selection['options'] {
  const { outcome, became, pair } = { ...choices(options), ...change };
  return withOptions(options, PANEL, {
    outcome: outcome === 'wrong' ? undefined : outcome,
    became: became === 'wrong' ? undefined : became,
    pair: pair === 'swap' ? undefined : pair,
  });
}

/**
 * What the server is asked for. Pairs are those of the kind `multilabel`: of samples with at most so many wrong labels.
 * @param classes The selected labels: one, or two of which the first is the one that was missed.
 */
export function choiceOf(classes: readonly number[], { outcome, became, pair }: Choices, mostWrong: number): LabelChoice {
  const [first, second] = classes;
  if (first === undefined) return { outcome, sort: 'loss' };
  if (second === undefined) return { labels: `${first}:${became}`, sort: 'loss' };
  const [one, other] = { swap: ['missed', 'false'], missed: ['missed', 'missed'], false: ['false', 'false'] }[pair];
  return { labels: `${first}:${one},${second}:${other}`, most_wrong: mostWrong, sort: 'loss' };
}

/** What the list is of, in words. */
export function titleOf(classes: readonly number[], { outcome, became, pair }: Choices, name: (label: number) => string): string {
  const [first, second] = classes;
  if (first === undefined) {
    return { wrong: 'Samples with a wrong label', right: 'Samples with all labels right', any: 'All samples' }[outcome];
  }
  if (second !== undefined) {
    const [a, b] = [name(first), name(second)];
    return { swap: `${a} missed, told: ${b}`, missed: `${a} and ${b} both missed`, false: `${a} and ${b} both told falsely` }[pair];
  }
  const words = {
    wrong: 'missed or told falsely',
    missed: 'missed',
    false: 'told falsely',
    rightly: 'told rightly',
    absent: 'rightly not told',
  };
  return `${name(first)}: ${words[became]}`;
}

/** A sample in words, for those who hear it. */
export function inWords({ id, loss, example, entries }: LabelSample, name: (label: number) => string): string {
  const of = (is: Is) => entries.filter((entry) => entry.is === is).map(({ label }) => name(label));
  const parts = [
    ['missed', of('missed')],
    ['told falsely', of('false')],
    ['told rightly', of('rightly')],
    ['not counted', of('not counted')],
  ] as const;
  const said = parts.flatMap(([word, names]) => (names.length === 0 ? [] : [`${word} ${names.join(', ')}`]));
  const known = Number.isNaN(loss) ? [] : [`loss ${loss.toFixed(2)}`];
  return [
    ...(said.length === 0 ? ['no label true or told'] : said),
    ...known,
    `sample ${id}${example < 0 ? ', no example stored' : ''}`,
  ].join(', ');
}

/** All of a list. */
export async function allLabelSamples(
  source: Source,
  series: SeriesInfo,
  step: number,
  choice: LabelChoice,
  signal?: AbortSignal,
  progress?: (done: number, of: number) => void,
): Promise<readonly LabelSample[]> {
  const found: LabelSample[] = [];
  for (;;) {
    const { payload } = await source.labelSamples(series, step, { ...choice, first: found.length, count: MOST }, signal);
    const told = Array.from(payload.number, (_, i) => labelSampleAt(payload, i));
    found.push(...told);
    progress?.(found.length, payload.matching);
    if (told.length === 0 || found.length >= payload.matching) return found;
  }
}
