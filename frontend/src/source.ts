/** The one door to data: an interface, with the server behind it. A page that carries its answers can stand there too. */
import { type Answer, type ConfusionOrder, decode, decodeListing, decodeOrder, decodeProblem, type Listing, Malformed } from './decode';
import { Flights } from './flights';
import type { Point, Problem, SeriesInfo } from './panel';
import type { Calibration, Kind } from './schema.gen';

/** Steps from `from` (and the last point before it) to `to`, both included; null is open. */
export interface Range {
  readonly from: number | null;
  readonly to: number | null;
  /** About the most bytes to bring: of more, records are left out evenly. */
  readonly bytes?: number;
}

export const EVERYTHING: Range = { from: null, to: null };

/** A curve to ask for: of a class by its id, of all decisions pooled, or the mean of the classes. */
export type CurveOf = number | 'micro' | 'macro';

/** Bins of a calibration: how many, a divisor of 3,000 up to 100, and whether equally wide or of equally many samples. */
export interface Bins {
  readonly bins: number;
  readonly by: Calibration['by'];
}

/** Which samples of an evaluation: all that is left out is any. K is *unknown* as a truth, *abstained* as a prediction. */
export interface SampleChoice {
  readonly truth?: number;
  readonly predicted?: number;
  readonly outcome?: 'any' | 'right' | 'wrong';
  /** Confidence from here on, and below there: exact in multiples of 1/65536. */
  readonly at_least?: number;
  readonly below?: number;
  /** Bins of confidence, of the 3,000 that score curves are counted in: `200..399`. */
  readonly confidence_bins?: string;
  /** `doubt`: the smallest confidence first; `changed`: those that are predicted otherwise than at `since` first. */
  readonly sort?: 'place' | 'loss' | 'confidence' | 'doubt' | 'changed';
  /** Step of an earlier evaluation. */
  readonly since?: number;
  /** For `predicted` and `outcome` a truth among so many first classes is what was predicted. */
  readonly k?: number;
  /** Another evaluation of the same samples: those that it says alike, otherwise, or of which one of both or both are right. */
  readonly other_run?: string;
  readonly other_tag?: string;
  readonly other_step?: number;
  readonly against?: 'any' | 'differ' | 'same' | 'both_right' | 'only_this_right' | 'only_other_right' | 'both_wrong';
  /** What the other one predicted, in the ids of a comparison. */
  readonly other_predicted?: number;
  /** Of those that match, from here on; so many, at most 1,000, by default 100. */
  readonly first?: number;
  readonly count?: number;
}

/** What a label of a sample became: absent is rightly not told, wrong is missed or told falsely. */
export type Became = 'missed' | 'false' | 'rightly' | 'absent' | 'wrong';

/** Which samples of an evaluation of several labels: all that is left out is any. */
export interface LabelChoice {
  /** What each of some labels became: `3:missed,5:false`. */
  readonly labels?: string;
  /** Whether all labels of a sample are right. */
  readonly outcome?: 'any' | 'right' | 'wrong';
  /** With at most so many wrong labels. */
  readonly most_wrong?: number;
  readonly sort?: 'place' | 'loss';
  readonly first?: number;
  readonly count?: number;
}

/** Which samples of a regression: all that is left out is any. */
export interface NumberChoice {
  /** The target that is told of, by its place. */
  readonly target?: number;
  /** Bins of the picture in which the truth, and the prediction lies, from 0 to 65: `20..29`. */
  readonly truth_bins?: string;
  readonly predicted_bins?: string;
  /** By their place, or the largest error first. */
  readonly sort?: 'place' | 'loss';
  readonly first?: number;
  readonly count?: number;
}

