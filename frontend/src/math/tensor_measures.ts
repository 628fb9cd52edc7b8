/** What is told of a set of parameters at each step: norms, ratios, values that are not finite. Pure, from sums of squares. */
import { lastNear } from './series';
import type { TensorSeries } from './tensor_series';

export type Measure = Made | 'non_finite' | AsLogged;

/** Made of sums of squares. */
type Made = 'update_ratio' | 'update_norm' | 'gradient_norm' | 'gradient_rms' | 'gradient_ratio' | 'weight_norm';

/** Told as another tool logged it. */
type AsLogged = `${'weight' | 'gradient'}_${'mean' | 'std' | 'min' | 'max'}`;

export const MEASURES: readonly Measure[] = [
  'update_ratio',
  'gradient_norm',
  'gradient_rms',
  'gradient_ratio',
  'weight_norm',
  'non_finite',
];

/** What only other tools log, in the order in which it is offered. */
const AS_LOGGED: readonly AsLogged[] = [
  'gradient_mean',
  'gradient_std',
  'gradient_min',
  'gradient_max',
  'weight_mean',
  'weight_std',
  'weight_min',
  'weight_max',
];

/** Every measure that there is. */
export const ALL_MEASURES: readonly Measure[] = [...MEASURES, 'update_norm', ...AS_LOGGED];

/** The measures that are offered of a training; of what another tool logged also those that only such tools tell. */
export function measuresOf({ isTheirs, value }: TensorSeries): readonly Measure[] {
  if (!isTheirs) return MEASURES;
  const updates: readonly Measure[] = value.has('update_sum_squares') ? ['update_norm'] : [];
  return [...MEASURES, ...updates, ...AS_LOGGED.filter((measure) => value.has(measure))];
}

/** The measure that is shown until somebody chooses another: of what another tool logged the first that it tells. */
export function usualMeasure(series: TensorSeries): Measure {
  if (!series.isTheirs) return 'update_ratio';
  return measuresOf(series).find((measure) => measure !== 'non_finite' && isTold(series, measure)) ?? 'update_ratio';
}

function isTold(series: TensorSeries, measure: Measure): boolean {
  return series.rows.some((_, p) => track(series, Int32Array.of(p), measure).state.some((state) => state !== IS.missing));
}

/** Whether values of a measure lie on both sides of 0. */
export function isSigned(measure: Measure): boolean {
  return /_(?:mean|min|max)$/.test(measure);
}

/** Whether a measure is told of single parameters alone: nothing tells it of several together. */
export function isOfOne(measure: Measure): boolean {
  return /_(?:mean|std)$/.test(measure);
}

/** What stands at a step: each has a look of its own. */
export const IS = {
  /** A finite value, 0 among them. */
  value: 0,
  /** Not logged at this step. */
  missing: 1,
  /** Divided by the norm of weights that are all 0. */
  undefined: 2,
  /** Logged, and there was none: no parameter had a gradient, or an update. */
  none: 3,
  /** Something was NaN or infinite. */
  nonFinite: 4,
} as const;

export interface Track {
  /** [step] Of what is finite; NaN where nothing is. */
  readonly value: Float64Array;
  /** [step] What stands there, of `IS`. */
  readonly state: Uint8Array;
}

type Of = 'weight' | 'gradient' | 'update';

const MADE_OF: Readonly<Record<Made, { readonly of: Of; readonly over: 'weight' | 'size' | undefined }>> = {
  // ‖w after − w before‖ / ‖w before‖
  update_ratio: { of: 'update', over: 'weight' },
  update_norm: { of: 'update', over: undefined },
  gradient_norm: { of: 'gradient', over: undefined },
  gradient_rms: { of: 'gradient', over: 'size' },
  gradient_ratio: { of: 'gradient', over: 'weight' },
  weight_norm: { of: 'weight', over: undefined },
};

/**
 * A measure of some parameters taken together: the root of the summed squares, exactly the norm of all their values in one
 * array; a ratio is that of the combined norms, not a mean of ratios. Parameters that have no gradient at a step (no update)
 * are in neither of the sums.
 *
 * @param members Places of the parameters among the rows.
 */
export function track(series: TensorSeries, members: ArrayLike<number>, measure: Measure): Track {
  const own = known.get(series) ?? new Map<string, Track>();
  known.set(series, own);
  const key = `${measure} ${Array.from(members).join()}`;
  const found = own.get(key) ?? measured(series, members, measure);
  own.set(key, found);
  return found;
}

/** Tracks made before: the picture, its scale and its tooltips ask for the same ones. */
const known = new WeakMap<TensorSeries, Map<string, Track>>();

