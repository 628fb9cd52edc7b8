/** Questions to the server of which each has several parts: pure but for the source. */
import type { SeriesInfo } from '../../panel';
import type { Source } from '../../source';
import type { Filter, Sort } from './choices';
import { type Sample, samplesOf, type Told } from './sample';

/** Most samples that the server tells at a time. */
export const MOST = 1000;

const STEPS = 65_536;

/** Which list: an evaluation, a filter and an order. */
export interface Question {
  readonly series: SeriesInfo;
  readonly step: number;
  readonly since: number | undefined;
  readonly filter: Filter;
  readonly sort: Sort;
  /** The evaluation to compare with, where the filter asks for one. */
  readonly versus: Versus | undefined;
}

/** Another evaluation of the same samples: the last one at or before a step. */
export interface Versus {
  readonly series: SeriesInfo;
  readonly step: number;
}

/** Part of a list. */
export function part(
  source: Source,
  { series, step, since, filter, sort, versus }: Question,
  first: number,
  count: number,
  signal?: AbortSignal,
) {
  const other = versus === undefined ? {} : { other_run: versus.series.run, other_tag: versus.series.tag, other_step: versus.step };
  return source.samples(series, step, { ...filter, ...other, sort, ...(since === undefined ? {} : { since }), first, count }, signal);
}

/**
 * All of a list, or those of it that are wanted: asked for until they are found.
 *
 * @param wanted Ids of these; undefined wants all.
 * @param progress Told how many were looked at, of how many.
 */
export async function whole(
  source: Source,
  question: Question,
  wanted?: ReadonlySet<string>,
  signal?: AbortSignal,
  progress?: (done: number, of: number) => void,
): Promise<Told> {
  const found: Sample[] = [];
  for (let first = 0; ; first += MOST) {
    const point = await part(source, question, first, MOST, signal);
    const told = samplesOf(point.payload);
    found.push(...(wanted === undefined ? told : told.filter(({ id }) => wanted.has(id))));
    const done = first + told.length;
    progress?.(done, point.payload.matching);
    if (done >= point.payload.matching || told.length === 0 || found.length === wanted?.size) return { point, samples: found };
  }
}

/** Steps of the evaluations of a series, from what is told of one of its samples; none where it has no sample. */
export async function evaluationSteps(source: Source, series: SeriesInfo, signal: AbortSignal): Promise<readonly number[]> {
  const { payload } = await source.samples(series, series.lastStep, { count: 1 }, signal);
  const [any] = samplesOf(payload);
  if (any === undefined) return [];
  return Array.from((await source.sample(series, any.id, signal)).payload.step);
}

/** One sample through a training, and what the list tells of it at a step: undefined where no evaluation up to it tells of it. */
export async function story(source: Source, series: SeriesInfo, id: string, step: number, signal: AbortSignal) {
  const history = await source.sample(series, id, signal);
  const h = history.payload;
  const at = Array.from(h.step).findLastIndex((each) => each <= step);
  if (at < 0) return { history, told: undefined };
  const [predicted = 0, confidence = 0] = [h.predicted[at], h.confidence[at]];
  // Confidences are stored in steps: few samples have the very same.
  const below = confidence + 1 / STEPS;
  const filter: Filter = { truth: h.truth, predicted, outcome: 'any', at_least: confidence, ...(below < 1 ? { below } : {}) };
  const question: Question = { series, step: h.step[at] ?? step, since: undefined, filter, sort: 'loss', versus: undefined };
  const { point, samples } = await whole(source, question, new Set([id]), signal);
  return { history, told: samples[0], step: point.step };
}
