/** The numbers of a regression as they are saved, whole. */
import type { Field } from '../../components/download';
import type { Estimate } from '../../math/curve';
import { binsOf, cellsOf, correlation, edgesOf, type Large, residualsAt, scoresOf, type Target } from '../../math/regression';
import type { Evaluation } from './evaluation';
import { SHARES } from './Residuals';

const HEAD = ['true_from', 'true_below', 'predicted_from', 'predicted_below', 'count'] as const;

/** A row a cell that is not empty, under a row of names; an end that is open is empty. */
export function cellRows(target: Target): readonly (readonly Field[])[] {
  const edges = edgesOf(target);
  const { truth, predicted, count } = cellsOf(target);
  const rows = Array.from(count, (n, i): readonly Field[] => {
    const [t, p] = [truth[i] ?? 0, predicted[i] ?? 0];
    return [edges[t - 1], edges[t], edges[p - 1], edges[p], n];
  });
  return [HEAD, ...rows];
}

/** All that the panel shows of each evaluation. */
export function numbersOf(evaluations: readonly Evaluation[]) {
  return evaluations.map(({ series, point, target }) => {
    const { r2, rmse, mae, bias } = scoresOf(target);
    const { payload: r, index: k } = target;
    return {
      run: series.run,
      tag: series.tag,
      step: point.step,
      epoch: r.epoch,
      target: r.targets[k] ?? '',
      samples: r.samples,
      values: target.count,
      weight: target.weight,
      dropped: r.dropped,
      r2: estimate(r2),
      rmse: estimate(rmse),
      mae: estimate(mae),
      bias: estimate(bias),
      correlation: correlation(target) ?? null,
      truth_mean: r.truth_mean[k] ?? null,
      predicted_mean: r.predicted_mean[k] ?? null,
      residuals: Object.fromEntries(SHARES.map((share, i) => [String(share), residualsAt(target, SHARES)[i]])),
      by_truth: binsOf(target).map(({ from, to, count, bias: mean, mae: size }) => ({ from, to, count, bias: mean, mae: estimate(size) })),
      edges: edgesOf(target),
      cells: cellRows(target).slice(1),
    };
  });
}

function estimate({ value, range }: Estimate) {
  return { value: value ?? null, low: range?.low ?? null, high: range?.high ?? null };
}

export function largestRows(largest: readonly Large[]): readonly (readonly Field[])[] {
  return [
    ['sample', 'true', 'predicted', 'error'],
    ...largest.map(({ id, truth, predicted, error }): readonly Field[] => [id, truth, predicted, error]),
  ];
}
