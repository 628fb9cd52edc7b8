import fc from 'fast-check';
import { expect, test } from 'vitest';
import { movedInto, zoomed } from './domain';

const place = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test('a place keeps where it is seen while one zooms around it, and zooming back returns', () => {
  fc.assert(
    fc.property(place, fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (from, width, share) => {
      const around = from + share * width;
      const [a, b] = zoomed([from, from + width], around, 0.5);
      expect((around - a) / (b - a)).toBeCloseTo(share, 6);
      const [c, d] = zoomed([a, b], around, 2);
      expect(c).toBeCloseTo(from, 3);
      expect(d).toBeCloseTo(from + width, 3);
    }),
  );
});

test('a stretch is moved inside and keeps its length; one that is no shorter than the whole is none', () => {
  fc.assert(
    fc.property(place, fc.double({ min: 1e-3, max: 2e6, noNaN: true }), (from, width) => {
      const kept = movedInto([from, from + width], [0, 1000]);
      expect(kept === undefined).toBe(width >= 1000);
      if (kept === undefined) return;
      const [a, b] = kept;
      expect(a).toBeGreaterThanOrEqual(0);
      expect(b).toBeLessThanOrEqual(1000 + 1e-6);
      expect(b - a).toBeCloseTo(width, 6);
    }),
  );
  expect(movedInto([3, 3], [0, 10])).toBeUndefined();
});
