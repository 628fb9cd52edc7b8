/** One threshold on a curve: the point that stands for it, and what holds there. */
import type { Curve } from './curve';
import { type Interval, wilson } from './wilson';

/** A share, and what it is a share of. */
export interface Rate {
  /** Undefined where there is nothing to divide by. */
  readonly value: number | undefined;
  /** Wilson's; undefined also where the samples are weighted, or depend on each other. */
  readonly range: Interval | undefined;
  /** Numerator and denominator; undefined where samples are weighted. */
  readonly of: readonly [number, number] | undefined;
}

/** What holds at one point of a curve. */
export interface Operating {
  readonly index: number;
  /** From here on a sample counts as positive; infinite where none does. */
  readonly threshold: number;
  readonly recall: Rate;
  readonly precision: Rate;
  readonly falsePositiveRate: Rate;
}

/** [vertex] Points of which the threshold is known and finite, from the highest threshold to the lowest. */
export function vertices({ threshold }: Pick<Curve, 'threshold'>): readonly number[] {
  return Array.from(threshold.keys()).filter((i) => Number.isFinite(threshold[i]));
}

/**
 * The point that stands for a threshold: the one whose own is nearest. Positives that no negative separates share one point,
 * so what holds between two points is not always known; at a point it is. 0 where no point has a threshold.
 */
export function pointAt(curve: Pick<Curve, 'threshold'>, threshold: number): number {
  const all = vertices(curve);
  // The last point, where everything is positive, stands for no other threshold than its own.
  const own = all.filter((i) => (curve.threshold[i] ?? 0) > 0);
  const among = threshold > 0 && own.length > 0 ? own : all;
  return nearest(among, (i) => Math.abs((curve.threshold[i] ?? Number.NaN) - threshold)) ?? 0;
}

/** The point with the highest threshold at which recall is at least so much; undefined where there is none. */
export function pointOfRecall(curve: Pick<Curve, 'threshold' | 'recall'>, least: number): number | undefined {
  // A recall of 0.95 that was asked for is reached by 19 of 20.
  return vertices(curve).find((i) => (curve.recall[i] ?? 0) >= least - 1e-12);
}

/** The point so many vertices further along the curve, and never beyond its ends; `by` below 0 raises the threshold. */
export function moved(curve: Pick<Curve, 'threshold'>, index: number, by: number): number {
  const all = vertices(curve);
  const after = all.findIndex((i) => i >= index);
  const here = after < 0 ? all.length - 1 : after;
  // From a point that is no vertex, one step is to the next one.
  const from = all[here] === index || by <= 0 ? here : here - 1;
  return all[Math.min(all.length - 1, Math.max(0, from + by))] ?? index;
}

/** The vertex nearest to a place, as `distance` measures it. */
export function nearestVertex(curve: Pick<Curve, 'threshold'>, distance: (index: number) => number): number | undefined {
  return nearest(vertices(curve), distance);
}

/** The first of those that are least far. */
function nearest(indices: readonly number[], distance: (index: number) => number): number | undefined {
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const i of indices) {
    const far = distance(i);
    if (far < least) [best, least] = [i, far];
  }
  return best;
}

/** Whether the samples of a curve have weights that differ: shares are then not those of whole samples. */
export function isWeighted({ positives, negatives, prevalence, recall, falsePositiveRate }: Curve): boolean {
  const whole = (rates: Float64Array, n: number) =>
    rates.every((rate) => Number.isNaN(rate) || Math.abs(rate * n - Math.round(rate * n)) < 1e-6 * Math.max(1, n));
  const share = positives / (positives + negatives);
  return (
    (prevalence !== undefined && Math.abs(prevalence - share) > 1e-9) || !whole(recall, positives) || !whole(falsePositiveRate, negatives)
  );
}

/** What holds at a point of a curve. Decisions that are pooled depend on each other: their shares have no interval. */
export function operating(curve: Curve, index: number): Operating {
  const { positives: p, negatives: n } = curve;
  const [recall, falsePositives] = [curve.recall[index] ?? Number.NaN, curve.falsePositiveRate[index] ?? Number.NaN];
  const counted = curve.isCounted && !isWeighted(curve);
  // Without positives, or negatives, the share is not defined, and the number is 0.
  const [tp, fp] = [Math.round((recall || 0) * p), Math.round((falsePositives || 0) * n)];
  const rate = (value: number, of: number, all: number): Rate => ({
    value: Number.isNaN(value) || (counted && all === 0) ? undefined : value,
    range: counted && curve.of >= 0 ? wilson(of, all) : undefined,
    of: counted ? [of, all] : undefined,
  });
  return {
    index,
    threshold: curve.threshold[index] ?? Number.NaN,
    recall: rate(recall, tp, p),
    precision: rate(curve.precision[index] ?? Number.NaN, tp, tp + fp),
    falsePositiveRate: rate(falsePositives, fp, n),
  };
}
