import fc from 'fast-check';
import { expect, test } from 'vitest';
import { domainOf } from '../math/domain';
import { horizontalAxis, nameGap, verticalAxis } from './axis';

const INK = { text: '#000', line: '#000', warn: '#000', font: '11px sans-serif' };

test('an axis has marks however long it is: one distance between them always fits', () => {
  const value = fc.double({ min: -8e307, max: 8e307, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
      const [low, high] = domainOf(values, 'linear') ?? [0, 1];
      for (const { incrs } of [verticalAxis([low, high], 'linear', 96, 128, INK), horizontalAxis('step', INK, true)]) {
        if (typeof incrs !== 'function') throw new Error('no distances');
        // @ts-expect-error uPlot gives itself, which is not looked at.
        const [distance = 0] = incrs(null, 1, low, high, 96, 30);
        // As uPlot's findIncr has it: from 5 on it takes nothing apart into digits.
        expect(distance).toBeGreaterThanOrEqual(5);
        expect((96 * distance) / (high - low)).toBeGreaterThanOrEqual(30);
      }
    }),
  );
});

test('the name of an axis keeps clear of its first mark', () => {
  // A mark is about 6 pixels a character wide, and stands half of it left of the place where it is.
  for (const [axis, widest] of [
    ['step', '0'],
    ['time', '10:00'],
    ['clock', '12:00:00'],
  ] as const)
    expect(nameGap(axis)).toBeGreaterThanOrEqual(4 + (6 * widest.length) / 2);
});
