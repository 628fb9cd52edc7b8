/** The range of values that the colours span: the same at every step, so that steps can be compared by eye. */
import { type Confusion, type Normalise, normalised } from '../../math/confusion';
import { wilson } from '../../math/wilson';

/** Whether correct predictions share the colours of errors (`all`), or stand aside in grey (`errors`). */
export type Shown = 'errors' | 'all';

export interface Domain {
  /** The value of the darkest colour; more looks the same. */
  readonly top: number;
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

/**
 * The domain over all kept steps.
 *
 * Rates with the diagonal reach from 0 to 1. Errors reach to the median over the steps of each step's largest value,
 * rounded up: an untrained network's first errors would else leave every later step pale.
 */
export function domain(steps: readonly Confusion[], by: Normalise, shown: Shown): Domain {
  if (shown === 'all' && by !== 'count') return { top: 1, exceeded: false };
  const peaks = steps.map((c) => peak(c, by, shown)).filter((x) => x > 0);
  if (peaks.length === 0) return { top: by === 'count' ? 1 : 0.1, exceeded: false };
  peaks.sort((a, b) => a - b);
  const highest = peaks.at(-1) ?? 0;
  const typical = shown === 'all' ? highest : (peaks[(peaks.length - 1) >> 1] ?? highest);
  const top = by === 'count' ? Math.ceil(roundUp(typical)) : Math.min(1, roundUp(typical));
  return { top, exceeded: highest > top };
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
      const trials = (by === 'row' ? c.trials[row] : c.columnSum[column]) ?? 0;
      if (by === 'count' || !unsure(value, trials)) sure = Math.max(sure, value);
    }
  }
  return sure > 0 ? sure : any;
}

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next round number that is not below: 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 or 10, times a power of ten. */
export function roundUp(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  // A hair of slack: 0.05 / 0.01 is 5.000000000000001 somewhere.
  const step = ROUND.find((s) => s * power >= x * (1 - 1e-9)) ?? 10;
  return power < 1 ? step / Math.round(1 / power) : step * power;
}
