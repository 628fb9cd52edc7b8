import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { between, count, duration, exact, fixed, inFull, number, percent, percentInColumn, plural, rate, UNDEFINED } from './format';

const plain = (text: string) => text.replace(/\u202f/g, ' ').replace(/\u2212/g, '-');
const SI: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };

/** The number that a text on the page stands for. */
function read(text: string): number {
  const [, digits = '', unit] = /^(.*?)([kMGTPE])?$/.exec(plain(text).replace(/ /g, '')) ?? [];
  return Number(digits.replace('∞', 'Infinity')) * (unit === undefined ? 1 : (SI[unit] ?? Number.NaN));
}

describe('number', () => {
  it.each([
    [0, '0'],
    [0.0214, '0.0214'],
    [9.834, '9.83'],
    [1234.5, '1 230'],
    [9994, '9 990'],
    [9996, '10 k'],
    [36_928, '36.9 k'],
    [999_999, '1 M'],
    [1.236e6, '1.24 M'],
    [0.00009996, '0.0001'],
    [0.0000123, '1.23e-5'],
    [1e30, '1e30'],
    [-0.5, '-0.5'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '-∞'],
  ])('writes %d as %s', (x, text) => expect(plain(number(x))).toBe(text));

  it('is within half a unit of the third digit of the value', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e25, max: 1e25 }), (x) => {
        expect(Math.abs(read(number(x)) - x)).toBeLessThanOrEqual(0.0051 * Math.abs(x));
      }),
    );
  });
});

describe('count', () => {
  it.each([
    [0, '0'],
    [899, '899'],
    [4160, '4 160'],
    [36_928, '36 928'],
    [99_999, '99 999'],
    [100_000, '100 k'],
    [1_236_000, '1.24 M'],
    [2.5, '2.5'],
  ])('writes %d as %s', (n, text) => expect(plain(count(n))).toBe(text));

  it('writes every whole number below 100 000 in full', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), (n) => {
        expect(read(count(n))).toBe(n);
      }),
    );
  });
});

describe('in full', () => {
  it.each([
    [0, '0'],
    [1190, '1 190'],
    [1_234_567, '1 234 567'],
    [-4000, '-4 000'],
    [2.5, '2.5'],
  ])('writes %d as %s', (n, text) => expect(plain(inFull(n))).toBe(text));

  it('leaves out no digit', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (n) => {
        expect(Number(plain(inFull(n)).replace(/ /g, ''))).toBe(n + 0);
      }),
    );
  });
});

describe('percent', () => {
  it.each([
    [0, '0 %'],
    [0.0123, '1.2 %'],
    [0.13, '13 %'],
    [0.967, '96.7 %'],
    [1, '100 %'],
    [0.0001, '<0.1 %'],
    [0.9999, '>99.9 %'],
    [2.5, '250 %'],
    [Number.NaN, 'NaN'],
  ])('writes %d as %s', (x, text) => expect(plain(percent(x)).replace('NaN %', 'NaN')).toBe(text));

  it('says all or nothing only of all or nothing', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (x) => {
        expect(plain(percent(x)) === '100 %').toBe(x === 1);
        expect(plain(percent(x)) === '0 %').toBe(x === 0);
      }),
    );
  });
});

it('writes the shares of a column with one decimal each', () => {
  expect([0, 0.0001, 0.4, 0.467, 0.9999, 1].map((x) => plain(percentInColumn(x)))).toEqual([
    '0.0 %',
    '<0.1 %',
    '40.0 %',
    '46.7 %',
    '>99.9 %',
    '100.0 %',
  ]);
});

it('tells a rate that is undefined from one that is 0 and from one that is NaN', () => {
  expect([rate(undefined), rate(0), rate(Number.NaN), rate(0.967)]).toEqual([UNDEFINED, '0.00', 'NaN', '0.97']);
});

it('says of a rate that it is 0 or 1 only where it is, up to what adding up leaves', () => {
  expect([1 / 3000, 2999 / 3000, 1, 0, 1 - 2e-16, 3e-16].map(rate)).toEqual(['<0.01', '>0.99', '1.00', '0.00', '1.00', '0.00']);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }), (part, more) => {
      const whole = part + more - 1 || 1;
      expect(rate(part / whole) === '1.00').toBe(part === whole);
      expect(rate(part / whole) === '0.00').toBe(part === 0);
    }),
  );
});

it('gives back the exact value', () => {
  fc.assert(
    fc.property(fc.double(), (x) => {
      expect(Number(exact(x))).toBe(x + 0);
    }),
  );
});

it('tells durations in one unit', () => {
  expect([-3, 3, 59.6, 3599, 7200, 200_000].map((s) => plain(duration(s)))).toEqual(['0 s', '3 s', '1 min', '59 min', '2 h', '2 d']);
});

it('counts things', () => {
  expect([plural(1, 'record'), plural(2, 'record'), plural(0, 'class', 'classes')]).toEqual(['1 record', '2 records', '0 classes']);
});

describe('an interval', () => {
  const two = (x: number) => fixed(x, 2);

  it.each([
    [{ low: 0.03, high: 0.05 }, '0.03 – 0.05'],
    [{ low: -0.03, high: 0.05 }, '−0.03 to 0.05'],
    [{ low: -0.05, high: -0.03 }, '−0.05 to −0.03'],
  ])('of %j is told without a dash beside a sign', (range, text) => {
    expect(between(range, two)).toBe(text);
  });

  it('with signs of both kinds is told in words, too', () => {
    expect(between({ low: 1, high: 2 }, (x) => `+${x}`)).toBe('+1 to +2');
  });
});