export interface Source {
  /** All trainings; null when nothing moved since the last call. */
  list(signal?: AbortSignal): Promise<Listing | null>;
  points(series: SeriesInfo, range: Range, signal?: AbortSignal): Promise<Answer>;
  /** The same of some parameters alone, by their places among those of a model, rising. */
  parameters(series: SeriesInfo, range: Range, places: readonly number[], signal?: AbortSignal): Promise<Answer>;
  /** The newest structure of a training and the parameters it refers to. */
  structure(training: string, signal?: AbortSignal): Promise<Answer>;
  /** Classes of a series of confusion matrices, those that are taken for each other together: one order for all kept steps of it and of others. */
  order(series: SeriesInfo, also: readonly SeriesInfo[], signal?: AbortSignal): Promise<ConfusionOrder>;
  /** Curves of the last evaluation at or before a step, of a series of score curves; of none named, all classes in numbers alone. */
  curves(series: SeriesInfo, step: number, of: readonly CurveOf[], signal?: AbortSignal): Promise<Point<'curves'>>;
  /** Of the last evaluation at or before a step, of a series of score curves. */
  calibration(series: SeriesInfo, step: number, bins: Bins, signal?: AbortSignal): Promise<Point<'calibration'>>;
  /** Areas of a curve, and the calibration, at all evaluations of a series of score curves. */
  scoreHistory(series: SeriesInfo, of: CurveOf, signal?: AbortSignal): Promise<Point<'score_history'>>;
  /** Samples of the last evaluation at or before a step, of a series of predictions. */
  samples(series: SeriesInfo, step: number, choice: SampleChoice, signal?: AbortSignal): Promise<Point<'sample_list'>>;
  /** A sample, by its id or its number as digits, at all evaluations of a series of predictions. */
  sample(series: SeriesInfo, sample: string, signal?: AbortSignal): Promise<Point<'sample_history'>>;
  /** The same of a series of label predictions, and of number predictions. */
  labelSamples(series: SeriesInfo, step: number, choice: LabelChoice, signal?: AbortSignal): Promise<Point<'label_sample_list'>>;
  labelSample(series: SeriesInfo, sample: string, signal?: AbortSignal): Promise<Point<'label_sample_history'>>;
  numberSamples(series: SeriesInfo, step: number, choice: NumberChoice, signal?: AbortSignal): Promise<Point<'number_sample_list'>>;
  numberSample(series: SeriesInfo, sample: string, signal?: AbortSignal): Promise<Point<'number_sample_history'>>;
  /** What was learned and forgotten from one step to another, in a series of predictions. */
  changes(series: SeriesInfo, from: number, to: number, signal?: AbortSignal): Promise<Point<'changes'>>;
  /**
   * The last evaluation at or before a step against that of another series of predictions, of the same samples. Of class ids
   * beyond those of this one's classes, K is *abstained*, and K + 1 + i the i-th of `others`.
   */
  compare(series: SeriesInfo, step: number, other: SeriesInfo, otherStep: number, signal?: AbortSignal): Promise<Point<'comparison'>>;
  /** The same of two series of kind `label_predictions`. */
  compareLabels(
    series: SeriesInfo,
    step: number,
    other: SeriesInfo,
    otherStep: number,
    signal?: AbortSignal,
  ): Promise<Point<'label_comparison'>>;
  /** The same of two series of kind `number_predictions`. */
  compareNumbers(
    series: SeriesInfo,
    step: number,
    other: SeriesInfo,
    otherStep: number,
    signal?: AbortSignal,
  ): Promise<Point<'number_comparison'>>;
  /** How often the truth is among the first k classes, k from 1 to 10, at all evaluations of a series of predictions. */
  topK(series: SeriesInfo, signal?: AbortSignal): Promise<Point<'top_k'>>;
  /** The matrix of the last evaluation at or before a step in which a truth among the first k classes counts as right. */
  topKMatrix(series: SeriesInfo, step: number, k: number, signal?: AbortSignal): Promise<Point<'confusion_matrix'>>;
  /** Examples of a series of them, by their places in it, rising. */
  examples(series: SeriesInfo, places: readonly number[], signal?: AbortSignal): Promise<readonly Point<'examples'>[]>;
}

type Asked = Readonly<Record<string, string | number | undefined>>;

function versus({ run, tag }: SeriesInfo, step: number): Asked {
  return { other_run: run, other_tag: tag, other_step: step };
}

/** A parameter as the server reads it: numbers without an exponent. */
function written(value: string | number): string {
  return typeof value === 'string' || Number.isInteger(value) ? String(value) : value.toFixed(20);
}

/** A request that got no answer, or a refusal: the server's sentence, and what was asked. */
export class Failed extends Error {
  readonly problem: Problem;
  readonly request: string;
  /** Of the answer, if there was one. */
  readonly status: number | undefined;

  constructor(problem: Problem, request: string, status?: number) {
    super(problem.error);
    this.name = 'Failed';
    this.problem = problem;
    this.request = request;
    this.status = status;
  }
}

