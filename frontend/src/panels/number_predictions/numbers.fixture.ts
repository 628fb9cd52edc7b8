/** Predicted numbers without a server: samples of some evaluations, and the answers that the server would make of them. */
import { MemorySource } from '../../memory.fixture';
import type { Point, SeriesInfo } from '../../panel';
import type { Examples, NumberSampleHistory, NumberSampleList } from '../../schema.gen';
import { Failed, type NumberChoice } from '../../source';
import { info, type Media, random } from '../predictions/samples.fixture';

export interface Made {
  readonly targets: readonly string[];
  readonly steps: readonly number[];
  readonly ids: readonly string[];
  /** [sample][target] */
  readonly truth: readonly (readonly number[])[];
  /** [step][sample][target] */
  readonly predicted: readonly (readonly (readonly number[])[])[];
  /** Width of the bins: cell 1 begins at 0. */
  readonly bin: number;
  /** By place of the sample. */
  readonly examples: ReadonlyMap<number, { readonly media: Media; readonly content: Uint8Array<ArrayBuffer> }>;
}

/** What the server tells of some samples; `asked` says what it was asked. */
export class NumberSource extends MemorySource {
  readonly made: Made;

  constructor(made: Made) {
    super([]);
    this.made = made;
  }

  override readonly numberSamples = async (_: SeriesInfo, step: number, choice: NumberChoice): Promise<Point<'number_sample_list'>> => {
    this.asked.push(`samples ${step} ${JSON.stringify(choice)}`);
    const { made } = this;
    const at = made.steps.findLastIndex((each) => each <= step);
    if (at < 0) throw new Failed({ error: `no predictions at or before step ${step}`, fix: '' }, 'samples', 404);
    const k = choice.target ?? 0;
    const truth = (i: number) => made.truth[i]?.[k] ?? Number.NaN;
    const predicted = (i: number) => made.predicted[at]?.[i]?.[k] ?? Number.NaN;
    const isIn = (value: number, bins: string | undefined) => {
      if (bins === undefined) return true;
      const [from = 0, to = 0] = bins.split('..').map(Number);
      const bin = Math.max(0, Math.min(65, 1 + Math.floor(value / made.bin)));
      return bin >= from && bin <= to;
    };
    const all = made.ids.map((_id, i) => i);
    const matching = all.filter((i) => isIn(truth(i), choice.truth_bins) && isIn(predicted(i), choice.predicted_bins));
    const size = (i: number) => Math.abs(predicted(i) - truth(i));
    const order = choice.sort === 'loss' ? matching.toSorted((a, b) => size(b) - size(a)) : matching;
    const first = choice.first ?? 0;
    const chosen = order.slice(first, first + (choice.count ?? 100));
    const places = [...made.examples.keys()].sort((a, b) => a - b);
    const payload: NumberSampleList = {
      kind: 'number_sample_list',
      epoch: null,
      targets: made.targets,
      target: k,
      samples: made.ids.length,
      matching: matching.length,
      stored: matching.filter((i) => made.examples.has(i)).length,
      first,
      ids: chosen.map((i) => made.ids[i] ?? ''),
      number: Int32Array.from(chosen),
      truth: Float64Array.from(chosen, truth),
      predicted: Float64Array.from(chosen, predicted),
      example: Int32Array.from(chosen, (i) => places.indexOf(i)),
    };
    return { step: made.steps[at] ?? 0, wallTime: 0, payload };
  };

  override readonly numberSample = async (_: SeriesInfo, id: string): Promise<Point<'number_sample_history'>> => {
    this.asked.push(`sample ${id}`);
    const { made } = this;
    const i = made.ids.indexOf(id);
    if (i < 0) throw new Failed({ error: `this evaluation has no sample '${id}'`, fix: 'Choose one from the list.' }, 'sample', 404);
    const payload: NumberSampleHistory = {
      kind: 'number_sample_history',
      id,
      number: i,
      example: [...made.examples.keys()].sort((a, b) => a - b).indexOf(i),
      targets: made.targets,
      truth: Float64Array.from(made.truth[i] ?? []),
      step: Int32Array.from(made.steps),
      predicted: Float64Array.from(made.predicted.flatMap((each) => each[i] ?? [])),
    };
    return { step: made.steps.at(-1) ?? 0, wallTime: 0, payload };
  };

  override readonly examples = async (_: SeriesInfo, places: readonly number[]): Promise<readonly Point<'examples'>[]> => {
    const of = [...this.made.examples.keys()].sort((a, b) => a - b);
    return [examplesOf(places.map((place) => ({ id: this.made.ids[of[place] ?? -1] ?? '', ...this.made.examples.get(of[place] ?? -1) })))];
  };
}

/** A point of examples. */
export function examplesOf(chosen: readonly { readonly id: string; readonly media?: Media; readonly content?: Uint8Array<ArrayBuffer> }[]) {
  let end = 0;
  const ends = chosen.map(({ content }) => {
    end += content?.length ?? 0;
    return end;
  });
  const content = new Uint8Array(end);
  chosen.forEach((each, i) => {
    content.set(each.content ?? [], (ends[i] ?? 0) - (each.content?.length ?? 0));
  });
  const payload: Examples = {
    kind: 'examples',
    ids: chosen.map(({ id }) => id),
    media: chosen.map(({ media }) => media ?? 'text/plain'),
    feature_names: [],
    number: Int32Array.from(chosen, (_, i) => i),
    content_end: Int32Array.from(ends),
    content,
  };
  return { step: 0, wallTime: 0, payload };
}

export const series = (step: number): SeriesInfo => info('number_predictions', 'validation/number_predictions', step);

/** Numbers that come nearer to the truth from step to step. */
export function made(
  targets: readonly string[],
  size: number,
  evaluations: number,
  example: (i: number) => { readonly media: Media; readonly content: Uint8Array<ArrayBuffer> } | undefined = () => undefined,
): Made {
  const next = random(size + targets.length);
  const truth = Array.from({ length: size }, () => targets.map((_, k) => 64 * next() * 10 ** k));
  const steps = Array.from({ length: evaluations }, (_, k) => 50 * (k + 1));
  const predicted = steps.map((_, at) => truth.map((row) => row.map((t, k) => t + ((20 * (next() - 0.5)) / (at + 1)) * 10 ** k)));
  const examples = new Map(
    truth.flatMap((_, i) => {
      const found = example(i);
      return found === undefined ? [] : [[i, found] as const];
    }),
  );
  return { targets, steps, ids: truth.map((_, i) => `val/${String(i).padStart(5, '0')}.png`), truth, predicted, bin: 1, examples };
}
