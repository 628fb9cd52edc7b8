/** What a multi-label evaluation says: of each label by itself, of all labels, and which are wrong together. */
import type { Multilabel } from '../schema.gen';
import type { Estimate } from './curve';
import { effective, type Interval, wilson, Z95 } from './wilson';

/** How often a label was told rightly, told falsely, missed, and rightly not told. */
export interface Table {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

export interface LabelNumbers {
  /** Samples. */
  readonly counts: Table;
  /** Their weight: the same without weights. */
  readonly weights: Table;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly f1: Estimate;
  readonly unknown: number;
  readonly leftOut: number;
}

export function sizeOf({ unknown }: Multilabel): number {
  return unknown.length;
}

export function support({ counts }: LabelNumbers): number {
  return counts.tp + counts.fn;
}

/**
 * The numbers of one label, with Wilson's intervals; undefined where nothing stands below the line.
 *
 * F1 has that of J, the share of the samples that have the label or were told to, for which both is so: F1 is 2 J / (1 + J).
 * Where samples are weighted there are as many trials as equal weights would be as sure.
 */
export function labelNumbers(m: Multilabel, k: number): LabelNumbers {
  const four = (of: ArrayLike<number>) => [0, 1, 2, 3].map((i) => of[4 * k + i] ?? 0);
  const squares = four(m.weight_squares ?? m.table);
  const counts = four(m.table);
  const weights = m.table_weight === null ? counts : four(m.table_weight);
  const sum = (of: readonly number[], places: readonly number[]) => places.reduce((all, i) => all + (of[i] ?? 0), 0);
  const rate = (places: readonly number[]): Estimate => {
    const all = sum(weights, places);
    if (!(all > 0)) return NONE;
    const value = (weights[0] ?? 0) / all;
    const trials = effective(all, sum(squares, places));
    return { value, range: wilson(value * trials, trials) };
  };
  const both = rate([0, 1, 2]);
  return {
    counts: tableOf(counts),
    weights: tableOf(weights),
    precision: rate([0, 1]),
    recall: rate([0, 2]),
    f1:
      both.value === undefined
        ? NONE
        : { value: fromJaccard(both.value), range: both.range && { low: fromJaccard(both.range.low), high: fromJaccard(both.range.high) } },
    unknown: m.unknown[k] ?? 0,
    leftOut: m.left_out[k] ?? 0,
  };
}

/** A mean over labels, and of how many. */
export interface Macro {
  readonly value: number | undefined;
  readonly labels: number;
}

export interface Overall {
  /** Share of the samples in which all labels are right. */
  readonly subset: Estimate;
  /** Share of wrong decisions. */
  readonly hamming: Estimate;
  readonly micro: { readonly precision: number | undefined; readonly recall: number | undefined; readonly f1: number | undefined };
  /** Recall over labels that any sample has; precision and F1 over these and those told: what is undefined there is 0. */
  readonly macro: { readonly precision: Macro; readonly recall: Macro; readonly f1: Macro };
}

/**
 * The numbers of all labels together.
 *
 * The interval of the subset accuracy is Wilson's. Decisions about one sample belong together: so the interval of the Hamming
 * loss is that of the mean number of wrong labels a sample, the normal one, by the decisions a sample; the pooled numbers have none.
 */
export function overall(m: Multilabel): Overall {
  const found = known.get(m) ?? overallOf(m);
  known.set(m, found);
  return found;
}

const known = new WeakMap<Multilabel, Overall>();

function overallOf(m: Multilabel): Overall {
  const pooled = { tp: 0, fp: 0, fn: 0, tn: 0 };
  const sums = { precision: 0, recall: 0, f1: 0, used: 0, there: 0 };
  const weights = m.table_weight ?? m.table;
  for (let k = 0; k < sizeOf(m); k++) {
    const [tp, fp, fn, tn] = [weights[4 * k] ?? 0, weights[4 * k + 1] ?? 0, weights[4 * k + 2] ?? 0, weights[4 * k + 3] ?? 0];
    pooled.tp += tp;
    pooled.fp += fp;
    pooled.fn += fn;
    pooled.tn += tn;
    const positives = (m.table[4 * k] ?? 0) + (m.table[4 * k + 2] ?? 0);
    if (positives > 0) {
      sums.there += 1;
      sums.recall += tp + fn > 0 ? tp / (tp + fn) : 0;
    }
    if (positives + (m.table[4 * k + 1] ?? 0) > 0) {
      sums.used += 1;
      sums.precision += tp + fp > 0 ? tp / (tp + fp) : 0;
      sums.f1 += tp + fp + fn > 0 ? (2 * tp) / (2 * tp + fp + fn) : 0;
    }
  }
  const wrong = wrongOf(m);
  const decisions = pooled.tp + pooled.fp + pooled.fn + pooled.tn;
  const hamming = decisions > 0 ? (pooled.fp + pooled.fn) / decisions : undefined;
  return {
    subset:
      wrong.weight > 0
        ? { value: wrong.right / wrong.weight, range: wilson((wrong.right / wrong.weight) * wrong.effective, wrong.effective) }
        : NONE,
    hamming: hamming === undefined ? NONE : { value: hamming, range: hammingInterval(hamming, wrong, decisions) },
    micro: {
      precision: ratio(pooled.tp, pooled.tp + pooled.fp),
      recall: ratio(pooled.tp, pooled.tp + pooled.fn),
      f1: ratio(2 * pooled.tp, 2 * pooled.tp + pooled.fp + pooled.fn),
    },
    macro: {
      precision: mean(sums.precision, sums.used),
      recall: mean(sums.recall, sums.there),
      f1: mean(sums.f1, sums.used),
    },
  };
}

interface Wrong {
  readonly weight: number;
  readonly right: number;
  readonly effective: number;
  /** Of the number of wrong labels of a sample. */
  readonly mean: number;
  readonly variance: number;
}

function wrongOf(m: Multilabel): Wrong {
  const weights = Float64Array.from(m.wrong_weight ?? m.wrong_count);
  const squares = Float64Array.from(m.wrong_weight_squares ?? m.wrong_count);
  const total = weights.reduce((a, b) => a + b, 0);
  const moment = (power: number) => weights.reduce((sum, w, i) => sum + w * i ** power, 0) / total;
  const mean = moment(1);
  return {
    weight: total,
    right: weights[0] ?? 0,
    effective: effective(
      total,
      squares.reduce((a, b) => a + b, 0),
    ),
    mean,
    variance: Math.max(0, moment(2) - mean * mean),
  };
}

function hammingInterval(value: number, { mean: perSample, variance, effective: n }: Wrong, decisions: number): Interval | undefined {
  if (!(n > 1) || !(decisions > 0) || !(perSample > 0)) return undefined;
  const half = (Z95 * Math.sqrt(variance / (n - 1)) * value) / perSample;
  return { low: Math.max(0, value - half), high: Math.min(1, value + half) };
}

/** Two labels that were wrong in the same samples. */
export interface Pair {
  /** `swap`: the first was missed where the second was told; else both were missed, or both told falsely. */
  readonly kind: 'swap' | 'missed' | 'false';
  readonly first: number;
  readonly second: number;
  readonly count: number;
}

/** Pairs, the most frequent first. */
export function pairsOf(m: Multilabel): readonly Pair[] {
  const found: Pair[] = [];
  walk(m.row_end, (first, i) => found.push({ kind: 'swap', first, second: m.column[i] ?? 0, count: m.count[i] ?? 0 }));
  walk(m.together_end, (first, i) => {
    const second = m.together_column[i] ?? 0;
    const [missed, told] = [m.missed_together[i] ?? 0, m.false_together[i] ?? 0];
    if (missed > 0) found.push({ kind: 'missed', first, second, count: missed });
    if (told > 0) found.push({ kind: 'false', first, second, count: told });
  });
  return found.sort((a, b) => b.count - a.count || a.first - b.first || a.second - b.second);
}

/** The labels with the most swaps, missed or told, at most so many, in the order of their ids. */
export function swapped(m: Multilabel, most: number): readonly number[] {
  const sums = new Float64Array(sizeOf(m));
  walk(m.row_end, (row, i) => {
    const n = m.count[i] ?? 0;
    sums[row] = (sums[row] ?? 0) + n;
    const column = m.column[i] ?? 0;
    sums[column] = (sums[column] ?? 0) + n;
  });
  return Array.from(sums.keys())
    .filter((k) => (sums[k] ?? 0) > 0)
    .sort((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0) || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
}

/** Samples in which a label was missed and another one told falsely. */
export function swapsBetween(m: Multilabel, labels: readonly number[]): readonly (readonly number[])[] {
  const place = new Map(labels.map((k, i) => [k, i]));
  const table = labels.map(() => labels.map(() => 0));
  walk(m.row_end, (row, i) => {
    const [r, c] = [place.get(row), place.get(m.column[i] ?? -1)];
    const line = r === undefined ? undefined : table[r];
    if (line !== undefined && c !== undefined) line[c] = m.count[i] ?? 0;
  });
  return table;
}

const NONE: Estimate = { value: undefined, range: undefined };

function walk(end: ArrayLike<number>, visit: (row: number, i: number) => void): void {
  let i = 0;
  for (let row = 0; row < end.length; row++) for (const stop = end[row] ?? 0; i < stop; i++) visit(row, i);
}

function tableOf([tp = 0, fp = 0, fn = 0, tn = 0]: readonly number[]): Table {
  return { tp, fp, fn, tn };
}

function fromJaccard(j: number): number {
  return (2 * j) / (1 + j);
}

function ratio(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

function mean(sum: number, labels: number): Macro {
  return { value: labels === 0 ? undefined : sum / labels, labels };
}
