import { useMemo } from 'preact/hooks';
import { at, type Series } from '../../panel';
import { type Evaluation, evaluation } from './evaluation';

/** A series at a step: the same value as long as it is the same point, so that what is drawn of it need not be drawn again. */
export function useEvaluation(
  series: Series<'confusion_matrix'> | undefined,
  classes: readonly Series<'classes'>[],
  step: number,
): Evaluation | undefined {
  const point = series === undefined ? undefined : at(series.points, step);
  return useMemo(() => evaluation(series, classes, step), [series, classes, point]);
}
