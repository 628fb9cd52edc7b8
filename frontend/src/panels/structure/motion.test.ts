import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Shot, shifts } from './motion';

test('a box glides from where it was on the screen to where it is; one that is new from nowhere', () => {
  const shots = fc.record({
    left: fc.integer({ min: -500, max: 500 }),
    top: fc.integer({ min: -500, max: 500 }),
    scale: fc.constantFrom(0.5, 1, 2),
    at: fc
      .dictionary(fc.constantFrom('a', 'b', 'c'), fc.record({ x: fc.nat(900), y: fc.nat(900) }), { noNullPrototype: true })
      .map((at) => new Map(Object.entries(at))),
  });
  const onScreen = (shot: Shot, { x, y }: { readonly x: number; readonly y: number }) => [
    shot.left + x * shot.scale,
    shot.top + y * shot.scale,
  ];
  fc.assert(
    fc.property(shots, shots, (before, after) => {
      const from = shifts(before, after);
      expect([...from.keys()]).toEqual([...after.at.keys()]);
      for (const [key, now] of after.at) {
        const old = before.at.get(key);
        const shift = from.get(key);
        expect(shift === undefined).toBe(old === undefined);
        if (shift === undefined || old === undefined) continue;
        const [x = 0, y = 0] = onScreen(after, { x: now.x + shift.x, y: now.y + shift.y });
        const [a = 0, b = 0] = onScreen(before, old);
        expect(x).toBeCloseTo(a, 6);
        expect(y).toBeCloseTo(b, 6);
      }
    }),
  );
});
