/** The tables of several trainings, each made once however many panels ask. */
import type { Series } from '../panel';
import type { Parameters } from '../schema.gen';
import { mergeTensorStats, type TensorSeries } from './tensor_series';

interface Known {
  readonly from: readonly unknown[];
  readonly table: TensorSeries | undefined;
}

/** By the first series of a training. */
const known = new WeakMap<Series, Known>();

/** Each training's table, in the order in which the trainings come. */
export function tensorTables(
  stats: readonly Series<'tensor_stats'>[],
  parameters: readonly Series<'parameters'>[],
): readonly TensorSeries[] {
  // Equal digests mean equal content, whichever training wrote them.
  const axes = new Map<string, Parameters>();
  for (const { tag, points } of parameters) {
    const last = points.at(-1)?.payload;
    if (last !== undefined) axes.set(tag.split('/').at(-1) ?? tag, last);
  }
  return [...new Set(stats.map(({ training }) => training))].flatMap((training) => {
    const own = stats.filter((each) => each.training === training);
    const from = [...own.map(({ points }) => points), ...axes.values()];
    const [first] = own;
    if (first === undefined) return [];
    const before = known.get(first);
    if (before !== undefined && before.from.length === from.length && from.every((each, i) => each === before.from[i])) {
      return before.table ?? [];
    }
    const table = mergeTensorStats(own, axes);
    known.set(first, { from, table });
    return table ?? [];
  });
}
