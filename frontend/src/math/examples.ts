/** How many training examples a training has seen by a step, from the sizes of the batches that were told. */
import type { Series } from '../panel';
import { lastAt } from './rising';

export interface Batches {
  /** Steps whose batch's size is told, rising; and these sizes. */
  readonly step: Float64Array;
  readonly size: Float64Array;
  /** [step] what batches after it usually have, up to the next one told; where none is told, one for all. */
  readonly usual: Float64Array;
  /** [step] examples from the first step told to each. */
  readonly before: Float64Array;
}

/** Sizes told around a step that say what is usual there: the last batch of an epoch is smaller, and rarely among them. */
const AROUND = 2;

/** The batches of each training that tells their sizes: step by step, or its facts one for all. */
export function batchesOf(
  stats: readonly Pick<Series<'tensor_stats'>, 'training' | 'points'>[],
  facts: readonly Pick<Series<'training_facts'>, 'training' | 'points'>[],
): ReadonlyMap<string, Batches> {
  const found = new Map<string, Batches>();
  for (const { training, points } of facts) {
    const size = points.at(-1)?.payload.batch_size;
    if (size !== null && size !== undefined && size > 0) found.set(training, made([], size));
  }
  const told = new Map<string, Map<number, number>>();
  for (const { training, points } of stats) {
    const sizes = told.get(training) ?? new Map<number, number>();
    told.set(training, sizes);
    for (const { payload } of points) {
      payload.step.forEach((step, i) => {
        const size = payload.batch_examples[i] ?? -1;
        if (size > 0) sizes.set(step, size);
      });
    }
  }
  for (const [training, sizes] of told) if (sizes.size > 0) found.set(training, made([...sizes], 0));
  return found;
}

/**
 * Examples in the batches before a step, from a first one on.
 *
 * Those of a batch whose size is not told are as many as is usual around it.
 */
export function examplesAt({ step, size, usual, before }: Batches, first: number, at: number): number {
  const i = lastAt(step, at - 1);
  if (i < 0) return (at - first) * (usual[0] ?? 0);
  const start = ((step[0] ?? 0) - first) * (usual[0] ?? 0);
  return start + (before[i] ?? 0) + (size[i] ?? 0) + (at - (step[i] ?? 0) - 1) * (usual[i] ?? 0);
}

function made(told: readonly (readonly [step: number, size: number])[], one: number): Batches {
  const rising = told.toSorted(([a], [b]) => a - b);
  const step = Float64Array.from(rising, ([at]) => at);
  const size = Float64Array.from(rising, ([, n]) => n);
  if (step.length === 0) return { step, size, usual: Float64Array.of(one), before: Float64Array.of() };
  const usual = size.map((_, i) => median(size.slice(Math.max(0, i - AROUND), i + AROUND + 1)));
  const before = new Float64Array(step.length);
  for (let i = 1; i < step.length; i++) {
    const untold = (step[i] ?? 0) - (step[i - 1] ?? 0) - 1;
    before[i] = (before[i - 1] ?? 0) + (size[i - 1] ?? 0) + untold * (usual[i - 1] ?? 0);
  }
  return { step, size, usual, before };
}

function median(values: Float64Array): number {
  return values.sort()[values.length >> 1] ?? Number.NaN;
}
