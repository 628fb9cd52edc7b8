/** One threshold on a curve: the point that stands for it, and what holds there. */
import type { Curve } from './curve';
import { type Interval, wilson } from './wilson';

/** A share, and what it is a share of. */
export interface Rate {
  /** Undefined where there is nothing to divide by; where it is not known, the least that it can be. */
  readonly value: number | undefined;
  /** The most that it can be; undefined where it is known. */
  readonly most: number | undefined;
  /** Wilson's; undefined also where the samples are weighted, or depend on each other. */
  readonly range: Interval | undefined;
  /** Numerator and denominator; undefined where samples are weighted, or it is not known. */
  readonly of: readonly [number, number] | undefined;
}

/** What holds at one threshold. */
export interface Operating {
  /** The point of the curve that it is, or the one before it. */
  readonly index: number;
  /** From here on a sample counts as positive; infinite where none does. */
  readonly threshold: number;
  /** The thresholds between which it lies, where that leaves something unknown or may. */
  readonly between: readonly [number, number] | undefined;
  readonly recall: Rate;
  readonly precision: Rate;
  readonly falsePositiveRate: Rate;
}

/** [vertex] Points of which the threshold is known and finite, from the highest threshold to the lowest. */
export function vertices({ threshold }: Pick<Curve, 'threshold'>): readonly number[] {
  return Array.from(threshold.keys()).filter((i) => Number.isFinite(threshold[i]));
}

/** The point of the lowest threshold that is not below one: from there up all is known. 0, where nothing is positive, above all. */
export function pointAt(curve: Pick<Curve, 'threshold'>, threshold: number): number {
  return vertices(curve).findLast((i) => (curve.threshold[i] ?? Number.NaN) >= threshold) ?? 0;
}

/** The point whose threshold is nearest; 0 where no point has one. */
export function pointNear(curve: Pick<Curve, 'threshold'>, threshold: number): number {
  const all = vertices(curve);
  // The last point, where everything is positive, stands for no other threshold than its own.
  const own = all.filter((i) => (curve.threshold[i] ?? 0) > 0);
  return nearest(own.length > 0 ? own : all, (i) => Math.abs((curve.threshold[i] ?? Number.NaN) - threshold)) ?? 0;
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

/** Up to so many points a curve is whole; of longer ones the server may have left points out. */
const WHOLE = 1000;

/**
 * What holds at any threshold. Of a sample between two points nobody knows on which side it is: there shares are told with the
 * least and the most that they can be.
 */
export function operatingAt(curve: Curve, threshold: number): Operating {
  const index = pointAt(curve, threshold);
  const here = operating(curve, index);
  const next = vertices(curve).find((i) => i > index);
  if (here.threshold === threshold || next === undefined) return { ...here, threshold };
  const there = operating(curve, next);
  const { positives: p, negatives: n } = curve;
  const more = (curve.recall[next] || 0) - (curve.recall[index] || 0);
  // A single positive more is the one that the next point is of. What lies before it is up to the corner, if there is one.
  const isOne = curve.isCounted && !isWeighted(curve) && Math.round(more * p) === 1;
  const corner = next - 1 > index ? next - 1 : curve.threshold.length <= WHOLE ? index : next;
  const end = isOne ? { recall: index, alarms: corner } : { recall: next, alarms: next };
  const isCounted = here.recall.of !== undefined;
  const scores = isCounted ? curve.scores : undefined;
  const [least, most] = narrowed(curve.recall[index], curve.recall[end.recall], scores?.positive, p, threshold);
  const [few, many] = narrowed(curve.falsePositiveRate[index], curve.falsePositiveRate[end.alarms], scores?.negative, n, threshold);
  const share = curve.prevalence ?? p / (p + n);
  const precision = (recall: number, alarms: number) => {
    const right = share * (recall || 0);
    const all = right + (1 - share) * (alarms || 0);
    return all > 0 ? right / all : Number.NaN;
  };
  const counts = (recall: number, alarms: number) => [Math.round((recall || 0) * p), Math.round((alarms || 0) * n)] as const;
  const rate = (exact: Rate, from: number, to: number, low: readonly [number, number], high: readonly [number, number]): Rate => {
    if (Number.isNaN(from) && Number.isNaN(to)) return exact;
    const [down, up] = isCounted && curve.of >= 0 ? [wilson(...low), wilson(...high)] : [];
    if (from === to) return { value: from, most: undefined, range: down, of: isCounted ? low : undefined };
    return {
      value: Number.isNaN(from) ? undefined : from,
      most: Number.isNaN(to) ? undefined : to,
      range: down === undefined || up === undefined ? undefined : { low: down.low, high: up.high },
      of: undefined,
    };
  };
  const [tp, fp] = counts(least, few);
  const [tpMost, fpMost] = counts(most, many);
  return {
    index,
    threshold,
    between: [there.threshold, here.threshold],
    recall: rate(here.recall, least, most, [tp, p], [tpMost, p]),
    precision: rate(here.precision, precision(least, many), precision(most, few), [tp, tp + fpMost], [tpMost, tpMost + fp]),
    falsePositiveRate: rate(here.falsePositiveRate, few, many, [fp, n], [fpMost, n]),
  };
}

/** A share at or above a threshold between two others, as far as a histogram of all scores tells it more closely. */
function narrowed(
  from = Number.NaN,
  to = Number.NaN,
  histogram: ArrayLike<number> | undefined,
  all: number,
  threshold: number,
): readonly [number, number] {
  if (histogram === undefined || all === 0) return [from, to];
  let [surely, maybe] = [0, 0];
  for (let bin = 0; bin < histogram.length; bin++) {
    const n = histogram[bin] ?? 0;
    // A bin is from above its lower edge up to its upper one.
    if (bin / histogram.length >= threshold) surely += n;
    if ((bin + 1) / histogram.length >= threshold - 1e-9) maybe += n;
  }
  return [Math.max(from, surely / all), Math.min(to, maybe / all)];
}

/**
 * By how much a threshold may be written too low: by less than the way to the next one that is known, and where other samples
 * lie on that way by so little of it that hardly one is taken in.
 */
export function roomBelow(curve: Curve, threshold: number): number {
  const index = pointAt(curve, threshold);
  const next = vertices(curve).find((i) => i > index);
  const way = threshold - (next === undefined ? 0 : (curve.threshold[next] ?? 0));
  const { positives: p, negatives: n, recall, falsePositiveRate } = curve;
  const more = (of: Float64Array, all: number) => Math.round(((of[next ?? index] || 0) - (of[index] || 0)) * Math.max(1, all));
  const samples = more(recall, p) + more(falsePositiveRate, n);
  return curve.threshold[index] === threshold && samples <= 1 && curve.isCounted ? way : way / (100 * Math.max(1, samples));
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
    most: undefined,
    range: counted && curve.of >= 0 ? wilson(of, all) : undefined,
    of: counted ? [of, all] : undefined,
  });
  return {
    index,
    threshold: curve.threshold[index] ?? Number.NaN,
    between: undefined,
    recall: rate(recall, tp, p),
    precision: rate(curve.precision[index] ?? Number.NaN, tp, tp + fp),
    falsePositiveRate: rate(falsePositives, fp, n),
  };
}
