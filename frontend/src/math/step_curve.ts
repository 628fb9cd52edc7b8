/** The steps of a series that is no scalar, as a line without values: for the axis that it shares with those that are. */
import type { Series } from '../panel';
import { type Curve, lastAt } from './series';

/** Records of a series: when each was written, and up to which step. */
export interface Written {
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
}

/**
 * A record holds many steps but one time. The training's scalars tell when steps were, and what lies between them, as where
 * TensorBoard dropped some, is interpolated; without scalars the records do, from the time at which the training began.
 *
 * @param step Rising.
 * @param records Rising by step.
 */
export function stepCurve(
  { training, run, tag, name }: Pick<Curve, 'training' | 'run' | 'tag' | 'name'>,
  step: Float64Array,
  records: readonly Written[],
  scalars: readonly Curve[],
  facts: readonly Series<'training_facts'>[] = [],
): Curve {
  const known = timesOf(scalars, training, run);
  const last = known.at(-1);
  const later = last === undefined ? records : records.filter((record) => record.step > last.step && record.wallTime > last.wallTime);
  const told = [...known, ...later];
  const began = beginnings(facts, training).filter(
    (fit) => (told.find((each) => each.step > fit.step)?.wallTime ?? fit.wallTime) >= fit.wallTime,
  );
  const times = rising([...began, ...told]);
  const steps = Float64Array.from(times, (each) => each.step);
  const wall = step.map((at) => timeOf(at, times, lastAt(steps, at)));
  return { training, run, tag, name, split: null, counts: 'step', step, wall, value: new Float64Array(step.length).fill(Number.NaN) };
}

/** What the scalars of the same run tell, else those of the training: the densest knows best. */
function timesOf(scalars: readonly Curve[], training: string, run: string): readonly Written[] {
  const all = scalars.filter((curve) => curve.training === training && curve.counts === 'step');
  const same = all.filter((curve) => curve.run === run);
  const [clock] = (same.length > 0 ? same : all).toSorted((a, b) => b.step.length - a.step.length);
  return clock === undefined ? [] : Array.from(clock.step, (at, i) => ({ step: at, wallTime: clock.wall[i] ?? Number.NaN }));
}

/** When each fit began: before its first step. */
function beginnings(facts: readonly Series<'training_facts'>[], training: string): readonly Written[] {
  return facts
    .filter((each) => each.training === training)
    .flatMap(({ points }) => points.map(({ payload, wallTime }) => ({ step: payload.first_step - 1, wallTime })));
}

/** By step, with times that never fall: one that does is wrong, and is left out. */
function rising(written: readonly Written[]): readonly Written[] {
  const kept: Written[] = [];
  for (const each of written.toSorted((a, b) => a.step - b.step)) {
    const before = kept.at(-1);
    if (before === undefined || (each.step > before.step && each.wallTime >= before.wallTime)) kept.push(each);
  }
  return kept;
}

/** On the line between two times; before the first and after the last there is no line. */
function timeOf(at: number, times: readonly Written[], i: number): number {
  const before = times[i];
  const after = times[i + 1];
  if (before === undefined || after === undefined) return (before ?? after)?.wallTime ?? 0;
  return before.wallTime + ((at - before.step) / (after.step - before.step)) * (after.wallTime - before.wallTime);
}
