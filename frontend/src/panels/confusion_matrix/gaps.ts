import type { Confusion, Normalise } from '../../math/confusion';
import type { Matched } from './evaluation';
import type { Gaps } from './paint';

/** Where what is shown is undefined: rows without examples, and where columns are compared, those without predictions. */
export function gapsOf(c: Confusion, by: Normalise): Gaps {
  const empty = (samples: Float64Array) => Uint8Array.from(samples, (n) => (n === 0 ? 1 : 0));
  const none = new Uint8Array(c.size + 1);
  return {
    truth: by === 'column' ? none : empty(c.examples),
    predicted: by === 'column' || by === 'lift' ? empty(c.predictions) : none,
  };
}

/** Where a difference is undefined: a class without examples (or predictions) in one of both, or that is not there at all. */
export function differenceGaps(c: Confusion, { confusion: other, ids }: Matched, by: 'row' | 'column'): Gaps {
  const sums = by === 'row' ? 'rowSum' : 'columnSum';
  const found = Uint8Array.from(c[sums], (sum, k) => {
    const there = k === c.size ? other.size : (ids[k] ?? -1);
    // Nobody abstained in one of both: that is a share of 0 there, where there are predictions at all.
    return sum > 0 && (other[sums][there] ?? 0) > 0 ? 0 : 1;
  });
  const missing = Uint8Array.from(found, (_, k) => (k < c.size && (ids[k] ?? -1) < 0 ? 1 : 0));
  return by === 'row' ? { truth: found, predicted: missing } : { truth: missing, predicted: found };
}
