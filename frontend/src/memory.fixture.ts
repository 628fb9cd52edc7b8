/** A source without a server: what is logged is said here, and can grow. */
import { type Answer, type ConfusionOrder, decode, type Listing, type Training } from './decode';
import { encode, type Part } from './decode.fixture';
import type { SeriesInfo } from './panel';
import { Failed, type Range, type Source } from './source';

export interface Logged {
  readonly training: string;
  readonly run?: string;
  readonly tag: string;
  readonly evaluation?: string;
  readonly name?: string;
  readonly split?: string;
  readonly part: Part;
  readonly problems?: readonly { readonly step: number; readonly error: string; readonly fix: string }[];
}

/** What the server computes: here nothing. */
export const NOTHING_COMPUTED: Pick<
  Source,
  | 'curves'
  | 'calibration'
  | 'scoreHistory'
  | 'samples'
  | 'sample'
  | 'labelSamples'
  | 'labelSample'
  | 'numberSamples'
  | 'numberSample'
  | 'changes'
  | 'compare'
  | 'compareLabels'
  | 'compareNumbers'
  | 'topK'
  | 'topKMatrix'
  | 'examples'
  | 'parameters'
> = {
  curves: () => nothing('curves'),
  calibration: () => nothing('calibration'),
  scoreHistory: () => nothing('score_history'),
  samples: () => nothing('samples'),
  sample: () => nothing('sample'),
  labelSamples: () => nothing('samples'),
  labelSample: () => nothing('sample'),
  numberSamples: () => nothing('samples'),
  numberSample: () => nothing('sample'),
  changes: () => nothing('changes'),
  compare: () => nothing('compare'),
  compareLabels: () => nothing('compareLabels'),
  compareNumbers: () => nothing('compareNumbers'),
  topK: () => nothing('top_k'),
  topKMatrix: () => nothing('top_k_matrix'),
  examples: () => nothing('examples'),
  parameters: () => nothing('parameters'),
};

function nothing(route: string): Promise<never> {
  return Promise.reject(new Failed({ error: `no ${route}`, fix: 'see /runs' }, route));
}

export class MemorySource implements Source {
  readonly curves = NOTHING_COMPUTED.curves;
  readonly calibration = NOTHING_COMPUTED.calibration;
  readonly scoreHistory = NOTHING_COMPUTED.scoreHistory;
  readonly samples = NOTHING_COMPUTED.samples;
  readonly sample = NOTHING_COMPUTED.sample;
  readonly labelSamples = NOTHING_COMPUTED.labelSamples;
  readonly labelSample = NOTHING_COMPUTED.labelSample;
  readonly numberSamples = NOTHING_COMPUTED.numberSamples;
  readonly numberSample = NOTHING_COMPUTED.numberSample;
  readonly changes = NOTHING_COMPUTED.changes;
  readonly compare = NOTHING_COMPUTED.compare;
  readonly compareLabels = NOTHING_COMPUTED.compareLabels;
  readonly compareNumbers = NOTHING_COMPUTED.compareNumbers;
  readonly topK = NOTHING_COMPUTED.topK;
  readonly topKMatrix = NOTHING_COMPUTED.topKMatrix;
  readonly examples = NOTHING_COMPUTED.examples;
  readonly parameters = NOTHING_COMPUTED.parameters;
  #logged: readonly Logged[];
  readonly #structures: ReadonlyMap<string, readonly Part[]>;
  #told: readonly Logged[] | null = null;
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  /** Bytes that each point takes. */
  pointBytes = 0;
  /** Tags that are refused. */
  readonly refused = new Set<string>();

  constructor(logged: readonly Logged[], structures: ReadonlyMap<string, readonly Part[]> = new Map()) {
    this.#logged = logged;
    this.#structures = structures;
  }

  /** Replaces what is logged; the next poll tells of it. */
  log(logged: readonly Logged[]): void {
    this.#logged = logged;
  }