function measured(series: TensorSeries, members: ArrayLike<number>, measure: Measure): Track {
  if (measure === 'non_finite') return nonFinite(series, members);
  if (isAsLogged(measure)) return asLogged(series, members, measure);
  const { of, over } = MADE_OF[measure];
  const steps = series.step.length;
  const value = new Float64Array(steps).fill(Number.NaN);
  const state = new Uint8Array(steps).fill(IS.missing);
  const top = series.value.get(`${of}_sum_squares`);
  const below = over === 'weight' ? series.value.get('weight_sum_squares') : undefined;
  if (top === undefined || (over === 'weight' && below === undefined)) return { value, state };
  const counts = series.value.get(`${of}_non_finite`);
  const logged = series.logged.get(`${of}_sum_squares`);
  // Of another tool's scalars some may be missing at a step: the others alone are not the norm of all.
  const needed = series.isTheirs ? Math.max(1, toldOf(top, members, steps), toldOf(below, members, steps)) : 0;
  for (let i = 0; i < steps; i++) {
    if (logged?.[i] !== 1) continue;
    let squares = 0;
    let base = 0;
    let size = 0;
    let present = 0;
    let bad = false;
    for (let m = 0; m < members.length; m++) {
      const p = members[m] ?? 0;
      const at = p * steps + i;
      const own = top[at] ?? Number.NaN;
      const other = below === undefined ? 0 : (below[at] ?? Number.NaN);
      if (Number.isNaN(own) || Number.isNaN(other)) continue;
      present += 1;
      bad ||= own === Number.POSITIVE_INFINITY || other === Number.POSITIVE_INFINITY || (counts?.[at] ?? 0) > 0;
      squares += own;
      base += other;
      size += series.rows[p]?.size ?? Number.NaN;
    }
    if (present < needed) continue;
    if (present === 0) state[i] = IS.none;
    else if (bad) {
      state[i] = IS.nonFinite;
      value[i] = Math.sqrt(squares / divisor(over, base, size));
    } else {
      const under = divisor(over, base, size);
      if (Number.isNaN(under)) continue;
      state[i] = under === 0 ? IS.undefined : IS.value;
      value[i] = under === 0 ? Number.NaN : Math.sqrt(squares / under);
    }
  }
  return { value, state };
}

/** Of how many parameters a statistic is told at some step. */
function toldOf(all: Float32Array | undefined, members: ArrayLike<number>, steps: number): number {
  if (all === undefined) return 0;
  return Array.from(members).filter((p) => all.subarray(p * steps, (p + 1) * steps).some((v) => !Number.isNaN(v))).length;
}

function isAsLogged(measure: Measure): measure is AsLogged {
  return AS_LOGGED.some((each) => each === measure);
}

/** A statistic as it stands in the log: of one parameter, or the extreme of several. */
function asLogged(series: TensorSeries, members: ArrayLike<number>, measure: AsLogged): Track {
  const steps = series.step.length;
  const value = new Float64Array(steps).fill(Number.NaN);
  const state = new Uint8Array(steps).fill(IS.missing);
  const all = series.value.get(measure);
  const needed = Math.max(1, toldOf(all, members, steps));
  if (all === undefined || (isOfOne(measure) && members.length > 1)) return { value, state };
  for (let i = 0; i < steps; i++) {
    const own = Array.from(members, (p) => all[p * steps + i] ?? Number.NaN).filter((v) => !Number.isNaN(v));
    if (own.length < needed) continue;
    const isGood = own.every(Number.isFinite);
    state[i] = isGood ? IS.value : IS.nonFinite;
    if (isGood) value[i] = own.reduce((a, b) => (measure.endsWith('_min') ? Math.min(a, b) : Math.max(a, b)));
  }
  return { value, state };
}

function divisor(over: 'weight' | 'size' | undefined, base: number, size: number): number {
  return over === 'weight' ? base : over === 'size' ? size : 1;
}

/**
 * The share that is NaN or infinite of the values among which they were counted: of weights and gradients, since nobody counts
 * those of updates. NaN where it is only known that there are some.
 */
function nonFinite(series: TensorSeries, members: ArrayLike<number>): Track {
  const steps = series.step.length;
  const value = new Float64Array(steps).fill(Number.NaN);
  const state = new Uint8Array(steps).fill(IS.missing);
  const parts = (['weight', 'gradient', 'update'] as const).flatMap((of) => {
    const squares = series.value.get(`${of}_sum_squares`);
    return squares === undefined ? [] : [{ squares, counts: series.value.get(`${of}_non_finite`) }];
  });
  for (let i = 0; i < steps; i++) {
    let counted = 0;
    let size = 0;
    let isTold = false;
    let uncounted = false;
    for (const { squares, counts } of parts) {
      for (let m = 0; m < members.length; m++) {
        const p = members[m] ?? 0;
        const own = squares[p * steps + i] ?? Number.NaN;
        const count = counts?.[p * steps + i] ?? Number.NaN;
        if (Number.isNaN(own)) continue;
        isTold = true;
        if (!Number.isNaN(count)) {
          size += series.rows[p]?.size ?? Number.NaN;
          counted += count;
        }
        if (own === Number.POSITIVE_INFINITY) uncounted = true;
      }
    }
    if (!isTold) continue;
    state[i] = counted > 0 || uncounted ? IS.nonFinite : IS.value;
    value[i] = counted > 0 ? counted / size : uncounted ? Number.NaN : 0;
  }
  return { value, state };
}

/**
 * How many times the reference's value each value is: at each step its last one at or before the same place.
 *
 * @param x Where the steps stand on the shared axis; rising.
 */
export function timesReference(own: Track, x: Float64Array, reference: Track, referenceX: Float64Array): Track {
  const value = new Float64Array(x.length).fill(Number.NaN);
  const state = own.state.slice();
  x.forEach((at, i) => {
    const k = lastNear(referenceX, at);
    const there = k < 0 ? IS.missing : (reference.state[k] ?? IS.missing);
    if (state[i] === IS.nonFinite || there === IS.nonFinite) state[i] = IS.nonFinite;
    else if (state[i] === IS.value && there !== IS.value) state[i] = there;
    if (state[i] !== IS.value) return;
    const under = reference.value[k] ?? Number.NaN;
    // Nothing against nothing is no difference.
    const times = own.value[i] === under ? 1 : (own.value[i] ?? Number.NaN) / under;
    if (Number.isFinite(times)) value[i] = times;
    else state[i] = IS.undefined;
  });
  return { value, state };
}
