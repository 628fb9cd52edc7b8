import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HISTORY_WIDTH, layout, NUMBER_WIDTH, type Room } from './layout';

const rooms: fc.Arbitrary<Room> = fc.record({
  width: fc.integer({ min: 320, max: 2600 }),
  height: fc.integer({ min: 300, max: 1600 }),
  rows: fc.integer({ min: 1, max: 5000 }),
  columns: fc.integer({ min: 1, max: 5000 }),
  rowLabel: fc.integer({ min: 7, max: 140 }),
  columnLabel: fc.integer({ min: 7, max: 140 }),
  numbers: fc.integer({ min: 4, max: 6 }),
  ratio: fc.constantFrom(1, 1.25, 1.5, 2, 3),
});
const room: Room = { width: 900, height: 800, rows: 10, columns: 10, rowLabel: 10, columnLabel: 10, numbers: 4, ratio: 1 };

describe('layout', () => {
  it('never needs more than the width of the panel', () => {
    fc.assert(
      fc.property(rooms, (each) => {
        const { gutter, width, numbers } = layout(each);
        const aside = each.numbers * NUMBER_WIDTH + (numbers === 'aside with history' ? HISTORY_WIDTH : 0);
        expect(gutter + width + (numbers === 'below' ? 0 : aside)).toBeLessThanOrEqual(each.width + 1);
      }),
    );
  });

  it('gives every cell the same whole number of device pixels, or less than one', () => {
    fc.assert(
      fc.property(rooms, (each) => {
        const pixels = layout(each).cell * each.ratio;
        expect(pixels).toBeGreaterThan(0);
        if (pixels >= 1) expect(pixels).toBeCloseTo(Math.round(pixels), 6);
      }),
    );
  });

  it('puts the numbers of each class beside its row while there is room, first without their history, then below', () => {
    expect(layout(room)).toMatchObject({ numbers: 'aside with history', cell: 46 });
    expect(layout({ ...room, height: 600 }).cell).toBe(40);
    expect(layout({ ...room, width: 480 }).numbers).toBe('aside');
    expect(layout({ ...room, rows: 100, columns: 100 }).numbers).toBe('below');
  });
});