/** What went wrong, and the request that did; empty when it was none. */
export interface Failing {
  readonly problem: Problem;
  readonly request: string;
  /** The server has no such thing: to ask again does not help. */
  readonly isMissing: boolean;
}

/** What is to be said of an error. */
export function failureOf(error: unknown): Failing {
  if (error instanceof Failed) return { problem: error.problem, request: error.request, isMissing: error.status === 404 };
  const fix =
    error instanceof Malformed ? 'Restart TensorBoard: the page and the plugin may be of different versions.' : 'Reload the page.';
  return { problem: { error: error instanceof Error ? error.message : String(error), fix }, request: '', isMissing: false };
}

const NOTHING: Answer = { points: {}, raw: [], problems: [], writer: null, steps: null };

/** The plugin's routes, relative to the page: TensorBoard may stand behind any prefix. */
export class Server implements Source {
  readonly #base: string;
  #etag: string | null = null;
  /** What the server computes is asked for by several panels at once. */
  readonly #flights = new Flights<Answer>();

  constructor(base = './') {
    this.#base = base;
  }

  async list(signal?: AbortSignal): Promise<Listing | null> {
    // The browser's own cache would answer 200 where the server said 304; here the difference saves the work of a new list.
    const response = await this.#get('runs', signal, {
      cache: 'no-store',
      headers: this.#etag === null ? {} : { 'If-None-Match': this.#etag },
    });
    if (response.status === 304) {
      // Unread, the browser would call the request off.
      await response.arrayBuffer();
      return null;
    }
    const listing = decodeListing(await this.#json(response, 'runs'));
    this.#etag = response.headers.get('ETag');
    return listing;
  }

  points(series: SeriesInfo, range: Range, signal?: AbortSignal): Promise<Answer> {
    return this.#points(series, range, {}, signal);
  }

  async parameters(series: SeriesInfo, range: Range, places: readonly number[], signal?: AbortSignal): Promise<Answer> {
    if (places.length === 0) return NOTHING;
    return this.#points(series, range, { parameters: places.join() }, signal);
  }

  async structure(training: string, signal?: AbortSignal): Promise<Answer> {
    return decode(await (await this.#get(`structure?${new URLSearchParams({ training })}`, signal)).arrayBuffer());
  }

  async order({ run, tag }: SeriesInfo, also: readonly SeriesInfo[], signal?: AbortSignal): Promise<ConfusionOrder> {
    const query = new URLSearchParams({ run, tag });
    if (also.length > 0) query.set('also', JSON.stringify(also.map((each) => [each.run, each.tag])));
    const request = `order?${query}`;
    return decodeOrder(await this.#json(await this.#get(request, signal), request));
  }

  curves(series: SeriesInfo, step: number, of: readonly CurveOf[], signal?: AbortSignal): Promise<Point<'curves'>> {
    return this.#one('curves', 'curves', series, { step, ...(of.length === 0 ? {} : { classes: of.join() }) }, signal);
  }

  calibration(series: SeriesInfo, step: number, { bins, by }: Bins, signal?: AbortSignal): Promise<Point<'calibration'>> {
    return this.#one('calibration', 'calibration', series, { step, bins, by }, signal);
  }

  scoreHistory(series: SeriesInfo, of: CurveOf, signal?: AbortSignal): Promise<Point<'score_history'>> {
    return this.#one('score_history', 'score_history', series, { classes: String(of) }, signal);
  }

  samples(series: SeriesInfo, step: number, choice: SampleChoice, signal?: AbortSignal): Promise<Point<'sample_list'>> {
    return this.#one('samples', 'sample_list', series, { step, ...choice }, signal);
  }

  sample(series: SeriesInfo, sample: string, signal?: AbortSignal): Promise<Point<'sample_history'>> {
    return this.#one('sample', 'sample_history', series, { sample }, signal);
  }

  labelSamples(series: SeriesInfo, step: number, choice: LabelChoice, signal?: AbortSignal): Promise<Point<'label_sample_list'>> {
    return this.#one('samples', 'label_sample_list', series, { step, ...choice }, signal);
  }

  labelSample(series: SeriesInfo, sample: string, signal?: AbortSignal): Promise<Point<'label_sample_history'>> {
    return this.#one('sample', 'label_sample_history', series, { sample }, signal);
  }

  numberSamples(series: SeriesInfo, step: number, choice: NumberChoice, signal?: AbortSignal): Promise<Point<'number_sample_list'>> {
    return this.#one('samples', 'number_sample_list', series, { step, ...choice }, signal);
  }

  numberSample(series: SeriesInfo, sample: string, signal?: AbortSignal): Promise<Point<'number_sample_history'>> {
    return this.#one('sample', 'number_sample_history', series, { sample }, signal);
  }

  changes(series: SeriesInfo, from: number, to: number, signal?: AbortSignal): Promise<Point<'changes'>> {
    return this.#one('changes', 'changes', series, { from, to }, signal);
  }

  compare(series: SeriesInfo, step: number, other: SeriesInfo, otherStep: number, signal?: AbortSignal): Promise<Point<'comparison'>> {
    return this.#one('compare', 'comparison', series, { step, ...versus(other, otherStep) }, signal);
  }

  compareLabels(
    series: SeriesInfo,
    step: number,
    other: SeriesInfo,
    otherStep: number,
    signal?: AbortSignal,
  ): Promise<Point<'label_comparison'>> {
    return this.#one('compare', 'label_comparison', series, { step, ...versus(other, otherStep) }, signal);
  }

  compareNumbers(
    series: SeriesInfo,
    step: number,
    other: SeriesInfo,
    otherStep: number,
    signal?: AbortSignal,
  ): Promise<Point<'number_comparison'>> {
    return this.#one('compare', 'number_comparison', series, { step, ...versus(other, otherStep) }, signal);
  }

  topK(series: SeriesInfo, signal?: AbortSignal): Promise<Point<'top_k'>> {
    return this.#one('top_k', 'top_k', series, {}, signal);
  }

  topKMatrix(series: SeriesInfo, step: number, k: number, signal?: AbortSignal): Promise<Point<'confusion_matrix'>> {
    return this.#one('top_k_matrix', 'confusion_matrix', series, { step, k }, signal);
  }

  async examples(series: SeriesInfo, places: readonly number[], signal?: AbortSignal): Promise<readonly Point<'examples'>[]> {
    if (places.length === 0) return [];
    const { points } = await this.#computed('examples', series, { places: places.join() }, signal);
    return points.examples ?? [];
  }

  async #points(series: SeriesInfo, range: Range, more: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Answer> {
    const query = new URLSearchParams({ run: series.run, tag: series.tag, ...more });
    if (range.from !== null || range.to !== null) query.set('steps', `${range.from ?? ''}..${range.to ?? ''}`);
    if (range.bytes !== undefined) query.set('bytes', String(range.bytes));
    return decode(await (await this.#get(`points?${query}`, signal)).arrayBuffer());
  }

  /** The one point of an answer that the server computes. */
  async #one<K extends Kind>(route: string, kind: K, series: SeriesInfo, more: Asked, signal: AbortSignal | undefined): Promise<Point<K>> {
    const { points } = await this.#computed(route, series, more, signal);
    const point = points[kind]?.[0];
    if (point === undefined) throw new Malformed(`${route} answered no ${kind}`);
    return point;
  }

  async #computed(route: string, { run, tag }: SeriesInfo, more: Asked, signal: AbortSignal | undefined): Promise<Answer> {
    const query = new URLSearchParams({ run, tag });
    for (const [name, value] of Object.entries(more)) if (value !== undefined) query.set(name, written(value));
    const request = `${route}?${query}`;
    const answer = await this.#flights.ask(request, async (own) => decode(await (await this.#get(request, own)).arrayBuffer()), signal);
    const [nothing] = answer.problems;
    // There is such a series, and it begins later: for the browser no error, but no answer either.
    if (nothing !== undefined) throw new Failed({ error: nothing.error, fix: nothing.fix }, request, 404);
    return answer;
  }

  async #get(request: string, signal: AbortSignal | undefined, more: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.#base + request, { ...more, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Failed({ error: 'TensorBoard does not answer.', fix: 'Look whether it is still running.' }, request);
    }
    if (response.ok || response.status === 304) return response;
    const fallback = { error: `TensorBoard answered ${response.status}.`, fix: 'Its own output may say why.' };
    throw new Failed(decodeProblem(await response.json().catch(() => null), fallback), request, response.status);
  }

  async #json(response: Response, request: string): Promise<unknown> {
    try {
      return await response.json();
    } catch {
      throw new Failed({ error: 'The answer is not JSON.', fix: 'Is this the plugin of TensorBoard, or a proxy before it?' }, request);
    }
  }
}
