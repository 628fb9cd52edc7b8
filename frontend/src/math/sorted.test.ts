import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascending } from './sorted';

describe('ascending', () => {
  it('sorts numbers by size and names as people do, undefined ones last either way', () => {
    const values = [3, undefined, 1, 2];
    expect(ascending([0, 1, 2, 3], (i) => values[i])).toEqual([2, 3, 0, 1]);
    expect(ascending([0, 1, 2, 3], (i) => values[i], true)).toEqual([0, 3, 2, 1]);
    expect(ascending(['x10', 'x2'], (x) => x)).toEqual(['x2', 'x10']);
  });

  it('has every item once, and leaves equal ones as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(3), { nil: undefined })), fc.boolean(), (keys, descending) => {
        const places = keys.map((_, i) => i);
        const found = ascending(places, (i) => keys[i], descending);
        expect([...found].sort((a, b) => a - b)).toEqual(places);
        found.forEach((place, i) => {
          const next = found[i + 1];
          if (next !== undefined && keys[place] === keys[next]) expect(place).toBeLessThan(next);
        });
      }),
    );
  });
});
