/** One sample through a training, in numbers and words: pure. */
import { inFull, plural } from '../../math/format';
import type { SampleHistory } from '../../schema.gen';
import { type Names, type Verdict, verdict } from './sample';

/** Evaluations in a row at which the same was predicted. */
export interface Stretch {
  readonly predicted: number;
  readonly verdict: Verdict;
  /** Places of the first and of the last one. */
  readonly first: number;
  readonly last: number;
}

export function stretches({ truth, predicted }: Pick<SampleHistory, 'truth' | 'predicted'>, names: Names): readonly Stretch[] {
  const found: Stretch[] = [];
  predicted.forEach((each, i) => {
    const before = found.at(-1);
    if (before?.predicted === each) found[found.length - 1] = { ...before, last: i };
    else found.push({ predicted: each, verdict: verdict({ truth, predicted: each }, names), first: i, last: i });
  });
  return found;
}

/** How often it was right, and how often that was lost again. */
export function historySentence(history: SampleHistory, names: Names): string {
  const { truth, predicted, step } = history;
  if (truth === names.size) return `Its truth is not known, at ${plural(step.length, 'evaluation')}.`;
  const right = Array.from(predicted, (each) => each === truth);
  const forgotten = right.flatMap((is, i) => (i > 0 && !is && right[i - 1] === true ? [step[i] ?? 0] : []));
  const n = right.filter(Boolean).length;
  const often =
    n === right.length
      ? `Right at ${n === 1 ? 'the one evaluation' : `all ${n} evaluations`}`
      : n === 0
        ? `Never right in ${plural(step.length, 'evaluation')}`
        : `Right at ${n} of ${step.length} evaluations`;
  const last = forgotten.at(-1);
  if (last === undefined) return `${often}.`;
  return `${often}; forgotten ${forgotten.length === 1 ? '' : `${plural(forgotten.length, 'time')}, last `}at step ${inFull(last)}.`;
}
