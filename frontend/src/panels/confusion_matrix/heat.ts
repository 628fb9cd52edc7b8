/** Which colour a cell has, as a number: what the painter and the legend agree on. */
import { diverging, type Rgb, sequential } from '../../charts/colour';
import { type Confusion, type Normalise, normalised, recall } from '../../math/confusion';
import type { Difference } from '../../math/difference';
import { type Domain, isUnsure, type Shown, shareOf } from './domain';

/** Which scale of colours the heat is on. */
export type Ramp = 'sequential' | 'diverging';

export interface Heat {
  /**
   * [cell] From 0 to 1 of the ramp: of a diverging one 0.5 is its centre. Negative for a correct one that stands aside in
   * grey: minus its share. 0: not drawn.
   */
  readonly heat: Float32Array;
  /** [cell] What is shown; NaN where undefined. */
  readonly value: Float64Array;
  /** [cell] 1 where few examples are behind a rate, or where a difference may be none. */
  readonly unsure: Uint8Array;
  readonly ramp: Ramp;
  /** How what is unsure is drawn. */
  readonly doubt: 'striped' | 'faded';
}

/** The palest heat of a cell that is not empty: a single error must not look like none, least of all one of a pixel. */
function faintest(small: boolean): number {
  return small ? 0.3 : 0.08;
}

/** Heat of a share of the domain. */
export function heatOf(share: number, small: boolean): number {
  return faintest(small) + (1 - faintest(small)) * Math.min(1, share);
}

/** Heat of a signed value: 0.5 is none. Never 0, which would not be drawn. */
function divergingHeat(value: number, top: number): number {
  return Math.min(1, Math.max(1e-6, 0.5 + value / (2 * top)));
}

/** The colour of a heat that is not negative. */
export function colourOfHeat(heat: number, ramp: Ramp): Rgb {
  return ramp === 'sequential' ? sequential(heat) : diverging(2 * heat - 1);
}

/** How much a heat stands out; the strongest of a pixel is seen. */
export function strength(heat: number, ramp: Ramp): number {
  return ramp === 'sequential' ? heat : Math.abs(2 * heat - 1);
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
        heat[cell] = -Math.max(1e-6, by === 'row' || by === 'column' ? v : (recall(c, row) ?? 0));
      } else heat[cell] = by === 'lift' ? divergingHeat(v, domain.top) : heatOf(shareOf(v, domain), small);
      if (isUnsure(c, by, row, column, v)) doubt[cell] = 1;
    }
  }
  return { heat, value, unsure: doubt, ramp: by === 'lift' ? 'diverging' : 'sequential', doubt: 'striped' };
}

/** Heat of the cells of a difference: what may be no difference is faded. */
export function differenceHeat({ value, sure }: Difference, domain: Domain): Heat {
  return {
    heat: Float32Array.from(value, (v) => (Number.isNaN(v) ? 0 : divergingHeat(v, domain.top))),
    value,
    unsure: sure.map((is) => 1 - is),
    ramp: 'diverging',
    doubt: 'faded',
  };
}
