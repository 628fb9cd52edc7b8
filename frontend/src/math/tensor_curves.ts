/** What the statistics of a training tell of it as a whole, as lines: where no scalar tells it, or none can. */
import type { Curve } from './series';
import { stepCurve } from './step_curve';
import { IS, track } from './tensor_measures';
import type { TensorSeries } from './tensor_series';

/** What the gradient is called after clipping. */
export const CLIPPED = 'after clipping';

/**
 * Scalars, and what the statistics add: the loss of each batch, the learning rates and the global gradient norm, unless
 * the training logged them as scalars of its steps; and the gradient norm after clipping, if anything was clipped. Where the
 * same run tells the same at more steps in its statistics, these take the place of its scalar.
 */
export function withStatistics(scalars: readonly Curve[], tables: readonly TensorSeries[]): readonly Curve[] {
  const added = tables.flatMap((table) => linesOf(table, scalars));
  const isReplaced = (scalar: Curve) =>
    added.some(
      ({ training, name, split, run }) => training === scalar.training && name === scalar.name && split === null && run === scalar.run,
    );
  const kept = scalars.filter((scalar) => !isOfSteps(scalar) || !isReplaced(scalar));
  return added.length === 0 ? scalars : [...kept, ...added];
}

function isOfSteps({ tag }: Curve): boolean {
  return !tag.startsWith('epoch_');
}

function linesOf(table: TensorSeries, scalars: readonly Curve[]): readonly Curve[] {
  const { training, run, step, records, loss, clipFactor, learningRate, rows } = table;
  const isTold = (name: string, points: number) =>
    scalars.some((curve) => {
      const isSame = curve.training === training && curve.name === name && isOfSteps(curve);
      return isSame && (curve.run !== run || curve.step.length >= points);
    });
  const line = (name: string, tag: string, value: Float64Array, split: string | null = null): Curve[] => {
    const points = value.reduce((n, each) => n + (Number.isNaN(each) ? 0 : 1), 0);
    if (points === 0 || (split === null && isTold(name, points))) return [];
    return [{ ...stepCurve({ training, run, tag, name }, step, records, scalars), split, value }];
  };
  const norm = gradientNorm(table, rows.length);
  const clipped = norm.map((each, i) => each * (clipFactor[i] ?? Number.NaN));
  return [
    ...line('loss', 'tensor_stats/loss', loss),
    ...[...learningRate].flatMap(([group, rate]) => line('learning_rate', `learning_rate/${group}`, rate)),
    ...line('gradient_norm', 'tensor_stats/gradient_norm', norm),
    ...(clipFactor.some((factor) => factor < 1) ? line('gradient_norm', 'tensor_stats/clipped', clipped, CLIPPED) : []),
  ];
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
