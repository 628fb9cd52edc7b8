/**
 * What of a training stands out between two steps: which parameters were updated, or had gradients, far beyond what was usual
 * for them before. Pure, from the table of their statistics.
 */
import { upperQuantile } from './exact_tests';
import { IS, track } from './tensor_measures';
import { isLearnt } from './tensor_rows';
import type { TensorSeries } from './tensor_series';

/** Batches from `from` on and before `to`: those that an evaluation at `to` knows of, and one at `from` does not. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** A parameter that stands out. */
export interface Outlier {
  readonly path: string;
  readonly layer: string;
  readonly measure: 'update_ratio' | 'gradient_norm';
  /** How many times its usual value. */
  readonly times: number;
  /** Medians: of the window, and of what was usual. */
  readonly value: number;
  readonly usual: number;
  /** What 95 % of the usual values are at most. */
  readonly most: number;
  /** The steps that the usual is of. */
  readonly over: Window;
  /** The step of the window at which it is largest. */
  readonly step: number;
}

export interface Standing {
  /** Steps logged within the window; of none nothing can be told. */
  readonly inside: number;
  /** Steps that the usual is made of: of too few nothing is said to stand out. */
  readonly before: number;
  /** Updates first, each the furthest beyond its usual first. */
  readonly outliers: readonly Outlier[];
  /** The first parameter in forward order, at the first step, that was not finite and had been before. */
  readonly nonFinite:
    | { readonly path: string; readonly layer: string; readonly of: 'weight' | 'gradient' | 'update'; readonly step: number }
    | undefined;
  /** A learning rate that rose. */
  readonly rate: { readonly before: number; readonly after: number; readonly step: number } | undefined;
}

/** Logged steps that a usual value is made of at least, and a window's. */
const LEAST_BEFORE = 10;
const LEAST_INSIDE = 2;

/** How many times its usual value something is at least that is said to stand out. */
export const LEAST_TIMES = 2;

/** Stricter than sentences of samples are: norms remember what they were, so that a few stretches look more alike than they are. */
const STRICT = 0.005;

/** A normal distribution's deviation is so many times the median of the absolute deviations from its median. */
const PER_MAD = 1.4826;

const OF = { gradient: 'gradient_norm', update: 'update_ratio', weight: 'weight_norm' } as const;

/**
 * What stands out in a window.
 *
 * Of each learnt parameter, the update ratio and the gradient norm: w is the median of its logarithm in the window, and m and
 * s the median and 1.4826 times the median absolute deviation before it. Each logged step counts for the steps up to the next
 * one: the first steps are logged more densely. Norms wander slowly, so that a whole window may lie off: of the n stretches as
 * long as the window that went before, d is the standard deviation of their medians, that of this parameter or of all within
 * each, whichever is larger. It stands out where all hold:
 *
 * - 10 ** (w - m) ≥ 2
 * - w - m > z s and w - m > z d √(1 + 1/n), z the normal quantile at 0.5 % divided by how many parameters and measures are looked at
 * - w is above 97.5 % of what was before.
 *
 * Where fewer than 10 steps were logged before the window, the usual is that of all other steps.
 */
export function standingOut(series: TensorSeries, window: Window): Standing {
  const places = Array.from(series.step.keys());
  const inside = places.filter((i) => isIn(series.step[i] ?? -1, window));
  const earlier = places.filter((i) => (series.step[i] ?? 0) < window.from);
  const usual = earlier.length >= LEAST_BEFORE ? earlier : places.filter((i) => !inside.includes(i));
  const weight = weights(series, usual, window);
  const learnt = series.rows.flatMap(({ role }, p) => (isLearnt(role) && role !== 'frozen' ? [p] : []));
  const z = upperQuantile(STRICT / (2 * Math.max(1, learnt.length)));
  const over = { from: series.step[usual[0] ?? 0] ?? 0, to: (series.step[usual.at(-1) ?? 0] ?? 0) + 1 };
  const looked = (['update_ratio', 'gradient_norm'] as const).flatMap((measure) => {
    const ways = learnt.flatMap((p) => wayOf(series, p, measure, window, inside, usual, weight) ?? []);
    // A few stretches tell little of how far one layer wanders; those of all layers tell more.
    const common = deviation(ways.map(({ stretches }) => stretches));
    return ways.map((way) => ({ way, measure, common }));
  });
  const outliers = looked.flatMap(({ way, measure, common }): readonly Outlier[] => {
    const row = series.rows[way.p];
    if (row === undefined || !isOut(way, common, z)) return [];
    const { w, m, before, step } = way;
    const values = { times: 10 ** (w - m), value: 10 ** w, usual: 10 ** m, most: 10 ** quantile(before, 0.95) };
    return [{ path: row.path, layer: row.layer, measure, over, step, ...values }];
  });
  const rank = ({ measure }: Outlier) => (measure === 'update_ratio' ? 0 : 1);
  return {
    inside: inside.length,
    before: usual.length,
    outliers: outliers.sort((a, b) => rank(a) - rank(b) || b.times - a.times),
    nonFinite: notFinite(series, learnt, inside, earlier),
    rate: risen(series, inside, earlier),
  };
}

function isIn(step: number, { from, to }: Window): boolean {
  return step >= from && step < to;
}

