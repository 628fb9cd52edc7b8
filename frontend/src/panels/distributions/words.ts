/** What is said of a distribution. */
import { type Bins, oddOf, orderedOf, PERCENTILES, percentilesOf, zeroShare } from '../../math/bins';
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
export function oddWords(bins: Bins | undefined): string {
  if (bins === undefined) return '';
  const { nan, plusInfinite, minusInfinite } = bins;
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

export interface Warning {
  readonly text: string;
  /** Of what is not finite, which has a colour of its own. */
  readonly isOdd: boolean;
}

/** Steps at which something was not finite, or nothing was, and how many values lie beyond the axis. */
export function warnings({ bins, counts, step }: Pick<Spread, 'bins' | 'counts' | 'step'>, beyond: number): readonly Warning[] {
  const at = (i: number) => countInWords(counts, step[i] ?? 0);
  const places = Array.from(bins.keys());
  const odd = places.filter((i) => oddOf(bins[i]) === 'some');
  const none = places.filter((i) => oddOf(bins[i]) === 'all');
  const [first] = odd;
  const some = first === undefined ? [] : [`${oddWords(bins[first])} ${when(odd, bins.length, at)}`];
  const all = none[0] === undefined ? [] : [`${allWords(bins[none[0]])} ${when(none, bins.length, at)}`];
  return [
    ...[...some, ...all].map((text) => ({ text, isOdd: true })),
    ...(beyond > 0 ? [{ text: `${plural(beyond, 'value')} beyond the axis not drawn`, isOdd: false }] : []),
  ];
}

/** At which of all steps something was. */
function when(places: readonly number[], all: number, at: (i: number) => string): string {
  const first = places[0] ?? 0;
  if (places.length === all) return 'at every step';
  if (places.length === all - first) return `from ${at(first)}`;
  return places.length === 1 ? `at ${at(first)}` : `at the first of ${count(places.length)} steps, ${at(first)}`;
}

/** `all 256 NaN`, or `all 256 not finite` where they are of several kinds. */
function allWords(bins: Bins | undefined): string {
  const words = oddWords(bins);
  return `all ${words.includes(',') && bins !== undefined ? `${count(bins.nan + orderedOf(bins))} not finite` : words}`;
}
