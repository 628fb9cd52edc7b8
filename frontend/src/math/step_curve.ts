/** The steps of a series that is no scalar, as a line without values: for the axis that it shares with those that are. */
import { type Curve, lastAt } from './series';

/** Records of a series: when each was written, and up to which step. */
export interface Written {
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
}

/**
 * A record holds many steps but one time. The training's scalars tell when the steps between were: the time of the last
 * one at or before each; without them it is the record's own.
 *
 * @param step Rising.
 * @param records Rising by step.
 */
export function stepCurve(
  { training, run, tag, name }: Pick<Curve, 'training' | 'run' | 'tag' | 'name'>,
  step: Float64Array,
  records: readonly Written[],
  scalars: readonly Curve[],
): Curve {
  const own = scalars.filter((curve) => curve.training === training && curve.counts === 'step');
  // The densest knows best.
  const clock = own.reduce<Curve | undefined>((best, curve) => (curve.step.length > (best?.step.length ?? 0) ? curve : best), undefined);
  const wall = step.map((at) => {
    if (clock !== undefined) return clock.wall[Math.max(0, lastAt(clock.step, at))] ?? 0;
    return records.find((record) => record.step >= at)?.wallTime ?? records.at(-1)?.wallTime ?? 0;
  });
  return { training, run, tag, name, split: null, counts: 'step', step, wall, value: new Float64Array(step.length).fill(Number.NaN) };
}
