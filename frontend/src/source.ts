/** The one door to data: an interface, with the server behind it. A page that carries its answers can stand there too. */
import { type Answer, decode, decodeListing, decodeOrder, decodeProblem, type Listing, Malformed } from './decode';
import type { Problem, SeriesInfo } from './panel';

/** Steps from `from` (and the last point before it) to `to`, both included; null is open. */
export interface Range {
  readonly from: number | null;
  readonly to: number | null;
}

export const EVERYTHING: Range = { from: null, to: null };

export interface Source {
  /** All trainings; null when nothing moved since the last call. */
  list(signal?: AbortSignal): Promise<Listing | null>;
  points(series: SeriesInfo, range: Range, signal?: AbortSignal): Promise<Answer>;
  /** The newest structure of a training and the parameters it refers to. */
  structure(training: string, signal?: AbortSignal): Promise<Answer>;
  /** Class ids, those that are taken for each other together: one order for all kept steps of a confusion matrix. */
  order(series: SeriesInfo, signal?: AbortSignal): Promise<readonly number[]>;
}

/** A request that got no answer, or a refusal: the server's sentence, and what was asked. */
export class Failed extends Error {
  readonly problem: Problem;
  readonly request: string;

  constructor(problem: Problem, request: string) {
    super(problem.error);
    this.name = 'Failed';
    this.problem = problem;
    this.request = request;
  }
}

/** What went wrong, and the request that did; empty when it was none. */
export function failureOf(error: unknown): { readonly problem: Problem; readonly request: string } {
  if (error instanceof Failed) return { problem: error.problem, request: error.request };
  const fix =
    error instanceof Malformed ? 'Restart TensorBoard: the page and the plugin may be of different versions.' : 'Reload the page.';
  return { problem: { error: error instanceof Error ? error.message : String(error), fix }, request: '' };
}

/** The plugin's routes, relative to the page: TensorBoard may stand behind any prefix. */
export class Server implements Source {
  readonly #base: string;
  #etag: string | null = null;

  constructor(base = './') {
    this.#base = base;
  }

  async list(signal?: AbortSignal): Promise<Listing | null> {
    // The browser's own cache would answer 200 where the server said 304; here the difference saves the work of a new list.
    const response = await this.#get('runs', signal, {
      cache: 'no-store',
      headers: this.#etag === null ? {} : { 'If-None-Match': this.#etag },
    });
    if (response.status === 304) return null;
    const listing = decodeListing(await this.#json(response, 'runs'));
    this.#etag = response.headers.get('ETag');
    return listing;
  }

  async points(series: SeriesInfo, range: Range, signal?: AbortSignal): Promise<Answer> {
    const query = new URLSearchParams({ run: series.run, tag: series.tag });
    if (range.from !== null || range.to !== null) query.set('steps', `${range.from ?? ''}..${range.to ?? ''}`);
    return decode(await (await this.#get(`points?${query}`, signal)).arrayBuffer());
  }

  async structure(training: string, signal?: AbortSignal): Promise<Answer> {
    return decode(await (await this.#get(`structure?${new URLSearchParams({ training })}`, signal)).arrayBuffer());
  }

  async order({ run, tag }: SeriesInfo, signal?: AbortSignal): Promise<readonly number[]> {
    const request = `order?${new URLSearchParams({ run, tag })}`;
    return decodeOrder(await this.#json(await this.#get(request, signal), request));
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
    throw new Failed(decodeProblem(await response.json().catch(() => null), fallback), request);
  }

  async #json(response: Response, request: string): Promise<unknown> {
    try {
      return await response.json();
    } catch {
      throw new Failed({ error: 'The answer is not JSON.', fix: 'Is this the plugin of TensorBoard, or a proxy before it?' }, request);
    }
  }
}
