import { useMemo } from 'preact/hooks';
import { useAnswer } from '../../frame/answers';
import { writtenKey } from '../../frame/store';
import { confusion } from '../../math/confusion';
import { inFull } from '../../math/format';
import type { SeriesInfo } from '../../panel';
import type { Evaluation } from './evaluation';

export interface Credited<T> {
  /** The evaluation in which a truth among the first k classes counts as right; the evaluation itself until that is known, and for k = 1. */
  readonly evaluation: T;
  readonly waiting: boolean;
  /** Why it is not known. */
  readonly problem: string | undefined;
}

/** An evaluation with more credit, made of what was predicted of each of its samples. */
export function useCredited<T extends Evaluation | undefined>(asked: readonly SeriesInfo[], evaluation: T, k: number): Credited<T> {
  const own =
    evaluation === undefined || k === 1
      ? undefined
      : asked.find(({ kind, training }) => kind === 'predictions' && training === evaluation.series.training);
  const step = evaluation?.point.step ?? 0;
  const answered = useAnswer(own === undefined ? null : `${writtenKey(own)} ${step} ${k}`, (source, signal) =>
    own === undefined ? Promise.reject(new Error('nothing is asked')) : source.topKMatrix(own, step, k, signal),
  );
  return useMemo(() => {
    const as = { evaluation, waiting: false, problem: undefined };
    if (evaluation === undefined || k === 1) return as;
    const nothing = `What was predicted of single samples is not logged at step ${inFull(step)}: the first class alone counts.`;
    if (own === undefined) return { ...as, problem: nothing };
    if (answered.state === 'failed') return { ...as, problem: answered.problem.error };
    if (answered.state === 'loading') return { ...as, waiting: true };
    const { answer } = answered;
    const isOfIt = answer.step === step && answer.payload.classes === evaluation.point.payload.classes;
    if (!isOfIt) return { ...as, problem: nothing };
    // What is saved says so.
    const { series } = evaluation;
    const named = { ...series, tag: `${series.tag}-top-${k}`, evaluation: `${series.evaluation ?? series.tag}, top ${k}` };
    return { ...as, evaluation: { ...evaluation, series: named, confusion: confusion(answer.payload) } };
  }, [evaluation, k, own, answered]);
}
