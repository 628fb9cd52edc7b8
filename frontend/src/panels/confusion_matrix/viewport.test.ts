import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hit, overview, pan, reveal, zoom } from './viewport';

const extents = fc.record({
  rows: fc.integer({ min: 1, max: 5000 }),
  columns: fc.integer({ min: 1, max: 5000 }),
  width: fc.integer({ min: 50, max: 2000 }),
  height: fc.integer({ min: 50, max: 2000 }),
});
const place = fc.double({ min: 0, max: 0.999, noNaN: true });

describe('viewport', () => {
  it('begins with the whole matrix, in whole device pixels where they reach', () => {
    expect(overview({ rows: 10, columns: 10, width: 405, height: 405 })).toEqual({ top: 0, left: 0, cell: 40 });
    expect(overview({ rows: 1000, columns: 1000, width: 500, height: 500 })).toEqual({ top: 0, left: 0, cell: 0.5 });
  });

  it('never leaves the matrix, however it is zoomed and moved', () => {
    fc.assert(
      fc.property(
        extents,
        place,
        place,
        fc.integer({ min: -3000, max: 3000 }),
        fc.integer({ min: -3000, max: 3000 }),
        (extent, x, y, dx, dy) => {
          let view = overview(extent);
          for (let i = 0; i < 3; i++) view = pan(zoom(view, 1.7, x * extent.width, y * extent.height, extent, 40), dx, dy, extent);
          expect(view.left).toBeGreaterThanOrEqual(0);
          expect(view.top).toBeGreaterThanOrEqual(0);
          expect(view.left * view.cell).toBeLessThanOrEqual(Math.max(0, extent.columns * view.cell - extent.width) + 1e-6);
          expect(view.top * view.cell).toBeLessThanOrEqual(Math.max(0, extent.rows * view.cell - extent.height) + 1e-6);
        },
      ),
    );
  });

  it('always grows on zooming in, until the largest cell, and is whole again after zooming out', () => {
    const extent = { rows: 1000, columns: 1000, width: 700, height: 700 };
    let view = overview(extent);
    for (let i = 0; i < 40; i++) {
      const next = zoom(view, 1.1, 350, 350, extent, 40);
      expect(next.cell > view.cell || next.cell === 40).toBe(true);
      view = next;
    }
    for (let i = 0; i < 80; i++) view = zoom(view, 0.8, 350, 350, extent, 40);
    expect(view).toEqual(overview(extent));
  });

  it('reveals any cell', () => {
    fc.assert(
      fc.property(extents, place, place, (extent, r, c) => {
        const row = Math.floor(r * extent.rows);
        const column = Math.floor(c * extent.columns);
        const view = reveal(zoom(zoom(overview(extent), 4, 0, 0, extent, 40), 4, 0, 0, extent, 40), row, column, extent);
        const found = hit(view, (column + 0.5 - view.left) * view.cell, (row + 0.5 - view.top) * view.cell, extent);
        expect(found).toEqual({ row, column });
      }),
    );
  });

  it('hits nothing beside the matrix', () => {
    const extent = { rows: 3, columns: 3, width: 100, height: 100 };
    expect(hit(overview(extent), 99.5, 10, extent)).toBeUndefined();
  });
});
