/** Curves of made-up scores for tests and the gallery, by the plainest way: one threshold after the other. */
import { estimate } from '../../math/curve';
import { wilson } from '../../math/wilson';
import type { Calibration, Curves } from '../../schema.gen';

/** Scores of one class against the rest. */
export interface Scored {
  readonly of: number;
  readonly score: readonly number[];
  readonly positive: readonly boolean[];
}

const GRID = 201;
const BINS = 50;

/** The answer of the server about some classes: points at every score, corners included, areas by trapezoids and sums. */
export function answered(scored: readonly Scored[], { points = true, binned = false } = {}): Curves {
  const each = scored.map((one) => curve(one));
  const all = <T>(list: (c: ReturnType<typeof curve>) => readonly T[]) => each.flatMap((c) => list(c));
  const numbers = (value: (c: ReturnType<typeof curve>) => number) => Float64Array.from(each, value);
  let end = 0;
  return {
    kind: 'curves',
    classes: 'names',
    epoch: null,
    binned,
    limits: '',
    undefined: each.map((c) => c.undefined),
    of: Int32Array.from(scored, ({ of }) => of),
    positives: Int32Array.from(each, (c) => c.p),
    negatives: Int32Array.from(each, (c) => c.n),
    auc: numbers((c) => c.auc),
    auc_low: numbers((c) =>
      c.p > 0 && c.n > 0 ? (wilson(c.auc * Math.min(c.p, c.n), Math.min(c.p, c.n))?.low ?? Number.NaN) : Number.NaN,
    ),
    auc_high: numbers((c) =>
      c.p > 0 && c.n > 0 ? (wilson(c.auc * Math.min(c.p, c.n), Math.min(c.p, c.n))?.high ?? Number.NaN) : Number.NaN,
    ),
    auc_bound: numbers((c) => (Number.isNaN(c.auc) ? Number.NaN : binned ? 0.0021 : 0)),
    ap: numbers((c) => c.ap),
    ap_low: numbers((c) => Math.max(0, c.ap - 0.03)),
    ap_high: numbers((c) => Math.min(1, c.ap + 0.02)),
    prevalence: numbers((c) => c.p / (c.p + c.n)),
    point_end: Int32Array.from(each, (c) => {
      end += points ? c.threshold.length : 0;
      return end;
    }),
    threshold: Float64Array.from(points ? all((c) => c.threshold) : []),
    false_positive_rate: Float64Array.from(points ? all((c) => c.fpr) : []),
    recall: Float64Array.from(points ? all((c) => c.recall) : []),
    precision: Float64Array.from(points ? all((c) => c.precision) : []),
    band_low: points ? Float64Array.from(all((c) => c.bandLow)) : null,
    band_high: points ? Float64Array.from(all((c) => c.bandHigh)) : null,
    score_positive: points ? Int32Array.from(all((c) => c.up)) : null,
    score_negative: points ? Int32Array.from(all((c) => c.down)) : null,
  };
}

