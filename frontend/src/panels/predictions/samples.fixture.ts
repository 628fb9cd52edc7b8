/** Predictions without a server: samples of some evaluations, and the answers that the server would make of them. */
import { MemorySource } from '../../memory.fixture';
import type { Point, Series, SeriesInfo } from '../../panel';
import type { Changes, Classes, Examples, SampleHistory, SampleList } from '../../schema.gen';
import { Failed, type SampleChoice } from '../../source';
import { comparisonOf } from '../comparison/comparison.fixture';

export type Media = Examples['media'][number];

export interface Made {
  readonly labels: readonly string[];
  readonly steps: readonly number[];
  /** [sample] */
  readonly ids: readonly string[];
  readonly truth: readonly number[];
  /** [step][sample] */
  readonly predicted: readonly (readonly number[])[];
  readonly confidence: readonly (readonly number[])[];
  readonly loss: readonly (readonly number[])[];
  /** By place of the sample. */
  readonly examples: ReadonlyMap<number, { readonly media: Media; readonly content: Uint8Array<ArrayBuffer> }>;
  readonly features?: readonly string[];
}

const TOP = 5;

export function info(kind: string, tag: string, step: number): SeriesInfo {
  return {
    training: 'run',
    run: 'run',
    tag,
    kind,
    version: 1,
    evaluation: 'validation',
    name: null,
    split: null,
    lastStep: step,
    lastWallTime: step,
  };
}

export function classesSeries(labels: readonly string[]): Series<'classes'> {
  const payload: Classes = {
    kind: 'classes',
    labels,
    parents: null,
    task: labels.length === 2 ? 'binary' : 'multiclass',
    positive: null,
    ignored: null,
  };
  return { ...info('classes', 'classes/made', 0), kind: 'classes', points: [{ step: 0, wallTime: 0, payload }], problems: [] };
}

/** What the server tells of some samples; `asked` says what it was asked. */
export class SampleSource extends MemorySource {
  readonly made: Made;
  /** [sample] What another training predicts of them. */
  readonly there: readonly number[] | undefined;

  constructor(made: Made, there?: readonly number[]) {
    super([]);
    this.made = made;
    this.there = there;
  }

