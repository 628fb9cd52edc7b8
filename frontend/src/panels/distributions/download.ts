/** The bins of distributions as tables and as an object. */
import type { Field } from '../../components/download';
import type { Bins } from '../../math/bins';
import type { Spread } from './spreads_of';

/** A row a bin; what is not finite has a row with its word for an edge. */
export function rows(spreads: readonly Spread[]): readonly (readonly Field[])[] {
  const head = ['training', 'of', 'path', 'step', 'left', 'right', 'count', 'every_nth_value'];
  return [
    head,
    ...spreads.flatMap((spread) =>
      spread.bins.flatMap((bins, i) =>
        edgesOf(bins).map(([left, right, count]): readonly Field[] => [
          spread.training,
          spread.of,
          spread.path,
          spread.step[i],
          left,
          right,
          count,
          spread.stride,
        ]),
      ),
    ),
  ];
}

/** The same, with a list for each step. */
export function numbers(spreads: readonly Spread[]): Readonly<Record<string, unknown>> {
  return {
    distributions: spreads.map(({ training, of, path, counts, step, stride, bins }) => ({
      training,
      of,
      path,
      every_nth_value: stride,
      [counts]: step,
      bins: bins.map(edgesOf),
    })),
  };
}

function edgesOf({ left, right, count, nan, minusInfinite, plusInfinite }: Bins): readonly (readonly [number, number, number])[] {
  const odd = [
    [Number.NEGATIVE_INFINITY, minusInfinite],
    [Number.POSITIVE_INFINITY, plusInfinite],
    [Number.NaN, nan],
  ] as const;
  const finite = Array.from(count, (n, i) => [left[i] ?? 0, right[i] ?? 0, n] as const);
  return [...finite, ...odd.flatMap(([value, n]) => (n > 0 ? [[value, value, n] as const] : []))];
}
