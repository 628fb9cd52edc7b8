import fc from 'fast-check';
import { expect, test } from 'vitest';
import { domainOf } from '../math/domain';
import { clock, placeText, placeTicks, valueTexts, valueTicks } from './ticks';

const most = fc.integer({ min: 2, max: 12 });

test('values on an axis rise, lie within it, and are not too many', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
      fc.constantFrom('linear' as const, 'log' as const),
      most,
      (values, scale, n) => {
        const domain = domainOf(values, scale);
        if (domain === undefined) return;
        const ticks = valueTicks(domain, scale, n);
        expect(ticks.every((tick, i) => tick >= domain[0] && tick <= domain[1] && (i === 0 || tick > (ticks[i - 1] ?? 0)))).toBe(true);
        expect(ticks.length).toBeLessThanOrEqual(2 * n + 2);
      },
    ),
  );
});

test('neighbouring numbers have no round ones between them', () => {
  const next = 1.7976931348623127e308;
  expect(valueTicks([1.7976931348623125e308, next], 'linear', 5)).toEqual([1.7976931348623125e308, next]);
  expect(valueTicks([1, 1 + Number.EPSILON], 'log', 5)).toEqual([1, 1 + Number.EPSILON]);
});

test('logarithmic axes are marked at round values', () => {
  expect(valueTicks([0.03, 2.5], 'log', 5)).toEqual([0.05, 0.1, 0.2, 0.5, 1, 2]);
  expect(valueTicks([1e-9, 1], 'log', 4)).toEqual([1e-9, 1e-6, 1e-3, 1]);
  expect(valueTicks([2, 3], 'log', 4)).toEqual([2, 2.2, 2.4, 2.6, 2.8, 3]);
  // Over one power of ten both ends have marks near them.
  expect(valueTicks([0.25, 4.4], 'log', 3)).toEqual([0.5, 1, 2]);
  expect(valueTicks([0.2, 8], 'log', 3)).toEqual([0.5, 1, 5]);
});

test.each<[string, [number, number], 'linear' | 'log', string[]]>([
  ['an accuracy', [0.847, 0.952], 'linear', ['0.86', '0.88', '0.90', '0.92', '0.94']],
  ['an accuracy near 1', [0.99905, 0.99985], 'linear', ['0.9992', '0.9994', '0.9996', '0.9998']],
  ['a constant learning rate', [0.00075, 0.00225], 'linear', ['0.0010', '0.0015', '0.0020']],
  ['a small learning rate', [2e-5, 7e-5], 'linear', ['2e−5', '3e−5', '4e−5', '5e−5', '6e−5', '7e−5']],
  ['differences', [-0.7, 0.6], 'linear', ['−0.5', '0.0', '0.5']],
  ['large counts', [11e3, 16e3], 'linear', ['11\u202fk', '12\u202fk', '13\u202fk', '14\u202fk', '15\u202fk', '16\u202fk']],
  [
    'large counts that differ little',
    [123_410, 123_455],
    'linear',
    ['123\u202f410', '123\u202f420', '123\u202f430', '123\u202f440', '123\u202f450'],
  ],
  ['a loss', [0.03, 2.5], 'log', ['0.05', '0.1', '0.2', '0.5', '1', '2']],
])('marks of %s have as many digits as they need, and the same of each', (_, domain, scale, texts) => {
  expect(valueTexts(valueTicks(domain, scale, 4))).toEqual(texts);
});

test('marks of values say different things', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: 1e-9, max: 1e9, noNaN: true }), most, (low, size, n) => {
      const ticks = valueTicks([low, low + size], 'linear', n);
      expect(new Set(valueTexts(ticks)).size).toBe(ticks.length);
    }),
  );
});

test('two marks of a logarithmic axis have the digits of their own', () => {
  expect(valueTexts([0.01, 1])).toEqual(['0.01', '1']);
  expect(valueTexts([0, 0.5])).toEqual(['0.0', '0.5']);
});

test('marks that differ from the thirteenth digit on are written out', () => {
  const texts = valueTexts(valueTicks([-1000.0000000005, -999.9999999995], 'linear', 2));
  expect(texts.length).toBeGreaterThan(1);
  expect(new Set(texts).size).toBe(texts.length);
});

test('steps and epochs are marked at whole numbers', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 0.5, max: 1e6, noNaN: true }), most, (from, size, n) => {
      for (const axis of ['step', 'epoch'] as const) {
        expect(placeTicks([from, from + size], axis, n).every(Number.isInteger)).toBe(true);
      }
    }),
  );
});

test('marks of time are round, few, and say different things', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 30, max: 1e7, noNaN: true }), most, (from, size, n) => {
      const ticks = placeTicks([from, from + size], 'time', n);
      expect(ticks.length).toBeLessThanOrEqual(n + 1);
      expect(new Set(ticks.map((x) => placeText(x, 'time'))).size).toBe(ticks.length);
    }),
  );
});

test('time is written as clocks write it', () => {
  expect([0, 0.25, 7, 65, 3600, 7384, 90_000, 180_000].map(clock)).toEqual([
    '0:00',
    '0.25',
    '0:07',
    '1:05',
    '1:00:00',
    '2:03:04',
    '1 d 01:00',
    '2 d 02:00',
  ]);
});

test('hours of a clock rise, lie within the axis, and are round where the reader is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1e9, max: 2e9 }), fc.integer({ min: 2, max: 10_000_000 }), most, (from, long, n) => {
      const ticks = placeTicks([from, from + long], 'clock', n);
      expect(ticks.every((tick, i) => tick >= from && tick <= from + long && (i === 0 || tick > (ticks[i - 1] ?? 0)))).toBe(true);
      expect(ticks.length).toBeLessThanOrEqual(n + 1);
    }),
  );
  const noon = new Date(2026, 4, 17, 12).getTime() / 1000;
  expect(placeTicks([noon - 10, noon + 7210], 'clock', 3).map((tick) => placeText(tick, 'clock'))).toEqual(['12:00', '13:00', '14:00']);
  expect(placeText(noon + 12 * 3600, 'clock')).toContain('18');
});
