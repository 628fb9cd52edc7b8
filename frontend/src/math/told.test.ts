import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inStretch, missingRecords, placesInWords, shownOf, stepsMade } from './told';

const plain = (text: string) => text.replace(/\s/g, ' ');

test('says how many are shown of how many there are, and nothing twice', () => {
  expect(plain(shownOf(400, 40_000, 'logged step'))).toBe('400 of 40 000 logged steps');
  expect(plain(shownOf(7, 7, 'evaluation'))).toBe('7 evaluations');
  expect(plain(shownOf(1, 1, 'evaluation'))).toBe('1 evaluation');
});

test('a stretch shows some of the logged steps; all of them are some of those that happened', () => {
  const x = Float64Array.from({ length: 60 }, (_, i) => 10 * (i + 1));
  expect(plain(placesInWords(x, [0, 600], 600))).toBe('60 logged steps of 600');
  expect(plain(placesInWords(x, [100, 200], 600))).toBe('11 of 60 logged steps');
  expect(plain(placesInWords(x, [0, 600], 60))).toBe('60 logged steps');
  expect(plain(placesInWords(x, [0, 600], undefined, 'epoch'))).toBe('60 epochs');
});

test('counts in a stretch what a filter finds in it', () => {
  const rising = fc.uniqueArray(fc.integer({ min: -50, max: 50 })).map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(rising, fc.integer({ min: -60, max: 60 }), fc.integer({ min: 1, max: 60 }), (all, from, wide) => {
      expect(inStretch(Float64Array.from(all), [from, from + wide])).toBe(all.filter((x) => x >= from && x <= from + wide).length);
    }),
  );
});

test('all that is logged is shown on an axis of times of day that is not zoomed, or is by a link', () => {
  const clock = Float64Array.from({ length: 30 }, (_, i) => 1_700_000_000.123456 + i / 3);
  const whole = [clock[0] ?? 0, clock.at(-1) ?? 0] as const;
  expect(inStretch(clock, whole)).toBe(30);
  const [from, to] = whole.map((x) => Number(x.toPrecision(14)));
  expect(inStretch(clock, [from ?? 0, to ?? 0])).toBe(30);
});

test('counts the steps of a training from where its first fit began', () => {
  const begun = (first_step: number) => [{ first_step, initial_epoch: 0, steps_per_epoch: null }];
  const range = (from: number, to: number, by: number) => Float64Array.from({ length: (to - from) / by + 1 }, (_, i) => from + by * i);
  expect(stepsMade(range(0, 595, 5), [])).toBe(596);
  expect(stepsMade(range(10, 600, 10), [])).toBe(600);
  expect(stepsMade(range(1010, 1600, 10), begun(1000))).toBe(600);
  expect(stepsMade(range(1, 40, 1), begun(0))).toBe(40);
  // No fit tells, and what was before the first step was no part of it.
  expect(stepsMade(range(1000, 1599, 1), [])).toBe(600);
  expect(stepsMade(Float64Array.of(40), [])).toBe(40);
});

test('counts the records that were written and are not here, of each writer', () => {
  const point = (writer: string, ordinal: number) => ({
    step: ordinal,
    wallTime: 0,
    record: { writer, ordinal },
    payload: { kind: 'confusion_matrix' } as never,
  });
  const plainPoint = { step: 0, wallTime: 0, payload: { kind: 'scalars' } as never };
  expect(missingRecords([{ points: [point('a', 0), point('a', 1), point('b', 0)] }])).toBe(0);
  expect(missingRecords([{ points: [point('a', 0), point('a', 5), point('b', 3)] }])).toBe(4 + 3);
  expect(missingRecords([{ points: [plainPoint, plainPoint] }])).toBe(0);
});
