/** Regressions as the writer makes them, from plain lists. */
import type { Regression } from '../schema.gen';
import { ALL_BINS } from './regression';

const BINS = ALL_BINS - 2;

export interface Made {
  /** [target][sample] */
  readonly truth: readonly (readonly number[])[];
  readonly predicted: readonly (readonly number[])[];
  readonly weight?: readonly number[];
  readonly targets?: readonly string[];
  readonly ids?: readonly string[];
  /** First and last edge of each target. */
  readonly ends?: readonly (readonly [number, number])[];
  readonly dropped?: Readonly<Record<string, number>>;
  readonly epoch?: number;
}

export function regressionOf({ truth, predicted, weight, targets, ids, ends, dropped = {}, epoch }: Made): Regression {
  const size = truth[0]?.length ?? 0;
  const parts = truth.map((its, k) => {
    const ownEnds = ends?.[k] ?? [Math.min(0, ...its.filter(Number.isFinite)), Math.max(1, ...its.filter(Number.isFinite)) * 1.001];
    return one(its, predicted[k] ?? [], weight ?? its.map(() => 1), ownEnds);
  });
  const list = (of: (part: Part) => number) => Float64Array.from(parts, of);
  const joined = (of: (part: Part) => readonly number[]) => parts.flatMap(of);
  const end = (of: (part: Part) => readonly unknown[]) => {
    let total = 0;
    return Int32Array.from(parts, (part) => {
      total += of(part).length;
      return total;
    });
  };
  const weights = weight !== undefined;
  return {
    kind: 'regression',
    epoch: epoch ?? null,
    targets: targets ?? truth.map(() => ''),
    dropped,
    samples: size,
    count: Int32Array.from(parts, ({ count }) => count),
    error: list(({ error }) => error),
    absolute: list(({ absolute }) => absolute),
    error_squares: list(({ squares }) => squares),
    error_fourths: list(({ fourths }) => fourths),
    truth_mean: list(({ mean }) => mean),
    truth_squares: list(({ truthSquares }) => truthSquares),
    truth_fourths: list(({ truthFourths }) => truthFourths),
    error_truth: list(({ errorTruth }) => errorTruth),
    predicted_mean: list(({ predictedMean }) => predictedMean),
    predicted_squares: list(({ predictedSquares }) => predictedSquares),
    product: list(({ product }) => product),
    edge: Float64Array.from(joined(({ edges }) => edges)),
    cell_end: end(({ cells }) => cells),
    cell: Int32Array.from(joined(({ cells }) => cells.map(([code]) => code))),
    cell_count: Int32Array.from(joined(({ cells }) => cells.map(([, { count }]) => count))),
    bin_error: Float64Array.from(joined(({ bins }) => bins.map(({ error }) => error))),
    bin_absolute: Float64Array.from(joined(({ bins }) => bins.map(({ absolute }) => absolute))),
    bin_squares: Float64Array.from(joined(({ bins }) => bins.map(({ squares }) => squares))),
    residual_end: end(({ sizes }) => sizes),
    residual: Int32Array.from(joined(({ sizes }) => sizes.map(([code]) => code))),
    residual_count: Int32Array.from(joined(({ sizes }) => sizes.map(([, { count }]) => count))),
    largest_end: end(({ largest }) => largest),
    ids: ids === undefined ? null : parts.flatMap(({ largest }) => largest.map((i) => ids[i] ?? '')),
    number: Int32Array.from(joined(({ largest }) => largest)),
    largest_truth: Float64Array.from(parts.flatMap(({ largest }, k) => largest.map((i) => truth[k]?.[i] ?? 0))),
    largest_predicted: Float64Array.from(parts.flatMap(({ largest }, k) => largest.map((i) => predicted[k]?.[i] ?? 0))),
    weight_sum: weights ? list((part) => part.weight) : null,
    weight_squares: weights ? list((part) => part.weightSquares) : null,
    cell_weight: weights ? Float64Array.from(joined(({ cells }) => cells.map(([, each]) => each.weight))) : null,
    bin_weight_squares: weights ? Float64Array.from(joined(({ bins }) => bins.map(({ weightSquares }) => weightSquares))) : null,
    residual_weight: weights ? Float64Array.from(joined(({ sizes }) => sizes.map(([, each]) => each.weight))) : null,
  };
}

type Part = ReturnType<typeof one>;

function one(truth: readonly number[], predicted: readonly number[], weight: readonly number[], [low, high]: readonly [number, number]) {
  const edges = Array.from({ length: BINS + 1 }, (_, i) => low + ((high - low) * i) / BINS);
  const places = truth.flatMap((t, i) => (Number.isFinite(t) && Number.isFinite(predicted[i] ?? Number.NaN) ? [i] : []));
  const values = places.map((i) => ({
    t: truth[i] ?? 0,
    p: predicted[i] ?? 0,
    e: (predicted[i] ?? 0) - (truth[i] ?? 0),
    w: weight[i] ?? 0,
  }));
  type Value = (typeof values)[number];
  const sum = (of: (value: Value) => number) => values.reduce((total, value) => total + value.w * of(value), 0);
  const total = sum(() => 1);
  const [mean, predictedMean] = [sum(({ t }) => t) / total, sum(({ p }) => p) / total];
  const binOf = (x: number) => {
    let bin = Math.max(0, Math.min(BINS + 1, Math.floor(((x - low) / (high - low)) * BINS)));
    while (bin > 0 && (edges[bin - 1] ?? 0) > x) bin -= 1;
    while (bin <= BINS && (edges[bin] ?? 0) <= x) bin += 1;
    return bin;
  };
  const gathered = (keyOf: (value: Value) => number) => {
    const found = new Map<number, { count: number; weight: number }>();
    for (const value of values) {
      const key = keyOf(value);
      const { count = 0, weight = 0 } = found.get(key) ?? {};
      found.set(key, { count: count + 1, weight: weight + value.w });
    }
    return [...found].sort(([a], [b]) => a - b);
  };
  const bins = Array.from({ length: ALL_BINS }, () => ({ error: 0, absolute: 0, squares: 0, weightSquares: 0 }));
  for (const { t, e, w } of values) {
    const bin = bins[binOf(t)];
    if (bin === undefined) continue;
    bin.error += w * e;
    bin.absolute += w * Math.abs(e);
    bin.squares += w * e * e;
    bin.weightSquares += w * w;
  }
  const errorAt = (i: number) => Math.abs((predicted[i] ?? 0) - (truth[i] ?? 0));
  return {
    edges,
    bins,
    count: values.length,
    weight: total,
    weightSquares: values.reduce((all, { w }) => all + w * w, 0),
    error: sum(({ e }) => e),
    absolute: sum(({ e }) => Math.abs(e)),
    squares: sum(({ e }) => e * e),
    fourths: sum(({ e }) => e ** 4),
    mean,
    predictedMean,
    truthSquares: sum(({ t }) => (t - mean) ** 2),
    truthFourths: sum(({ t }) => (t - mean) ** 4),
    errorTruth: sum(({ t, e }) => e * e * (t - mean) ** 2),
    predictedSquares: sum(({ p }) => (p - predictedMean) ** 2),
    product: sum(({ t, p }) => (t - mean) * (p - predictedMean)),
    cells: gathered(({ t, p }) => ALL_BINS * binOf(t) + binOf(p)),
    sizes: gathered(({ e }) => (e === 0 ? 0 : Math.sign(e) * (Math.floor(16 * Math.log2(Math.abs(e))) + 20_000))),
    largest: places.toSorted((a, b) => errorAt(b) - errorAt(a)).slice(0, 100),
  };
}
