/** One sample of a list, and what is said of it: pure. */
import { uniqueLabels } from '../../math/classes';
import { withoutShared } from '../../math/shared_ends';
import type { Point } from '../../panel';
import type { Changes, Classes, SampleList } from '../../schema.gen';
import type { Change, Filter, Sort } from './choices';

export interface Sample {
  /** Its id; where ids are no texts, its number as digits. */
  readonly id: string;
  readonly truth: number;
  readonly predicted: number;
  /** What was predicted at the earlier step; −1 where that is not known. */
  readonly before: number;
  /** What the other evaluation predicted, in the ids of a comparison; −1 where that is not known. */
  readonly other: number;
  /** Names of the classes that only the other evaluation has. */
  readonly others: readonly string[];
  readonly confidence: number;
  readonly loss: number;
  readonly rank: number;
  /** Place of its example; −1 where none is stored. */
  readonly example: number;
  readonly top: readonly Scored[];
}

export interface Scored {
  readonly id: number;
  readonly probability: number;
}

const TOP = 5;

/** The sample at a place of a list. */
export function sampleAt(list: SampleList, i: number): Sample {
  const at = (values: ArrayLike<number>) => values[i] ?? -1;
  const top: Scored[] = [];
  for (let k = i * TOP; k < (i + 1) * TOP; k++) {
    const id = list.top[k] ?? -1;
    if (id >= 0) top.push({ id, probability: list.top_score[k] ?? Number.NaN });
  }
  return {
    id: list.ids?.[i] ?? String(at(list.number)),
    truth: at(list.truth),
    predicted: at(list.predicted),
    before: at(list.before),
    other: at(list.other),
    others: list.others,
    confidence: list.confidence[i] ?? Number.NaN,
    loss: list.loss[i] ?? Number.NaN,
    rank: at(list.rank),
    example: at(list.example),
    top,
  };
}

/** All samples of a list. */
export function samplesOf(list: SampleList): readonly Sample[] {
  return Array.from(list.number, (_, i) => sampleAt(list, i));
}

/** Names of the classes and of what is none. */
export interface Names {
  readonly size: number;
  readonly positive: number | undefined;
  readonly truth: (id: number) => string;
  readonly predicted: (id: number) => string;
  /** A name as it is drawn where there is little room, the whole one being in its title. */
  readonly shorten: (name: string) => string;
}

/** Names of the classes that a record refers to; their numbers where it is not there. */
export function namesOf(record: Classes | undefined): Names {
  const labels = record && uniqueLabels(record);
  const size = labels?.length ?? Number.POSITIVE_INFINITY;
  const name = (id: number) => labels?.[id] ?? String(id);
  return {
    size,
    shorten: withoutShared(labels ?? []),
    positive: size === 2 ? (record?.positive ?? 1) : undefined,
    truth: (id) => (id === size ? 'unknown truth' : name(id)),
    predicted: (id) => (id === size ? 'abstained' : name(id)),
  };
}

/** What the other evaluation predicted of a sample; undefined where that is not known. */
export function otherName({ other, others }: Pick<Sample, 'other' | 'others'>, names: Names): string | undefined {
  if (other < 0) return undefined;
  return other > names.size ? (others[other - names.size - 1] ?? String(other)) : names.predicted(other);
}

export type Verdict = 'right' | 'wrong' | 'unknown';

/** Whether a prediction is right; unknown where nobody knows the truth. To abstain is not right. */
export function verdict({ truth, predicted }: Pick<Sample, 'truth' | 'predicted'>, { size }: Names): Verdict {
  if (truth === size) return 'unknown';
  return truth === predicted ? 'right' : 'wrong';
}

/** Ids of the samples that changed in one way, of those that a filter's classes let through. */
export function changedIds(changes: Changes, change: Change, { truth, predicted }: Filter): ReadonlySet<string> {
  const found = new Set<string>();
  changes[change].forEach((is, i) => {
    if (is === 0) return;
    if (truth !== undefined && changes.truth[i] !== truth) return;
    if (predicted !== undefined && changes.after[i] !== predicted) return;
    found.add(changes.ids?.[i] ?? String(changes.number[i]));
  });
  return found;
}

/** Sorted as the server does; equals stay as they were, and what is not known is last. */
export function sorted(samples: readonly Sample[], sort: Sort): readonly Sample[] {
  const by: Readonly<Record<Sort, (sample: Sample) => number>> = {
    loss: ({ loss }) => -loss,
    confidence: ({ confidence }) => -confidence,
    doubt: ({ confidence }) => confidence,
    changed: ({ before, predicted }) => (before < 0 || before === predicted ? 1 : 0),
  };
  const order = (key: (sample: Sample) => number) => (a: Sample, b: Sample) => {
    const [x, y] = [key(a), key(b)];
    return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || (x < y ? -1 : x > y ? 1 : 0);
  };
  return sort === 'changed'
    ? samples.toSorted((a, b) => order(by.changed)(a, b) || order(by.loss)(a, b))
    : samples.toSorted(order(by[sort]));
}

/** Ids for the clipboard: one a line, or as JSON where an id has lines of its own. */
export function idText(ids: readonly string[]): string {
  return ids.some((id) => /[\r\n]/.test(id)) ? JSON.stringify(ids) : ids.join('\n');
}

/** A point's list with its samples, for those who want all of it. */
export interface Told {
  readonly point: Point<'sample_list'>;
  readonly samples: readonly Sample[];
}
