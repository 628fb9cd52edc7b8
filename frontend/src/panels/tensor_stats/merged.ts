/** The tables of all trainings of a panel. */
import { mergeTensorStats, type TensorSeries } from '../../math/tensor_series';
import type { Series } from '../../panel';

/** Each training's table, in the order in which the trainings come. */
export function mergedOf(stats: readonly Series<'tensor_stats'>[], parameters: readonly Series<'parameters'>[]): readonly TensorSeries[] {
  // Equal digests mean equal content, whichever training wrote them.
  const axes = new Map(
    parameters.flatMap(({ tag, points }) => points.slice(-1).map(({ payload }) => [tag.split('/').at(-1) ?? '', payload])),
  );
  const trainings = [...new Set(stats.map(({ training }) => training))];
  return trainings.flatMap((training) => {
    const own = stats.filter((each) => each.training === training);
    return mergeTensorStats(own, axes) ?? [];
  });
}
