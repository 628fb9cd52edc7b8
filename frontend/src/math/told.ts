/** What is shown of what happened, in words. */
import type { Point, Series } from '../panel';
import type { Domain } from './domain';
import { inFull } from './format';
import { type Fit, lastAt } from './series';

/** `400 of 40,000 logged steps`; with nothing left out `40,000 logged steps`. */
export function shownOf(shown: number, there: number, noun: string): string {
  const all = `${inFull(there)} ${there === 1 ? noun : `${noun}s`}`;
  return shown < there ? `${inFull(shown)} of ${all}` : all;
}

/**
 * How many logged places lie in the stretch shown, of how many; where all do, of how many steps that happened.
 *
 * @param x Where they stand, rising.
 * @param happened Undefined where they are no steps, or nothing tells how many there were.
 */
export function placesInWords(x: Float64Array, shown: Domain, happened: number | undefined, noun = 'logged step'): string {
  const inside = inStretch(x, shown);
  const text = shownOf(inside, x.length, noun);
  return inside === x.length && happened !== undefined && happened > x.length ? `${text} of ${inFull(happened)}` : text;
}

/** How many of rising places lie in a stretch, its ends included; places that were counted differently in floats meet. */
export function inStretch(x: Float64Array, [from, to]: Domain): number {
  // Times of day are large, and links keep 14 of their digits.
  const near = (to - from) * 1e-9 + Math.max(Math.abs(from), Math.abs(to)) * 1e-13;
  return Math.max(0, lastAt(x, to + near) - lastAt(x, from - near));
}

/**
 * How many steps a training made up to the last one logged, since its first fit began. Where no fit tells, it began at 0
 * if the first step logged is about as far from there as the others are from each other, else at that step.
 *
 * @param step Rising.
 */
export function stepsMade(step: Float64Array, fits: readonly Fit[]): number {
  const first = step[0] ?? 0;
  const last = step.at(-1) ?? 0;
  const apart = step.length > 1 ? (last - first) / (step.length - 1) : first;
  const told = fits[0]?.first_step ?? (first > 2 * apart + 1 ? first : 0);
  const began = Math.min(told, first);
  return last - began + (first === began ? 1 : 0);
}

/**
 * Records of some series that were written and are not here: TensorBoard keeps so many of each, and a full disk takes
 * none. Each says how many its writer had tried to write before.
 */
export function missingRecords(series: readonly Pick<Series, 'points'>[]): number {
  return series.reduce((missing, { points }) => missing + written(points) - points.length, 0);
}

function written(points: readonly Point[]): number {
  const most = new Map<string, number>();
  let untold = 0;
  for (const { record } of points) {
    if (record === undefined) untold += 1;
    else most.set(record.writer, Math.max(most.get(record.writer) ?? 0, record.ordinal + 1));
  }
  return [...most.values()].reduce((a, b) => a + b, untold);
}
