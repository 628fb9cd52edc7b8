/** What the statistics of a training tell of it as a whole, as lines: where no scalar tells it, or none can. */
import type { Curve } from './series';
import { stepCurve } from './step_curve';
import { IS, track } from './tensor_measures';
import type { TensorSeries } from './tensor_series';

/** What the gradient is called after clipping. */
export const CLIPPED = 'after clipping';

/**
 * The loss of each batch, the learning rates and the global gradient norm, unless the training logged them as scalars of
 * its steps; and the gradient norm after clipping, if anything was clipped.
 */
export function curvesOfTables(tables: readonly TensorSeries[], scalars: readonly Curve[]): readonly Curve[] {
  return tables.flatMap((table) => {
    const { training, step, records, loss, clipFactor, learningRate, rows } = table;
    const isTold = (name: string) =>
      scalars.some((curve) => curve.training === training && curve.name === name && !curve.tag.startsWith('epoch_'));
    const line = (name: string, tag: string, value: Float64Array, split: string | null = null): Curve[] => {
      if (value.every(Number.isNaN)) return [];
      return [{ ...stepCurve({ training, run: training, tag, name }, step, records, scalars), split, value }];
    };
    const norm = gradientNorm(table, rows.length);
    const clipped = norm.map((each, i) => each * (clipFactor[i] ?? Number.NaN));
    return [
      ...(isTold('loss') ? [] : line('loss', 'tensor_stats/loss', loss)),
      ...(isTold('learning_rate')
        ? []
        : [...learningRate].flatMap(([group, rate]) => line('learning_rate', `learning_rate/${group}`, rate))),
      ...(isTold('gradient_norm') ? [] : line('gradient_norm', 'tensor_stats/gradient_norm', norm)),
      ...(clipFactor.some((factor) => factor < 1) ? line('gradient_norm', 'tensor_stats/clipped', clipped, CLIPPED) : []),
    ];
  });
}

/** The norm of all gradients together; infinite where one of them has values that are not finite. */
function gradientNorm(table: TensorSeries, rows: number): Float64Array {
  const { value, state } = track(
    table,
    Int32Array.from({ length: rows }, (_, p) => p),
    'gradient_norm',
  );
  return value.map((each, i) => (state[i] === IS.nonFinite ? Number.POSITIVE_INFINITY : each));
}
