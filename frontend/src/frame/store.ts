/**
 * The series that are on screen: each fetched once, kept under (run, tag, last step, last wall time), and brought up to
 * date when the list says that it grew. Old data stays until the new is there; an answer that came too late is dropped.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Answer, RawPoint, RecordProblem } from '../decode';
import type { Point, Problem, SeriesInfo } from '../panel';
import { EVERYTHING, failureOf, type Source } from '../source';
import { isMade } from './shown';

/** What a series holds: points of known kinds, or records as they are. */
export interface Content extends SeriesInfo {
  readonly points: readonly Point[];
  readonly raw: readonly RawPoint[];
  readonly problems: readonly RecordProblem[];
  /** Where only some points are here: the steps of all, how many came at first, and those that came for a step that was shown. */
  readonly thinned?: { readonly steps: readonly number[]; readonly first: number; readonly extra: readonly number[] } | undefined;
  readonly allSteps?: readonly number[] | undefined;
}

export type Loaded =
  | { readonly state: 'loading'; readonly old: Content | null }
  | { readonly state: 'failed'; readonly old: Content | null; readonly problem: Problem; readonly request: string }
  | { readonly state: 'ready'; readonly content: Content };

interface Entry {
  readonly loaded: Signal<Loaded>;
  /** What is in `loaded`, and who wrote its last point. */
  version: string | null;
  writer: string | null;
  users: number;
  flight: { readonly version: string; readonly abort: AbortController } | null;
  /** A step whose point is missing, and is asked for. */
  wanted: number | null;
}

/** Series kept after nobody shows them any more: going back to them is then instant. */
const KEPT = 100;

/** Kinds whose records may be too many and too large for a browser, and about the bytes that it takes of a series. */
const MOST_BYTES: Readonly<Record<string, number>> = { confusion_matrix: 32e6 };

/** Points kept of those that came for a step. */
const MOST_EXTRA = 3;

/** A slider that moves on within this time asks for nothing. */
const PAUSE_MS = 80;

export class SeriesStore {
  readonly #source: Source;
  readonly #entries = new Map<string, Entry>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** What is known of a series; does not fetch. */
  state(info: SeriesInfo): ReadonlySignal<Loaded> {
    return this.#entry(info).loaded;
  }

  /** Fetches a series, or what it lacks of the version that the list tells of. The function returned ends the interest in it. */
  use(info: SeriesInfo): () => void {
    const entry = this.#entry(info);
    entry.users += 1;
    void this.#bring(entry, info);
    return () => {
      entry.users -= 1;
      // A moment later: who shows the next version of the same series takes over.
      queueMicrotask(() => {
        if (entry.users > 0) return;
        entry.flight?.abort.abort();
        this.#forget();
      });
    };
  }

  /** Of a series of which only some points are here, brings the one at a step. */
  see(info: SeriesInfo, step: number): void {
    const entry = this.#entry(info);
    const content = contentOf(entry.loaded.peek());
    const wanted = content?.thinned?.steps.findLast((each) => each <= step) ?? null;
    const isHere = wanted === null || content?.points.some((point) => point.step === wanted) === true;
    if (entry.wanted === (isHere ? null : wanted)) return;
    entry.wanted = isHere ? null : wanted;
    if (!isHere && wanted !== null) setTimeout(() => void this.#bringOne(entry, info, wanted), PAUSE_MS);
  }

  async #bringOne(entry: Entry, info: SeriesInfo, step: number): Promise<void> {
    const isWanted = () => entry.wanted === step;
    if (!isWanted()) return;
    const before = contentOf(entry.loaded.peek());
    if (entry.loaded.peek().state === 'ready') entry.loaded.value = { state: 'loading', old: before };
    try {
      const answer = await this.#source.points(info, { from: step, to: step });
      const content = contentOf(entry.loaded.peek());
      if (!isWanted() || content === null) return;
      entry.wanted = null;
      entry.loaded.value = { state: 'ready', content: inserted(content, pointsOf(answer, info.kind)) };
    } catch (error) {
      // Not asked for again by itself: `wanted` stays.
      if (isWanted()) entry.loaded.value = { state: 'failed', old: contentOf(entry.loaded.peek()), ...failureOf(error) };
    }
  }

  /** Tries a failed series again. */
  retry(info: SeriesInfo): void {
    const entry = this.#entry(info);
    entry.version = null;
    entry.wanted = null;
    void this.#bring(entry, info);
  }