  async list(): Promise<Listing | null> {
    if (this.#told === this.#logged) return null;
    this.#told = this.#logged;
    const names = [...new Set([...this.#logged.map(({ training }) => training), ...this.#structures.keys()])];
    return { trainings: names.map((name) => this.#training(name)), problems: [] };
  }

  async points(series: SeriesInfo, range: Range): Promise<Answer> {
    this.asked.push(`${series.tag} ${range.from ?? ''}..${range.to ?? ''}`);
    const found = this.#logged.find(({ training, run = training, tag }) => run === series.run && tag === series.tag);
    if (found === undefined || this.refused.has(series.tag)) {
      throw new Failed({ error: `no series ${series.tag}`, fix: 'see /runs' }, `points?tag=${series.tag}`);
    }
    const from =
      found.part.points.findLast(({ step }) => step <= (range.from ?? Number.NEGATIVE_INFINITY))?.step ?? Number.NEGATIVE_INFINITY;
    const points = found.part.points.filter(({ step }) => step >= from && step <= (range.to ?? Number.POSITIVE_INFINITY));
    const most = Math.max(2, Math.floor((range.bytes ?? Number.POSITIVE_INFINITY) / this.pointBytes));
    if (points.length <= most) return decode(encode([{ ...found.part, points }], found.problems));
    const places = new Set(Array.from({ length: most }, (_, i) => Math.floor((i * (points.length - 1)) / (most - 1))));
    const kept = points.filter((_, i) => places.has(i));
    return { ...decode(encode([{ ...found.part, points: kept }], found.problems)), steps: points.map(({ step }) => step) };
  }

  async structure(training: string): Promise<Answer> {
    this.asked.push(`structure of ${training}`);
    return decode(encode(this.#structures.get(training) ?? []));
  }

  async order(series: SeriesInfo, also: readonly SeriesInfo[]): Promise<ConfusionOrder> {
    this.asked.push(['order of', ...[series, ...also].map(({ tag }) => tag)].join(' '));
    return { order: [], joins: [], classes: '' };
  }

  #training(name: string): Training {
    const own = this.#logged.filter(({ training }) => training === name);
    return {
      name,
      runs: [...new Set(own.map(({ run = name }) => run))],
      evaluations: [...new Set(own.flatMap(({ evaluation }) => evaluation ?? []))],
      structure: this.#structures.has(name) ? 'layerscope' : null,
      series: own.map((logged) => infoOf(logged)),
    };
  }
}

/** How the list tells of a series. */
export function infoOf({ training, run = training, tag, evaluation, name, split, part }: Logged): SeriesInfo {
  const last = part.points.at(-1)?.step ?? 0;
  return {
    training,
    run,
    tag,
    kind: part.kind,
    version: part.version ?? 1,
    evaluation: evaluation ?? null,
    name: name ?? null,
    split: split ?? null,
    lastStep: last,
    lastWallTime: 1.7e9 + last,
  };
}

/** A record of a kind with nothing but JSON. */
export function facts(training: string, fields: Readonly<Record<string, unknown>>): Logged {
  return {
    training,
    run: `${training}/layerscope`,
    tag: 'training_facts',
    part: { kind: 'training_facts', points: [{ step: 0, fields }] },
  };
}

/** A confusion matrix of two classes at each step. */
export function matrices(training: string, evaluation: string, steps: readonly number[], writer = 'w'): Logged {
  const points = steps.map((step) => ({
    step,
    writer,
    fields: { classes: 'two' },
    arrays: { row_end: { data: Int32Array.of(1, 2, 2) }, column: { data: Int32Array.of(0, 1) }, count: { data: Int32Array.of(step, 1) } },
  }));
  return {
    training,
    run: `${training}/layerscope`,
    tag: `${evaluation}/confusion_matrix`,
    evaluation,
    part: { kind: 'confusion_matrix', points },
  };
}