function curve({ score, positive }: Scored) {
  const p = positive.filter(Boolean).length;
  const n = positive.length - p;
  const falling = [...new Set(score)].sort((a, b) => b - a);
  const [threshold, fpr, recall, precision] = [[Number.POSITIVE_INFINITY], [0 / n], [0 / p], [Number.NaN]];
  const counts = new Map<number, [number, number]>();
  score.forEach((s, i) => {
    const [up, down] = counts.get(s) ?? [0, 0];
    counts.set(s, positive[i] ? [up + 1, down] : [up, down + 1]);
  });
  let [tp, fp, auc, ap] = [0, 0, 0, 0];
  for (const t of falling) {
    const [more, less] = [counts.get(t)?.[0] ?? 0, counts.get(t)?.[1] ?? 0];
    if (p > 0 && n > 0) auc += (less / n) * ((tp + more / 2) / p);
    tp += more;
    fp += less;
    if (p > 0) ap += (more / p) * (tp / (tp + fp));
    // Where no positive has this score it is a corner, of which no threshold is stored; the last one in a row is enough.
    if (more === 0 && Number.isNaN(threshold.at(-1))) for (const list of [threshold, fpr, recall, precision]) list.pop();
    threshold.push(more === 0 ? (tp === p && fp === n ? 0 : Number.NaN) : t);
    fpr.push(fp / n);
    recall.push(tp / p);
    precision.push(tp / (tp + fp));
  }
  const histogram = (is: boolean) => {
    const counts = new Array<number>(BINS).fill(0);
    score.forEach((s, i) => {
      if (positive[i] !== is) return;
      const b = Math.min(BINS - 1, Math.max(0, Math.ceil(s * BINS) - 1));
      counts[b] = (counts[b] ?? 0) + 1;
    });
    return counts;
  };
  const at = Array.from({ length: GRID }, (_, k) => Math.max(0, ...recall.filter((_, i) => (fpr[i] ?? 1) <= k / (GRID - 1) + 1e-12)));
  const band = (end: 'low' | 'high') => at.map((r) => (p > 0 && n > 0 ? (wilson(r * p, p)?.[end] ?? Number.NaN) : Number.NaN));
  const defined = p > 0 && n > 0;
  return {
    p,
    n,
    undefined: p === 0 ? 'no positives' : n === 0 ? 'no negatives' : '',
    auc: defined ? auc : Number.NaN,
    ap: p > 0 ? ap : Number.NaN,
    threshold,
    fpr,
    recall,
    precision,
    bandLow: band('low'),
    bandHigh: band('high'),
    up: histogram(true),
    down: histogram(false),
  };
}

/** The calibration of made-up confidences, in bins of equal width. */
export function calibrated(
  confidence: readonly number[],
  right: readonly boolean[],
  { of = 'predicted class', by = 'width', bins = 15 }: Partial<Pick<Calibration, 'of' | 'by'>> & { readonly bins?: number } = {},
): Calibration {
  const binOf = (c: number) => Math.min(bins - 1, Math.max(0, Math.ceil(c * bins) - 1));
  const inBin = Array.from({ length: bins }, (_, b) => confidence.flatMap((c, i) => (binOf(c) === b ? [i] : [])));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const accuracy = inBin.map((each) => mean(each.map((i) => Number(right[i]))));
  const sure = inBin.map((each) => mean(each.map((i) => confidence[i] ?? 0)));
  const gaps = inBin.map((each, b) => (each.length === 0 ? 0 : Math.abs((accuracy[b] ?? 0) - (sure[b] ?? 0))));
  const total = confidence.length;
  const ranges = inBin.map((each, b) => wilson((accuracy[b] ?? 0) * each.length, each.length));
  const order = Array.from(confidence.keys()).sort((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0));
  const cuts = Array.from({ length: 50 }, (_, k) => Math.max(1, Math.round((total * (50 - k)) / 50)));
  const brier = mean(confidence.map((c, i) => (c - Number(right[i])) ** 2));
  const spread = estimate(brier, brier - 0.01, brier + 0.01).range;
  return {
    kind: 'calibration',
    classes: 'names',
    epoch: null,
    of,
    by,
    samples: total,
    ece: inBin.reduce((sum, each, b) => sum + (each.length / total) * (gaps[b] ?? 0), 0),
    ece_floor: 0.011,
    ece_debiased: 0.02,
    mce: Math.max(...gaps),
    brier,
    brier_low: spread?.low ?? null,
    brier_high: spread?.high ?? null,
    nll: 0.214,
    nll_low: 0.18,
    nll_high: 0.25,
    clipped: 0,
    low: Float64Array.from({ length: bins }, (_, b) => b / bins),
    high: Float64Array.from({ length: bins }, (_, b) => (b + 1) / bins),
    count: Int32Array.from(inBin, (each) => each.length),
    trials: Float64Array.from(inBin, (each) => each.length),
    confidence: Float64Array.from(sure),
    accuracy: Float64Array.from(accuracy),
    accuracy_low: Float64Array.from(ranges, (range) => range?.low ?? Number.NaN),
    accuracy_high: Float64Array.from(ranges, (range) => range?.high ?? Number.NaN),
    coverage: Float64Array.from(cuts, (k) => k / total),
    covered_accuracy: Float64Array.from(cuts, (k) => mean(order.slice(0, k).map((i) => Number(right[i])))),
    covered_from: Float64Array.from(cuts, (k) => confidence[order[k - 1] ?? 0] ?? 0),
  };
}
