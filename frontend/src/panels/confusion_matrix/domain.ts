/** The range of values that the colours span: the same at every step, so that steps can be compared by eye. */
import { type Confusion, type Normalise, normalised } from '../../math/confusion';
import { wilson } from '../../math/wilson';

/** Whether correct predictions share the colours of errors (`all`), or stand aside in grey (`errors`). */
export type Shown = 'errors' | 'all';

/** Whether colours go along the values, or along their logarithms. */
export type Scale = 'linear' | 'log';

export interface Domain {
  /** The value of the darkest colour; more looks the same. For lifts and differences also, with a minus, that of the other end. */
  readonly top: number;
  /** The value of the palest colour; less looks the same. */
  readonly low: number;
  readonly scale: Scale;
  /** Whether a kept step goes above. */
  readonly exceeded: boolean;
}

/** A rate is unsure when its 95 % interval is wider than this: 3 of 6, not 3,000 of 6,000. */
export const UNSURE = 0.3;

/** Whether so few examples are behind a rate that it says little. */
export function unsure(rate: number, trials: number): boolean {
  // From 40 on no rate's interval is that wide; a matrix may have a million cells.
  if (trials >= 40) return false;
  const range = wilson(rate * trials, trials);
  return range !== undefined && range.high - range.low > UNSURE;
}

/** A logarithmic ramp spans so many tenfold steps below its top. */
const DECADES = 3;

/**
 * The domain over all kept steps.
 *
 * Rates with the diagonal reach from 0 to 1. Errors reach to the median over the steps of each step's largest value,
 * rounded up: an untrained network's first errors would else leave every later step pale. Lifts reach as far as they can
 * where all classes are equally frequent.
 */
export function domain(steps: readonly Confusion[], by: Normalise, shown: Shown, scale: Scale = 'linear'): Domain {
  if (by === 'lift') {
    const classes = Math.max(2, ...steps.map(({ size }) => size));
    return {
      top: Math.ceil(Math.log2(classes)),
      low: 0,
      scale: 'linear',
      exceeded: steps.some((c) => peak(c, by, shown) > Math.log2(classes) + 1),
    };
  }
  const spanned = (top: number, exceeded: boolean): Domain => ({
    top,
    low: scale === 'linear' ? 0 : by === 'count' ? Math.min(1, top / 2) : top / 10 ** DECADES,
    scale,
    exceeded,
  });
  if (shown === 'all' && by !== 'count') return spanned(1, false);
  const peaks = steps.map((c) => peak(c, by, shown)).filter((x) => x > 0);
  if (peaks.length === 0) return spanned(by === 'count' ? 1 : 0.1, false);
  peaks.sort((a, b) => a - b);
  const highest = peaks.at(-1) ?? 0;
  const typical = shown === 'all' ? highest : (peaks[(peaks.length - 1) >> 1] ?? highest);
  const top = by === 'count' ? Math.ceil(roundUp(typical)) : Math.min(1, roundUp(typical));
  return spanned(top, highest > top);
}

/** Where a value stands in the domain, from 0 to 1; beyond its ends it is drawn as them. */
export function shareOf(value: number, { top, low, scale }: Domain): number {
  const share = scale === 'linear' ? value / top : value <= 0 ? 0 : Math.log(value / low) / Math.log(top / low);
  return Math.min(1, Math.max(0, share));
}

const peaks = new WeakMap<Confusion, Map<string, number>>();

/** Largest value of a class's cell in one step. Rates of few examples count only where there are no others. */
function peak(c: Confusion, by: Normalise, shown: Shown): number {
  let kept = peaks.get(c);
  if (kept === undefined) {
    kept = new Map();
    peaks.set(c, kept);
  }
  const key = `${by} ${shown}`;
  let found = kept.get(key);
  if (found === undefined) {
    found = measure(c, by, shown);
    kept.set(key, found);
  }
  return found;
}

function measure(c: Confusion, by: Normalise, shown: Shown): number {
  const values = normalised(c, by);
  let sure = 0;
  let any = 0;
  let cell = 0;
  for (let row = 0; row < c.size; row++) {
    for (const end = c.rowEnd[row] ?? 0; cell < end; cell++) {
      const column = c.column[cell] ?? 0;
      const value = values[cell] ?? 0;
      if (column === c.size || (shown === 'errors' && column === row) || !(value > any || value > sure)) continue;
      any = Math.max(any, value);
      if (!isUnsure(c, by, row, column, value)) sure = Math.max(sure, value);
    }
  }
  return sure > 0 ? sure : any;
}

/** Whether few examples are behind what a cell shows. */
export function isUnsure(c: Confusion, by: Normalise, row: number, column: number, value: number): boolean {
  if (by !== 'row' && by !== 'column') return false;
  const trials = by === 'row' ? c.trials[row] : c.columnTrials[column];
  return trials === undefined || Number.isNaN(trials) ? unsure(value, c.columnSum[column] ?? 0) : unsure(value, trials);
}

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next round number that is not below: 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 or 10, times a power of ten. */
export function roundUp(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  // A hair of slack: 0.05 / 0.01 is 5.000000000000001 somewhere.
  const step = ROUND.find((s) => s * power >= x * (1 - 1e-9)) ?? 10;
  return power < 1 ? step / Math.round(1 / power) : step * power;
}
