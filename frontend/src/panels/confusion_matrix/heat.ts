/** Which colour a cell has, as a number: what the painter and the legend agree on. */
import { type Confusion, type Normalise, normalised, recall } from '../../math/confusion';
import { type Domain, type Shown, unsure } from './domain';

/** [cell] Heat of each stored cell, from 0 to 1; negative for a correct one that stands aside in grey: minus its share. */
export interface Heat {
  readonly heat: Float32Array;
  /** [cell] What is shown; NaN where undefined. */
  readonly value: Float64Array;
  /** [cell] 1 where few examples are behind a rate. */
  readonly unsure: Uint8Array;
}

/** The palest heat of a cell that is not empty: a single error must not look like none, least of all one of a pixel. */
export function faintest(small: boolean): number {
  return small ? 0.3 : 0.08;
}

/** Heat of a share of the domain. */
export function heatOf(share: number, small: boolean): number {
  return faintest(small) + (1 - faintest(small)) * Math.min(1, share);
}

/** Heat of every stored cell; `small` where cells are a few pixels. */
export function heatMap(c: Confusion, by: Normalise, shown: Shown, domain: Domain, small: boolean): Heat {
  const value = normalised(c, by);
  const heat = new Float32Array(value.length);
  const doubt = new Uint8Array(value.length);
  let cell = 0;
  for (let row = 0; row <= c.size; row++) {
    for (const end = c.rowEnd[row] ?? 0; cell < end; cell++) {
      const column = c.column[cell] ?? 0;
      const v = value[cell] ?? Number.NaN;
      if (Number.isNaN(v)) continue;
      if (row === column && row < c.size && shown === 'errors') {
        heat[cell] = -Math.max(1e-6, by === 'count' ? (recall(c, row) ?? 0) : v);
      } else heat[cell] = heatOf(v / domain.top, small);
      if (by !== 'count' && unsure(v, (by === 'row' ? c.trials[row] : c.columnSum[column]) ?? 0)) doubt[cell] = 1;
    }
  }
  return { heat, value, unsure: doubt };
}
