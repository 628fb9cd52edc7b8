/** Which colour a value of a measure has: one scale for all steps and all trainings shown, so that steps compare. */
import { IS, isOfOne, isSigned, type Measure, type Track, track } from './tensor_measures';
import { membersIn, rowTree, visibleRows } from './tensor_rows';
import type { TensorSeries } from './tensor_series';

export interface TensorScale {
  /** Both in powers of ten. */
  readonly low: number;
  readonly high: number;
  readonly isDiverging: boolean;
  /** Whether it is of values on both sides of 0: its powers of ten are then of how far they lie from it. */
  readonly isSigned?: boolean;
  /** Some values lie beyond: they have the colour of the end. */
  readonly isOpenBelow: boolean;
  readonly isOpenAbove: boolean;
}

/** Where the scale of update sizes turns: about a thousandth of the weights at each step is the usual advice (Karpathy). */
const USUAL_UPDATE = -3;
/** A diverging scale reaches this many powers of ten to each side at most: one wild layer must not flatten the others. */
const REACH = 3;
/** Zero is paler than the least value. */
const PALEST = 0.14;

/**
 * From the 1st to the 99th percentile of what is above 0, over all tracks; undefined when nothing is.
 *
 * @param centre Power of ten around which it diverges; undefined: it runs from pale to dark.
 */
export function scaleOf(tracks: Iterable<Track>, centre: number | undefined): TensorScale | undefined {
  const all = [...tracks];
  const logs = new Float64Array(all.reduce((n, { value }) => n + value.length, 0));
  let n = 0;
  for (const { value, state } of all) {
    for (let i = 0; i < value.length; i++) {
      const v = value[i] ?? 0;
      if (state[i] === IS.value && v > 0) logs[n++] = Math.log10(v);
    }
  }
  if (n === 0) return undefined;
  const sorted = logs.subarray(0, n).sort();
  const least = sorted[0] ?? 0;
  const greatest = sorted.at(-1) ?? 0;
  let low = sorted[Math.floor(0.01 * (sorted.length - 1))] ?? 0;
  let high = sorted[Math.ceil(0.99 * (sorted.length - 1))] ?? 0;
  const isDiverging = centre !== undefined;
  if (centre !== undefined) {
    const reach = Math.min(REACH, Math.max(1, centre - low, high - centre));
    low = centre - reach;
    high = centre + reach;
  } else if (high - low < 0.1) {
    // A constant has a colour in the middle.
    const middle = (low + high) / 2;
    low = middle - 0.5;
    high = middle + 0.5;
  }
  return { low, high, isDiverging, isOpenBelow: least < low - 1e-9, isOpenAbove: greatest > high + 1e-9 };
}

/** Of values on both sides of 0: as `scaleOf`, of how far they lie from 0, and the same to both sides. */
export function signedScale(tracks: Iterable<Track>): TensorScale | undefined {
  const all = [...tracks];
  const scale = scaleOf(
    all.map(({ value, state }) => ({ value: value.map(Math.abs), state })),
    undefined,
  );
  if (scale === undefined) return undefined;
  const most = 10 ** scale.high * (1 + 1e-9);
  const lies = (is: (v: number) => boolean) => all.some(({ value, state }) => value.some((v, i) => state[i] === IS.value && is(v)));
  return {
    low: Math.max(scale.low, scale.high - REACH),
    high: scale.high,
    isDiverging: true,
    isSigned: true,
    isOpenBelow: lies((v) => v < -most),
    isOpenAbove: lies((v) => v > most),
  };
}

/** The scale of a measure over all steps of all trainings shown, layer by layer: the same whatever is folded, or selected. */
export function commonScale(
  tables: readonly TensorSeries[],
  own: TensorSeries,
  measure: Measure,
  kernelsOnly: boolean,
): TensorScale | undefined {
  const layers = visibleRows(rowTree(own.rows, kernelsOnly), isOfOne(measure) ? 'parameters' : 'layers', new Set());
  const tracks = tables.flatMap((table) => layers.map(({ node }) => track(table, membersIn(node.members, own, table), measure)));
  if (isSigned(measure)) return signedScale(tracks);
  return scaleOf(tracks, measure === 'update_ratio' ? USUAL_UPDATE : undefined);
}

/** Place of a finite value on the scale: 0 to 1, or −1 to 1 where it diverges. Zero is at the lower end; it has a look of its own. */
export function heatOf(value: number, { low, high, isDiverging, isSigned: hasSign = false }: TensorScale): number {
  const share = Math.min(1, Math.max(0, (Math.log10(Math.abs(value)) - low) / (high - low)));
  const heat = PALEST + (1 - PALEST) * share;
  if (hasSign) return value === 0 ? 0 : Math.sign(value) * heat;
  if (value <= 0) return isDiverging ? -1 : 0;
  return isDiverging ? 2 * share - 1 : heat;
}

/** The value at a share of the scale, from its lower end to its upper one. */
export function valueAt({ low, high, isSigned: hasSign = false }: TensorScale, share: number): number {
  if (!hasSign) return 10 ** (low + share * (high - low));
  const side = 2 * share - 1;
  return side === 0 ? 0 : Math.sign(side) * 10 ** (low + Math.abs(side) * (high - low));
}
