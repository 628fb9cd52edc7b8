import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusion } from '../../math/confusion';
import { matrix } from '../../math/confusion.fixture';
import { linesOf } from './lines';

const tables = fc
  .integer({ min: 1, max: 6 })
  .chain((k) => fc.array(fc.array(fc.oneof(fc.constant(0), fc.nat(9)), { minLength: k, maxLength: k }), { minLength: k, maxLength: k }));

describe('linesOf', () => {
  it('turned round have each cell once, at its own columns', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const c = confusion(matrix(table));
        const { end, at, cell } = linesOf(c, true);
        const found: number[] = [];
        for (let predicted = 0; predicted < c.size; predicted++) {
          for (let k = predicted > 0 ? (end[predicted - 1] ?? 0) : 0; k < (end[predicted] ?? 0); k++) {
            const id = cell?.[k] ?? -1;
            expect(c.column[id]).toBe(predicted);
            expect(c.count[id]).toBe(table[at[k] ?? -1]?.[predicted]);
            found.push(id);
          }
        }
        expect(found.sort((a, b) => a - b)).toEqual(Array.from(c.column, (_, k) => k));
      }),
    );
  });
});