  override readonly samples = async (_: SeriesInfo, step: number, choice: SampleChoice): Promise<Point<'sample_list'>> => {
    this.asked.push(`samples ${step} ${JSON.stringify(choice)}`);
    const { made } = this;
    const at = this.#at(step);
    const before = choice.since === undefined ? -1 : this.#at(choice.since);
    const right = (i: number) => value(made.predicted, at, i) === made.truth[i];
    const [from = 0, to = 2999] = choice.confidence_bins?.split('..').map(Number) ?? [];
    const isAgainst = {
      any: () => true,
      differ: (i: number) => value(made.predicted, at, i) !== this.there?.[i],
      same: (i: number) => value(made.predicted, at, i) === this.there?.[i],
      both_right: (i: number) => right(i) && this.there?.[i] === made.truth[i],
      only_this_right: (i: number) => right(i) && this.there?.[i] !== made.truth[i],
      only_other_right: (i: number) => !right(i) && this.there?.[i] === made.truth[i],
      both_wrong: (i: number) => !right(i) && this.there?.[i] !== made.truth[i],
    }[choice.against ?? 'any'];
    const matching = made.ids
      .map((_, i) => i)
      .filter((i) => {
        const p = value(made.confidence, at, i);
        return (
          isAgainst(i) &&
          (choice.other_predicted === undefined || this.there?.[i] === choice.other_predicted) &&
          (choice.truth === undefined || made.truth[i] === choice.truth) &&
          (choice.predicted === undefined || value(made.predicted, at, i) === choice.predicted) &&
          (choice.outcome === undefined || choice.outcome === 'any' || right(i) === (choice.outcome === 'right')) &&
          p >= (choice.at_least ?? 0) &&
          p < (choice.below ?? 2) &&
          (p > from / 3000 || from === 0) &&
          p <= (to + 1) / 3000
        );
      });
    const loss = (i: number) => value(made.loss, at, i);
    const stays = (i: number) => (before < 0 || value(made.predicted, before, i) === value(made.predicted, at, i) ? 1 : 0);
    const key = {
      place: (i: number) => [i],
      loss: (i: number) => [-loss(i)],
      confidence: (i: number) => [-value(made.confidence, at, i)],
      doubt: (i: number) => [value(made.confidence, at, i)],
      changed: (i: number) => [stays(i), -loss(i)],
    }[choice.sort ?? 'place'];
    const order = matching.toSorted((a, b) => (key(a)[0] ?? 0) - (key(b)[0] ?? 0) || (key(a)[1] ?? 0) - (key(b)[1] ?? 0));
    const first = choice.first ?? 0;
    const chosen = order.slice(first, first + (choice.count ?? 100));
    const places = [...made.examples.keys()].sort((a, b) => a - b);
    const ints = (of: (i: number) => number) => Int32Array.from(chosen, of);
    const top = chosen.flatMap((i) => this.#top(at, i));
    const payload: SampleList = {
      kind: 'sample_list',
      classes: 'made',
      epoch: null,
      samples: made.ids.length,
      matching: matching.length,
      stored: matching.filter((i) => made.examples.has(i)).length,
      first,
      binary: made.labels.length === 2,
      ids: chosen.map((i) => made.ids[i] ?? ''),
      number: ints((i) => i),
      truth: ints((i) => made.truth[i] ?? 0),
      predicted: ints((i) => value(made.predicted, at, i)),
      before: ints((i) => (before < 0 ? -1 : value(made.predicted, before, i))),
      others: [],
      other: ints((i) => (choice.other_run === undefined ? -1 : (this.there?.[i] ?? -1))),
      confidence: Float64Array.from(chosen, (i) => value(made.confidence, at, i)),
      loss: Float64Array.from(chosen, loss),
      rank: ints((i) => (right(i) ? 1 : 2)),
      example: ints((i) => places.indexOf(i)),
      top: Int32Array.from(top, ([id]) => id),
      top_score: Float64Array.from(top, ([, p]) => p),
    };
    return { step: made.steps[at] ?? 0, wallTime: 0, payload };
  };

  override readonly sample = async (series: SeriesInfo, id: string): Promise<Point<'sample_history'>> => {
    this.asked.push(`sample ${id}`);
    const { made } = this;
    const i = made.ids.indexOf(id);
    const isThere = series.training !== 'run';
    if (i < 0) throw new Failed({ error: `this evaluation has no sample '${id}'`, fix: 'Choose one from the list.' }, 'sample', 404);
    const payload: SampleHistory = {
      kind: 'sample_history',
      classes: 'made',
      id,
      number: i,
      truth: made.truth[i] ?? 0,
      example: [...made.examples.keys()].sort((a, b) => a - b).indexOf(i),
      binary: made.labels.length === 2,
      step: Int32Array.from(made.steps),
      predicted: Int32Array.from(made.steps, (_, at) => (isThere ? (this.there?.[i] ?? 0) : value(made.predicted, at, i))),
      confidence: Float64Array.from(made.steps, (_, at) => value(made.confidence, isThere ? made.steps.length - 1 - at : at, i)),
      loss: Float64Array.from(made.steps, (_, at) => value(made.loss, at, i)),
      rank: Int32Array.from(made.steps, () => 1),
    };
    return { step: made.steps.at(-1) ?? 0, wallTime: 0, payload };
  };

  override readonly compare = async (_: SeriesInfo, step: number): Promise<Point<'comparison'>> => {
    this.asked.push(`compare ${step}`);
    const { labels, truth, predicted } = this.made;
    const two = { labels, truth, here: predicted[this.#at(step)] ?? [], there: this.there ?? [] };
    return { step, wallTime: 0, payload: comparisonOf(two) };
  };

  override readonly changes = async (_: SeriesInfo, from: number, to: number): Promise<Point<'changes'>> => {
    this.asked.push(`changes ${from} ${to}`);
    const { made } = this;
    const [a, b] = [this.#at(from), this.#at(to)];
    const is = (at: number, i: number) => value(made.predicted, at, i) === made.truth[i];
    const all = made.ids.map((_, i) => ({
      i,
      right: !is(a, i) && is(b, i),
      wrong: is(a, i) && !is(b, i),
      forgotten: !is(b, i) && made.steps.some((_, at) => at <= a && is(at, i)),
    }));
    const told = all.filter(({ right, wrong, forgotten }) => right || wrong || forgotten);
    const payload: Changes = {
      kind: 'changes',
      classes: 'made',
      from_step: from,
      to_step: to,
      compared: made.ids.length,
      both_right: all.filter(({ i }) => is(a, i) && is(b, i)).length,
      both_wrong: all.filter(({ i }) => !is(a, i) && !is(b, i)).length,
      p: 0.25,
      ids: told.map(({ i }) => made.ids[i] ?? ''),
      number: Int32Array.from(told, ({ i }) => i),
      truth: Int32Array.from(told, ({ i }) => made.truth[i] ?? 0),
      before: Int32Array.from(told, ({ i }) => value(made.predicted, a, i)),
      after: Int32Array.from(told, ({ i }) => value(made.predicted, b, i)),
      newly_right: Uint8Array.from(told, ({ right }) => Number(right)),
      newly_wrong: Uint8Array.from(told, ({ wrong }) => Number(wrong)),
      forgotten: Uint8Array.from(told, ({ forgotten }) => Number(forgotten)),
    };
    return { step: to, wallTime: 0, payload };
  };

  override readonly examples = async (_: SeriesInfo, places: readonly number[]): Promise<readonly Point<'examples'>[]> => {
    this.asked.push(`examples ${places.join()}`);
    const of = [...this.made.examples.keys()].sort((a, b) => a - b);
    const chosen = places.flatMap((place) => this.made.examples.get(of[place] ?? -1) ?? []);
    let end = 0;
    const ends = chosen.map(({ content }) => {
      end += content.length;
      return end;
    });
    const content = new Uint8Array(end);
    chosen.forEach((each, i) => {
      content.set(each.content, (ends[i] ?? 0) - each.content.length);
    });
    const payload: Examples = {
      kind: 'examples',
      ids: places.map((place) => this.made.ids[of[place] ?? -1] ?? ''),
      media: chosen.map(({ media }) => media),
      feature_names: this.made.features ?? [],
      number: Int32Array.from(places, (place) => of[place] ?? 0),
      content_end: Int32Array.from(ends),
      content,
    };
    return [{ step: 0, wallTime: 0, payload }];
  };

  #at(step: number): number {
    const at = this.made.steps.findLastIndex((each) => each <= step);
    if (at < 0) throw new Failed({ error: `no predictions at or before step ${step}`, fix: '' }, 'samples');
    return at;
  }

  #top(at: number, i: number): readonly (readonly [number, number])[] {
    const { made } = this;
    const p = value(made.confidence, at, i);
    const first = value(made.predicted, at, i);
    const others = [made.truth[i] ?? 0, ...made.labels.keys()].filter((id, place, all) => id !== first && all.indexOf(id) === place);
    const found = [[first, p], ...others.map((id, place) => [id, (1 - p) / 2 ** (place + 1)])].slice(0, TOP);
    return Array.from({ length: TOP }, (_, k) => [found[k]?.[0] ?? -1, found[k]?.[1] ?? Number.NaN] as const);
  }
}

function value(all: readonly (readonly number[])[], at: number, i: number): number {
  return all[at]?.[i] ?? Number.NaN;
}

/** Numbers that look random, the same each time. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Samples that are learned from step to step, with some to look at. */
export function made(
  labels: readonly string[],
  size: number,
  evaluations: number,
  example: (i: number) => { readonly media: Media; readonly content: Uint8Array<ArrayBuffer> } | undefined = () => undefined,
  features: readonly string[] = [],
): Made {
  const next = random(labels.length + size);
  const truth = Array.from({ length: size }, () => Math.floor(next() * labels.length));
  const steps = Array.from({ length: evaluations }, (_, k) => 50 * (k + 1));
  const predicted = steps.map((_, k) =>
    truth.map((id) => (next() < 0.5 + (0.45 * (k + 1)) / evaluations ? id : Math.floor(next() * labels.length))),
  );
  const confidence = steps.map(() => truth.map(() => Math.floor((0.3 + 0.69 * next()) * 65_536) / 65_536));
  const loss = confidence.map((row, k) => row.map((p, i) => -Math.log(predicted[k]?.[i] === truth[i] ? p : 1 - p)));
  const examples = new Map(
    truth.flatMap((_, i) => {
      const found = example(i);
      return found === undefined ? [] : [[i, found] as const];
    }),
  );
  return {
    labels,
    steps,
    ids: truth.map((_, i) => `val/${String(i).padStart(5, '0')}.png`),
    truth,
    predicted,
    confidence,
    loss,
    examples,
    features,
  };
}
