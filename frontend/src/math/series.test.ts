import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BEGAN, facts, scalar } from '../panels/scalars/scalars.fixture';
import { clocksOf, curvesOf, elapsed, epochOf, lastAt, lastNear, laterWins, place } from './series';

const steps = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 });

function curve(step: readonly number[], axis = 'step') {
  const made = scalar({
    training: 't',
    name: 'loss',
    split: 'train',
    tag: 'loss',
    n: step.length,
    step: (i) => step[i] ?? 0,
    value: (i) => i,
  });
  const [point] = made.points;
  return curvesOf([{ ...made, points: point === undefined ? [] : [{ ...point, payload: { ...point.payload, axis } }] }])[0];
}

describe('where steps go back', () => {
  test('the points that stand rise, and the last one written is always among them', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const kept = Array.from(laterWins(all));
        const standing = kept.map((i) => all[i] ?? Number.NaN);
        expect(standing).toEqual([...new Set(standing)].sort((a, b) => a - b));
        expect(kept.at(-1) ?? -1).toBe(all.length - 1);
      }),
    );
  });

  test('a point is cut off exactly when a later one has its step or a lower one', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const wanted = all.flatMap((step, i) => (all.slice(i + 1).every((later) => later > step) ? [i] : []));
        expect(Array.from(laterWins(all))).toEqual(wanted);
      }),
    );
  });

  test('the values go with their steps', () => {
    const made = curve([0, 10, 20, 30, 15, 25]);
    expect(Array.from(made?.step ?? [])).toEqual([0, 10, 15, 25]);
    expect(Array.from(made?.value ?? [])).toEqual([0, 1, 4, 5]);
  });
});

describe('time', () => {
  test('rises strictly and never begins below 0, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        (wall, start) => {
          const x = elapsed(Float64Array.from(wall), start);
          expect(x.every((at, i) => at >= 0 && (i === 0 || at > (x[i - 1] ?? 0)))).toBe(true);
        },
      ),
    );
  });

  test('starts with the training: when its facts were told, else with its first point, which may be the end of an epoch', () => {
    const made = curve([40, 80]);
    if (made === undefined) throw new Error('no curve');
    expect(clocksOf([made], []).get('t')?.start).toBe(BEGAN + 8);
    const clock = clocksOf([made], [facts('t', 40)]).get('t');
    expect(Array.from(place(made, 'time', clock) ?? [])).toEqual([8, 16]);
    expect(clocksOf([], [facts('t', 40)]).size).toBe(0);
  });

  test('of day points to the second: one before it is not the one after it', () => {
    const clock = Float64Array.of(BEGAN, BEGAN + 0.5, BEGAN + 1);
    expect(lastNear(clock, BEGAN + 0.4)).toBe(0);
    expect(lastNear(Float64Array.of(0.1 + 0.2), 0.3)).toBe(0);
  });

  test('is the seconds since the start where the clock runs on', () => {
    expect(Array.from(elapsed(Float64Array.of(100, 101.5, 160), 100))).toEqual([0, 1.5, 60]);
  });
});

describe('epochs', () => {
  const first = { first_step: 0, initial_epoch: 0, steps_per_epoch: 40 };
  const second = { first_step: 400, initial_epoch: 10, steps_per_epoch: 80 };

  test('count on over fits with other sizes', () => {
    expect([0, 40, 400, 480].map((step) => epochOf([first, second], step))).toEqual([0, 1, 10, 11]);
  });

  test('are unknown without a fit, before it, and where it does not tell its size', () => {
    expect(epochOf([], 10)).toBeUndefined();
    expect(epochOf([second], 10)).toBeUndefined();
    expect(epochOf([{ ...first, steps_per_epoch: null }], 10)).toBeUndefined();
    expect(epochOf([{ ...first, steps_per_epoch: 0 }], 10)).toBeUndefined();
  });

  test('place steps by the facts of their own training', () => {
    const made = curve([40, 80]);
    if (made === undefined) throw new Error('no curve');
    const clocks = clocksOf([made], [facts('t', 40), facts('another', 1)]);
    expect(clocks.get('t')?.start).toBe(BEGAN);
    expect(Array.from(place(made, 'epoch', clocks.get('t')) ?? [])).toEqual([1, 2]);
    expect(place(made, 'epoch', clocks.get('another'))).toBeUndefined();
  });

  test('whose steps are unknown stand on the axes of epochs and of time, at their ends, and on no step', () => {
    const made = curve([0, 1, 2], 'epoch');
    if (made === undefined) throw new Error('no curve');
    expect(place(made, 'step', undefined)).toBeUndefined();
    expect(Array.from(place(made, 'epoch', undefined) ?? [])).toEqual([1, 2, 3]);
    expect(place(made, 'time', { fits: [], start: BEGAN, first: 0 })).toHaveLength(3);
  });

  test('that fall, because a fit counted from 0 again, have no place', () => {
    const made = curve([0, 40, 80]);
    if (made === undefined) throw new Error('no curve');
    expect(place(made, 'epoch', { start: 0, first: 0, fits: [first, { ...first, first_step: 80 }] })).toBeUndefined();
  });
});

test('the last value at or below x is what a search from the end finds', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: -1, max: 51 }), (all, x) => {
      const rising = all.toSorted((a, b) => a - b);
      expect(lastAt(rising, x)).toBe(rising.findLastIndex((each) => each <= x));
    }),
  );
});

test('series without a name, a point or a value are no lines', () => {
  const made = scalar({ training: 't', name: 'loss', split: null, tag: 'loss', n: 0, step: () => 0, value: () => 0 });
  expect(curvesOf([made, { ...made, name: null }, { ...made, points: [] }])).toEqual([]);
});
