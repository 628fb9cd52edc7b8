/** What the statistics of a training tell of it as a whole, as lines: where no scalar tells it, or none can. */
import type { Series } from '../panel';
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
export function withStatistics(
  scalars: readonly Curve[],
  tables: readonly TensorSeries[],
  facts: readonly Series<'training_facts'>[] = [],
): readonly Curve[] {
  const added = tables.flatMap((table) => linesOf(table, scalars, facts));
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

function linesOf(table: TensorSeries, scalars: readonly Curve[], facts: readonly Series<'training_facts'>[]): readonly Curve[] {
  const { training, run, step, records, loss, clipFactor, learningRate, rows, isTheirs } = table;
  const isTold = (name: string, points: number) =>
    scalars.some((curve) => {
      const isSame = curve.training === training && curve.name === name && isOfSteps(curve);
      return isSame && (curve.run !== run || curve.step.length >= points);
    });
  const line = (name: string, tag: string, { value, has }: Track, split: string | null = null): Curve[] => {
    const points = has.reduce((n, each) => n + each, 0);
    if (points === 0 || (split === null && isTold(name, points))) return [];
    const curve = stepCurve(
      { training, run, tag, name },
      step.filter((_, i) => has[i] === 1),
      records,
      scalars,
      facts,
    );
    return [{ ...curve, split, value: value.filter((_, i) => has[i] === 1) }];
  };
  const norm = gradientNorm(table, rows.length);
  const clipped = norm.value.map((each, i) => each * (clipFactor[i] ?? Number.NaN));
  const isGiven = loss.some((each) => !Number.isNaN(each));
  return [
    // Where losses are given at all, one that is NaN was NaN.
    ...line('loss', 'tensor_stats/loss', { value: loss, has: new Uint8Array(loss.length).fill(isGiven ? 1 : 0) }),
    ...[...learningRate].flatMap(([group, rate]) => line('learning_rate', `learning_rate/${group}`, whereKnown(rate))),
    // Of another tool's scalars nobody knows whether they are of all parameters.
    ...(isTheirs ? [] : line('gradient_norm', 'tensor_stats/gradient_norm', norm)),
    ...(clipFactor.some((factor) => factor < 1) ? line('gradient_norm', 'tensor_stats/clipped', { ...norm, value: clipped }, CLIPPED) : []),
  ];
}

/** [step] values, and 1 where there is one: it may be NaN. */
interface Track {
  readonly value: Float64Array;
  readonly has: Uint8Array;
}

/** What is NaN is not there. */
function whereKnown(value: Float64Array): Track {
  return { value, has: Uint8Array.from(value, (each) => (Number.isNaN(each) ? 0 : 1)) };
}

/** The norm of all gradients together. Of those that are not finite it is no number: whether they were NaN or infinite was not logged. */
function gradientNorm(table: TensorSeries, rows: number): Track {
  const { value, state } = track(
    table,
    Int32Array.from({ length: rows }, (_, p) => p),
    'gradient_norm',
  );
  const isBad = (i: number) => state[i] === IS.nonFinite;
  return {
    value: value.map((each, i) => (isBad(i) ? Number.NaN : each)),
    has: Uint8Array.from(value, (each, i) => (isBad(i) || !Number.isNaN(each) ? 1 : 0)),
  };
}
