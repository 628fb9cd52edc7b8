/** What is said of a distribution. */
import { type Bins, finiteOf, orderedOf, PERCENTILES, percentilesOf, zeroShare } from '../../math/bins';
import { count, number, percent, plural } from '../../math/format';
import { countInWords } from '../../math/series';
import type { Spread } from './spreads_of';

/** Between which values one percentile lies: `−0.25 to −0.125`; one value where both are. */
export function between(interval: readonly [number, number] | undefined, write: (x: number) => string = number): string {
  if (interval === undefined) return '–';
  const [low, high] = interval;
  return low === high ? write(low) : `${write(low)} to ${write(high)}`;
}

/** What is not finite: `2 NaN, 1 ∞`; empty where all is. */
export function oddWords({ nan, plusInfinite, minusInfinite }: Bins): string {
  const parts = [
    [nan, 'NaN'],
    [plusInfinite, '∞'],
    [minusInfinite, '−∞'],
  ] as const;
  return parts.flatMap(([n, word]) => (n > 0 ? [`${count(n)} ${word}`] : [])).join(', ');
}

/** The rows of a tooltip and of the table: name and value. */
export function facts(bins: Bins): readonly (readonly [string, string])[] {
  const found = percentilesOf(bins, PERCENTILES);
  const zeros = zeroShare(bins);
  const odd = oddWords(bins);
  const rows = PERCENTILES.map(
    (p, k) => [p === 0 ? 'least' : p === 50 ? 'median' : p === 100 ? 'greatest' : `${p} %`, between(found?.[k])] as const,
  );
  return [
    ...rows.toReversed(),
    ['zeros', zeros === undefined ? 'not told by the bins' : percent(zeros)],
    ['not finite', odd === '' ? 'none' : odd],
  ];
}

/** A sentence for who does not see the picture. */
export function spoken({ path, counts, step }: Spread, bins: Bins, i: number): string {
  const found = percentilesOf(bins, [0, 50, 100]);
  const odd = oddWords(bins);
  const told = found === undefined ? 'no value' : `median ${between(found[1])}, least ${between(found[0])}, greatest ${between(found[2])}`;
  return `${path}, ${countInWords(counts, step[i] ?? 0)}: ${told}${odd === '' ? '' : `; ${odd}`}`;
}

/** How the values were counted. */
export function counted({ isTheirs, bins, stride }: Spread): string {
  const last = bins.at(-1);
  if (last === undefined) return '';
  const values = orderedOf(last) + last.nan;
  if (isTheirs) return `${count(values)} values in ${count(last.count.length)} bins of the tool that wrote them`;
  return stride > 1 ? `${count(values)} values, every ${count(stride)}th` : `${count(values)} values`;
}

/** Steps at which something was not finite, and how many values lie beyond the axis. */
export function warnings(bins: readonly Bins[], beyond: number): readonly string[] {
  const odd = bins.filter((each) => each.nan + each.plusInfinite + each.minusInfinite > 0);
  const first = odd[0];
  return [
    ...(first === undefined ? [] : [`${oddWords(first)} at ${odd.length === 1 ? 'one step' : `the first of ${count(odd.length)} steps`}`]),
    ...(beyond > 0 ? [`${plural(beyond, 'value')} beyond the axis not drawn`] : []),
    ...(bins.length > 0 && bins.every((each) => finiteOf(each) === 0) ? ['no finite value'] : []),
  ];
}
