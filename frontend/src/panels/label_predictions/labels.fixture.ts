/** Labels of samples without a server, and the answers that the server would make of them. */
import { MemorySource } from '../../memory.fixture';
import type { Point, SeriesInfo } from '../../panel';
import type { LabelSampleHistory, LabelSampleList } from '../../schema.gen';
import { Failed, type LabelChoice } from '../../source';
import { examplesOf } from '../number_predictions/numbers.fixture';
import { type Media, random } from '../predictions/samples.fixture';

export interface Made {
  readonly labels: readonly string[];
  readonly steps: readonly number[];
  readonly ids: readonly string[];
  /** [sample][label] −1 where nobody knows. */
  readonly truth: readonly (readonly number[])[];
  /** [step][sample][label] */
  readonly p: readonly (readonly (readonly number[])[])[];
  /** By place of the sample. */
  readonly examples: ReadonlyMap<number, { readonly media: Media; readonly content: Uint8Array<ArrayBuffer> }>;
}

/** 0 rightly not told, 1 missed, 2 told falsely, 3 told rightly, −1 not counted. */
export function codeOf(made: Made, at: number, i: number, label: number): number {
  const truth = made.truth[i]?.[label] ?? 0;
  return truth < 0 ? -1 : truth + ((made.p[at]?.[i]?.[label] ?? 0) > 0.5 ? 2 : 0);
}

const CODES: Readonly<Record<string, readonly number[]>> = { missed: [1], false: [2], rightly: [3], absent: [0], wrong: [1, 2] };

/** What the server tells of some samples; `asked` says what it was asked. */
export class LabelSource extends MemorySource {
  readonly made: Made;

  constructor(made: Made) {
    super([]);
    this.made = made;
  }

  override readonly labelSamples = async (_: SeriesInfo, step: number, choice: LabelChoice): Promise<Point<'label_sample_list'>> => {
    this.asked.push(`samples ${step} ${JSON.stringify(choice)}`);
    const { made } = this;
    const at = made.steps.findLastIndex((each) => each <= step);
    if (at < 0) throw new Failed({ error: `no predictions at or before step ${step}`, fix: '' }, 'samples', 404);
    const wrongs = (i: number) => made.labels.filter((_name, label) => [1, 2].includes(codeOf(made, at, i, label))).length;
    const wanted = (choice.labels ?? '').split(',').filter((each) => each !== '');
    const matching = made.ids
      .map((_id, i) => i)
      .filter((i) => {
        const outcome = choice.outcome ?? 'any';
        if (outcome !== 'any' && wrongs(i) > 0 !== (outcome === 'wrong')) return false;
        if (wrongs(i) > (choice.most_wrong ?? Number.POSITIVE_INFINITY)) return false;
        return wanted.every((each) => {
          const [label = '', became = ''] = each.split(':');
          return CODES[became]?.includes(codeOf(made, at, i, Number(label)));
        });
      });
    const order = choice.sort === 'loss' ? matching.toSorted((a, b) => this.#loss(at, b) - this.#loss(at, a)) : matching;
    const first = choice.first ?? 0;
    const chosen = order.slice(first, first + (choice.count ?? 100));
    const places = [...made.examples.keys()].sort((a, b) => a - b);
    const payload: LabelSampleList = {
      kind: 'label_sample_list',
      classes: 'made',
      epoch: null,
      samples: made.ids.length,
      matching: matching.length,
      stored: matching.filter((i) => made.examples.has(i)).length,
      first,
      ids: chosen.map((i) => made.ids[i] ?? ''),
      number: Int32Array.from(chosen),
      loss: Float64Array.from(chosen, (i) => this.#loss(at, i)),
      example: Int32Array.from(chosen, (i) => places.indexOf(i)),
      ...this.#entries(chosen.map((i) => [at, i] as const)),
    };
    return { step: made.steps[at] ?? 0, wallTime: 0, payload };
  };

  override readonly labelSample = async (_: SeriesInfo, id: string): Promise<Point<'label_sample_history'>> => {
    this.asked.push(`sample ${id}`);
    const { made } = this;
    const i = made.ids.indexOf(id);
    if (i < 0) throw new Failed({ error: `this evaluation has no sample '${id}'`, fix: 'Choose one from the list.' }, 'sample', 404);
    const payload: LabelSampleHistory = {
      kind: 'label_sample_history',
      classes: 'made',
      id,
      number: i,
      example: [...made.examples.keys()].sort((a, b) => a - b).indexOf(i),
      step: Int32Array.from(made.steps),
      loss: Float64Array.from(made.steps, (_step, at) => this.#loss(at, i)),
      ...this.#entries(made.steps.map((_step, at) => [at, i] as const)),
    };
    return { step: made.steps.at(-1) ?? 0, wallTime: 0, payload };
  };

  override readonly examples = async (_: SeriesInfo, places: readonly number[]) => {
    const of = [...this.made.examples.keys()].sort((a, b) => a - b);
    return [examplesOf(places.map((place) => ({ id: this.made.ids[of[place] ?? -1] ?? '', ...this.made.examples.get(of[place] ?? -1) })))];
  };

  #loss(at: number, i: number): number {
    const { made } = this;
    const known = made.labels.map((_, label) => label).filter((label) => (made.truth[i]?.[label] ?? 0) >= 0);
    const sum = known.reduce((all, label) => {
      const p = made.p[at]?.[i]?.[label] ?? 0;
      return all - Math.log(made.truth[i]?.[label] === 1 ? p : 1 - p);
    }, 0);
    return sum / known.length;
  }

  #entries(of: readonly (readonly [number, number])[]) {
    const { made } = this;
    const each = of.map(([at, i]) =>
      made.labels.flatMap((_, label) => {
        const code = codeOf(made, at, i, label);
        return code === 0 ? [] : [{ label, code, p: code < 0 ? Number.NaN : (made.p[at]?.[i]?.[label] ?? 0) }];
      }),
    );
    let end = 0;
    return {
      entry_end: Int32Array.from(each, (entries) => {
        end += entries.length;
        return end;
      }),
      label: Int32Array.from(each.flat(), ({ label }) => label),
      became: Int32Array.from(each.flat(), ({ code }) => code),
      probability: Float64Array.from(each.flat(), ({ p }) => p),
    };
  }
}

/** Labels that are told better from step to step. */
export function made(
  labels: readonly string[],
  size: number,
  evaluations: number,
  example: (i: number) => { readonly media: Media; readonly content: Uint8Array<ArrayBuffer> } | undefined = () => undefined,
): Made {
  const next = random(size + labels.length);
  const truth = Array.from({ length: size }, (_, i) =>
    labels.map((_label, k) => (i % 50 === 7 && k === 0 ? -1 : next() < 3 / labels.length ? 1 : 0)),
  );
  const steps = Array.from({ length: evaluations }, (_, k) => 50 * (k + 1));
  const p = steps.map((_, at) =>
    truth.map((row) =>
      row.map((t) =>
        Math.min(
          0.99,
          Math.max(0.01, 0.4 * next() + (t === 1 ? 0.1 : 0.05) + ((t === 1 ? 1 : 0) * 0.3 * at) / evaluations + (next() < 0.05 ? 0.5 : 0)),
        ),
      ),
    ),
  );
  const examples = new Map(
    truth.flatMap((_, i) => {
      const found = example(i);
      return found === undefined ? [] : [[i, found] as const];
    }),
  );
  return { labels, steps, ids: truth.map((_, i) => `val/${String(i).padStart(5, '0')}.png`), truth, p, examples };
}
