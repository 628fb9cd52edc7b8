/** Which lines share a chart, in which order the charts come, and how each line looks: pure. */
import { strength } from '../../charts/axis';
import { type Odd, oddity, type Scale } from '../../math/domain';
import type { Curve } from '../../math/series';
import { smoothed, usualDistance } from '../../math/smoothing';

export interface ChartOf {
  /** `loss`, `accuracy`, `learning_rate`, … */
  readonly name: string;
  readonly curves: readonly Curve[];
}

const LAST = ['learning_rate', 'gradient_norm'];

/** A chart for each name: the loss first, metrics as they were logged, then what drives the training. Its lines come in one order, whichever was read first. */
export function chartsOf(curves: readonly Curve[]): readonly ChartOf[] {
  const drawn = curves.filter((curve) => !isRepeated(curve, curves));
  const names = [...new Set(drawn.map(({ name }) => name))];
  const rank = (name: string) => (name.toLowerCase() === 'loss' ? -1 : LAST.indexOf(name.toLowerCase()) + 1);
  const trainings = [...new Set(curves.map(({ training }) => training))];
  const order = (a: Curve, b: Curve) =>
    trainings.indexOf(a.training) - trainings.indexOf(b.training) || splitRank(a) - splitRank(b) || compare(idOf(a), idOf(b));
  return names
    .map((name) => ({ name, curves: drawn.filter((curve) => curve.name === name).sort(order) }))
    .sort((a, b) => rank(a.name) - rank(b.name));
}

const SPLITS = ['train', 'validation', 'test'];

/** Losses of batches come after the means, and what was clipped after what was not. */
function splitRank({ split, name }: Curve): number {
  if (split === null) return name.toLowerCase() === 'loss' ? SPLITS.length + 1 : -1;
  const known = SPLITS.indexOf(split);
  return known < 0 ? SPLITS.length : known;
}

function idOf({ split, run, tag }: Curve): string {
  return JSON.stringify([split, run, tag]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A rate that stands once an epoch says nothing beside the same rate at its steps; a loss of an epoch is a mean, and does. */
function isRepeated({ name, tag, training }: Curve, curves: readonly Curve[]): boolean {
  const isOfEpochs = (each: string) => each.startsWith('epoch_');
  const isFiner = (other: Curve) => other.training === training && other.name === name && !isOfEpochs(other.tag);
  return name === 'learning_rate' && isOfEpochs(tag) && curves.some(isFiner);
}

const DASHES: Readonly<Record<string, readonly number[]>> = { train: [], validation: [6, 4], test: [2, 3] };
const OTHERS: readonly (readonly number[])[] = [
  [10, 4, 2, 4],
  [8, 3, 2, 3, 2, 3],
  [1, 3],
];

/** Dashes of a split: solid for training, and for what has none. */
export function dashOf(split: string | null, splits: readonly (string | null)[]): readonly number[] {
  if (split === null) return [];
  const known = DASHES[split];
  if (known !== undefined) return known;
  const others = splits.filter((each) => each !== null && DASHES[each] === undefined);
  return OTHERS[others.indexOf(split) % OTHERS.length] ?? [];
}

/** What tells the curves of one training in a chart apart: their split, and their tag's last part where that is not enough. */
export function labelOf(curve: Curve, chart: ChartOf): string {
  const alike = chart.curves.filter(({ training, split }) => training === curve.training && split === curve.split);
  const split = curve.split ?? '';
  if (alike.length < 2) return split === '' && isEachBatch(curve, chart) ? 'each batch' : split;
  const own = curve.tag.split('/').at(-1) ?? curve.tag;
  return split === '' ? own : `${split} ${own}`;
}

/** Losses and norms that span this ratio are read on a logarithmic axis, and rates that are this far apart most of the time. */
const WIDE = 10;
const DECADES = 100;

/** The scale of a chart that nobody chose. */
export function usualScale({ name, curves }: ChartOf): Scale {
  const lines = curves.map(({ value }) => value.filter(Number.isFinite).sort()).filter((line) => line.length > 0);
  if (/learning_rate/i.test(name)) {
    const at = (line: Float64Array, share: number) => line[Math.round(share * (line.length - 1))] ?? Number.NaN;
    // One that warms up from next to nothing, or ends there, is read well on a linear axis.
    const ratios = lines.map((line) => at(line, 0.9) / at(line, 0.1));
    const usual = lines.map((line) => at(line, 0.5));
    const isWide = Math.max(...ratios) >= DECADES || Math.max(...usual) / Math.min(...usual) >= DECADES;
    return isWide && lines.every((line) => at(line, 0.1) > 0) ? 'log' : 'linear';
  }
  if (!/loss|norm/i.test(name)) return 'linear';
  const low = Math.min(...lines.map((line) => line[0] ?? Number.NaN));
  const high = Math.max(...lines.map((line) => line.at(-1) ?? Number.NaN));
  return low > 0 && high / low >= WIDE ? 'log' : 'linear';
}

export interface Oddities {
  readonly odd: Odd;
  readonly times: number;
  /** Step of the first. */
  readonly first: number;
}

/** The values of some curves that have no place on a scale, by what they are. */
export function odditiesOf(curves: readonly Curve[], scale: Scale): readonly Oddities[] {
  const found = new Map<Odd, Oddities>();
  for (const { step, value } of curves) {
    for (let i = 0; i < value.length; i++) {
      const odd = oddity(value[i] ?? Number.NaN, scale);
      if (odd === undefined) continue;
      const before = found.get(odd);
      const at = step[i] ?? 0;
      found.set(odd, { odd, times: (before?.times ?? 0) + 1, first: Math.min(before?.first ?? at, at) });
    }
  }
  return [...found.values()];
}

/** Whether a line is of single batches beside lines of the means over epochs: it stands behind them, faintly. */
export function isEachBatch({ split, training }: Curve, { name, curves }: ChartOf): boolean {
  return name.toLowerCase() === 'loss' && split === null && curves.some((other) => other.training === training && other.split !== null);
}

/**
 * The lines of a chart smoothed. All of them forget within as many steps: the weight is that of the past over the usual
 * distance of the line whose points are nearest to each other. Means of epochs beside the losses of their batches are
 * smooth as they are, and stay what they were.
 */
export function smoothedLines(chart: ChartOf, weight: number): readonly (readonly [Curve, Float64Array])[] {
  const { curves } = chart;
  const usual = (counts: Curve['counts']) =>
    Math.min(...curves.flatMap((curve) => (curve.counts === counts ? (usualDistance(curve.step) ?? []) : [])));
  const distance = { step: usual('step'), epoch: usual('epoch') };
  const told = new Set(curves.filter((curve) => isEachBatch(curve, chart)).map(({ training }) => training));
  return curves.map((curve) => {
    if (told.has(curve.training) && !isEachBatch(curve, chart)) return [curve, curve.value];
    const of = distance[curve.counts];
    return [curve, smoothed(curve.step, curve.value, weight, Number.isFinite(of) ? of : 1)];
  });
}

/** How strongly a line stands in its chart, from 0 to 1. */
export function strengthOf(curve: Curve, chart: ChartOf, isSmoothed: boolean): number {
  return strength(isEachBatch(curve, chart), isSmoothed);
}