  #entry(info: SeriesInfo): Entry {
    const key = seriesKey(info);
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      loaded: signal<Loaded>({ state: 'loading', old: null }),
      version: null,
      writer: null,
      users: 0,
      flight: null,
      wanted: null,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  async #bring(entry: Entry, info: SeriesInfo): Promise<void> {
    const version = versionOf(info);
    if (entry.version === version || entry.flight?.version === version) return;
    entry.flight?.abort.abort();
    const flight = { version, abort: new AbortController() };
    entry.flight = flight;
    const old = contentOf(entry.loaded.peek());
    entry.loaded.value = { state: 'loading', old };
    try {
      const { content, writer } = await this.#fetch(info, old, entry.writer, flight.abort.signal);
      if (entry.flight !== flight) return;
      entry.version = version;
      entry.writer = writer;
      entry.loaded.value = { state: 'ready', content };
    } catch (error) {
      if (entry.flight !== flight) return;
      if (flight.abort.signal.aborted) entry.loaded.value = old === null ? { state: 'loading', old } : { state: 'ready', content: old };
      else {
        // The same version is not asked for again by itself; a newer one is.
        entry.version = version;
        entry.loaded.value = { state: 'failed', old, ...failureOf(error) };
      }
    } finally {
      if (entry.flight === flight) entry.flight = null;
    }
  }

  async #fetch(
    info: SeriesInfo,
    old: Content | null,
    writer: string | null,
    abort: AbortSignal,
  ): Promise<{ content: Content; writer: string | null }> {
    if (isMade(info)) return complete(info, await this.#structure(info));
    const last = old?.points.at(-1);
    // What the server makes of others' logs is one point, and comes whole; of a series of records only what is new.
    const isFull = old?.thinned !== undefined && old.points.length >= 2 * old.thinned.first;
    if (old !== null && last?.record !== undefined && info.lastStep > last.step && !isFull) {
      const newer = await this.#source.points(info, { from: last.step, to: info.lastStep }, abort);
      // Another writer has taken over: it may have gone back and rewritten steps.
      if (newer.writer === writer) return appended(info, old, newer);
    }
    const bytes = MOST_BYTES[info.kind];
    return complete(info, await this.#source.points(info, bytes === undefined ? EVERYTHING : { ...EVERYTHING, bytes }, abort));
  }

  readonly #structures = new Map<string, Promise<Answer>>();

  /** One request for a training's structure and its parameters, which come in one answer. Small, so it is never aborted. */
  #structure(info: SeriesInfo): Promise<Answer> {
    const key = JSON.stringify([info.training, info.lastStep, info.lastWallTime]);
    const underWay = this.#structures.get(key);
    if (underWay !== undefined) return underWay;
    const answer = this.#source.structure(info.training).finally(() => this.#structures.delete(key));
    this.#structures.set(key, answer);
    return answer;
  }

  #forget(): void {
    const unused = [...this.#entries].filter(([, entry]) => entry.users === 0);
    for (const [key] of unused.slice(0, Math.max(0, unused.length - KEPT))) this.#entries.delete(key);
  }
}

/** What is there to draw, if anything. */
export function contentOf(loaded: Loaded): Content | null {
  return loaded.state === 'ready' ? loaded.content : loaded.old;
}

export function seriesKey({ run, tag, kind, training }: SeriesInfo): string {
  return JSON.stringify([training, run, tag, kind]);
}

/** A series as far as it is written: what an answer about all of it depends on. */
export function writtenKey(info: SeriesInfo): string {
  return `${seriesKey(info)}@${info.lastStep}:${info.lastWallTime}`;
}

function versionOf({ lastStep, lastWallTime, kind, version }: SeriesInfo): string {
  return `${lastStep}:${lastWallTime}:${kind}:${version}`;
}

function complete(info: SeriesInfo, answer: Answer): { content: Content; writer: string | null } {
  const points = pointsOf(answer, info.kind);
  const content = { ...info, points, raw: answer.raw, problems: answer.problems };
  const { steps, writer } = answer;
  return { content: steps === null ? content : thinned(content, { steps, first: points.length, extra: [] }), writer };
}

function thinned(content: Content, of: NonNullable<Content['thinned']>): Content {
  return { ...content, thinned: of, allSteps: of.steps };
}

/** A series with one more point, without the oldest of those that came in the same way. */
function inserted(content: Content, points: readonly Point[]): Content {
  if (content.thinned === undefined) return content;
  const extra = [...content.thinned.extra, ...points.map(({ step }) => step)];
  const dropped = new Set(extra.slice(0, Math.max(0, extra.length - MOST_EXTRA)));
  const kept = content.points.filter(({ step }) => !dropped.has(step) && points.every((point) => point.step !== step));
  return thinned(
    { ...content, points: [...kept, ...points].sort((a, b) => a.step - b.step) },
    { ...content.thinned, extra: extra.slice(-MOST_EXTRA) },
  );
}

function appended(info: SeriesInfo, old: Content, newer: Answer): { content: Content; writer: string | null } {
  const last = old.points.at(-1)?.step ?? Number.NEGATIVE_INFINITY;
  const after = <T extends { readonly step: number | null }>(items: readonly T[]) =>
    items.filter((item) => item.step === null || item.step > last);
  const added = after(pointsOf(newer, info.kind));
  const content = {
    ...info,
    points: [...old.points, ...added],
    raw: [...old.raw, ...after(newer.raw)],
    problems: [...old.problems, ...after(newer.problems)],
  };
  const steps = [...(old.thinned?.steps ?? []), ...added.map(({ step }) => step)];
  return { content: old.thinned === undefined ? content : thinned(content, { ...old.thinned, steps }), writer: newer.writer };
}

function pointsOf(answer: Answer, kind: string): readonly Point[] {
  const found = Object.entries(answer.points).find(([name]) => name === kind);
  return found?.[1] ?? [];
}