/** [place] For how many steps each of some logged steps counts: up to the next logged one, wherever that lies. */
function weights(series: TensorSeries, places: readonly number[], { from }: Window): ReadonlyMap<number, number> {
  const last = series.step.length - 1;
  const gap = last > 0 ? ((series.step[last] ?? 0) - (series.step[0] ?? 0)) / last : 1;
  return new Map(
    places.map((i) => {
      const step = series.step[i] ?? 0;
      const next = series.step[i + 1] ?? step + gap;
      return [i, Math.max(1, step < from ? Math.min(next, from) - step : next - step)];
    }),
  );
}

interface Weighed {
  readonly x: number;
  readonly w: number;
  readonly step: number;
}

/** How a parameter goes: logarithms, of what is finite and not 0. */
interface Way {
  readonly p: number;
  /** Median within the window, and of the usual. */
  readonly w: number;
  readonly m: number;
  readonly before: readonly Weighed[];
  /** Medians of stretches as long as the window. */
  readonly stretches: readonly number[];
  /** Where it is largest within the window. */
  readonly step: number;
}

function wayOf(
  series: TensorSeries,
  p: number,
  measure: Outlier['measure'],
  window: Window,
  inside: readonly number[],
  usual: readonly number[],
  weight: ReadonlyMap<number, number>,
): Way | undefined {
  const { value, state } = track(series, [p], measure);
  const logs = (places: readonly number[], count: (i: number) => number) =>
    places.flatMap((i): readonly Weighed[] => {
      const v = value[i] ?? 0;
      return state[i] === IS.value && v > 0 ? [{ x: Math.log10(v), w: count(i), step: series.step[i] ?? 0 }] : [];
    });
  const own = logs(inside, () => 1);
  const before = logs(usual, (i) => weight.get(i) ?? 1);
  if (own.length < LEAST_INSIDE || before.length < LEAST_BEFORE) return undefined;
  const { step } = own.reduce((a, b) => (b.x > a.x ? b : a));
  return { p, w: quantile(own, 0.5), m: quantile(before, 0.5), before, stretches: stretches(before, window), step };
}

/** Whether it is further from its usual than chance brings any of all that are looked at. */
function isOut({ w, m, before, stretches }: Way, common: number, z: number): boolean {
  const away = w - m;
  const single =
    PER_MAD *
    quantile(
      before.map((each) => ({ ...each, x: Math.abs(each.x - m) })),
      0.5,
    );
  const together = Math.max(common, deviation([stretches])) * Math.sqrt(1 + 1 / Math.max(1, stretches.length));
  return away >= Math.log10(LEAST_TIMES) && away > z * single && away > z * together && w > quantile(before, 0.975);
}

/** Standard deviation within groups; 0 where none has two. */
function deviation(groups: readonly (readonly number[])[]): number {
  let squares = 0;
  let free = 0;
  for (const values of groups) {
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    squares += values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    free += Math.max(0, values.length - 1);
  }
  return free === 0 ? 0 : Math.sqrt(squares / free);
}

/** Medians of stretches as long as a window, side by side, from the end of the usual steps back. */
function stretches(values: readonly Weighed[], { from, to }: Window): readonly number[] {
  const found: number[] = [];
  const last = values.at(-1)?.step ?? 0;
  const end = last < from ? from : last + 1;
  for (let k = 1; ; k++) {
    const start = end - k * (to - from);
    const own = values.filter(({ step }) => step >= start && step < start + to - from);
    if (own.length > 0) found.push(quantile(own, 0.5));
    if (start <= (values[0]?.step ?? start)) return found;
  }
}

/** The least value up to which a share of the weight lies; where it falls between two, their mean. */
function quantile(values: readonly { readonly x: number; readonly w: number }[], share: number): number {
  const sorted = [...values].sort((a, b) => a.x - b.x);
  const wanted = share * sorted.reduce((sum, { w }) => sum + w, 0);
  let through = 0;
  for (const [i, { x, w }] of sorted.entries()) {
    through += w;
    if (through > wanted) return x;
    if (through === wanted) return (x + (sorted[i + 1]?.x ?? x)) / 2;
  }
  return sorted.at(-1)?.x ?? Number.NaN;
}

function notFinite(
  series: TensorSeries,
  learnt: readonly number[],
  inside: readonly number[],
  earlier: readonly number[],
): Standing['nonFinite'] {
  for (const i of inside) {
    for (const p of learnt) {
      for (const of of ['weight', 'gradient', 'update'] as const) {
        const { state } = track(series, [p], OF[of]);
        const row = series.rows[p];
        if (state[i] !== IS.nonFinite || row === undefined || earlier.some((e) => state[e] === IS.nonFinite)) continue;
        // Left out by loss scaling, it never reached the weights.
        if (series.skipped[i] === 1) continue;
        return { path: row.path, layer: row.layer, of, step: series.step[i] ?? 0 };
      }
    }
  }
  return undefined;
}

/** The learning rate that rose most, from its last value before the window to its largest within. */
function risen({ learningRate, step }: TensorSeries, inside: readonly number[], earlier: readonly number[]): Standing['rate'] {
  let most: Standing['rate'];
  for (const rates of learningRate.values()) {
    const before = earlier.map((i) => rates[i] ?? Number.NaN).findLast((rate) => rate > 0);
    if (before === undefined) continue;
    for (const i of inside) {
      const after = rates[i] ?? Number.NaN;
      if (after / before >= LEAST_TIMES && after / before > (most === undefined ? 0 : most.after / most.before)) {
        most = { before, after, step: step[i] ?? 0 };
      }
    }
  }
  return most;
}
