import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BEGAN, facts } from '../panels/scalars/scalars.fixture';
import type { Curve } from './series';
import { stepCurve } from './step_curve';

const ID = { training: 't', run: 't/layerscope', tag: 'tensor_stats', name: 'tensor_stats' };

function scalar(step: readonly number[], wall: readonly number[], run = 't/layerscope'): Curve {
  const at = Float64Array.from(step);
  return { training: 't', run, tag: 'loss', name: 'loss', split: null, counts: 'step', step: at, wall: Float64Array.from(wall), value: at };
}

const walls = (steps: readonly number[], ...rest: Parameters<typeof stepCurve> extends [unknown, unknown, ...infer R] ? R : never) => [
  ...stepCurve(ID, Float64Array.from(steps), ...rest).wall,
];

describe('when steps were', () => {
  test('is what scalars tell, whichever of their points TensorBoard has kept', () => {
    const all = fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(all, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (seconds, isKept) => {
        // Steps of unequal length: what is kept is right, and what is not lies between its neighbours.
        let now = 1000;
        const made = seconds.map((each) => {
          now += each;
          return now;
        });
        const kept = made.flatMap((_, i) => (isKept[i] === true || i === 0 ? [i] : []));
        const sampled = scalar(
          kept,
          kept.map((i) => made[i] ?? 0),
        );
        const found = walls([...made.keys()], [{ step: made.length - 1, wallTime: now + 5 }], [sampled]);
        for (const i of kept) expect(found[i]).toBe(made[i]);
        found.slice(1).forEach((at, i) => {
          expect(at).toBeGreaterThanOrEqual(found[i] ?? 0);
        });
      }),
    );
  });

  test('lies on the line between two scalars, and after the last one towards the record', () => {
    expect(walls([0, 5, 10, 15, 20], [{ step: 20, wallTime: 140 }], [scalar([0, 10], [100, 120])])).toEqual([100, 110, 120, 130, 140]);
  });

  test('is told by the same run before others', () => {
    const other = scalar([0, 1, 2, 3], [500, 501, 502, 503], 't/other');
    expect(walls([0, 2], [], [other, scalar([0, 2], [100, 120])])).toEqual([100, 120]);
    expect(walls([0, 2], [], [other])).toEqual([500, 502]);
  });

  test('lies between records without scalars, from when the training began', () => {
    const records = [
      { step: 9, wallTime: BEGAN + 10 },
      { step: 19, wallTime: BEGAN + 40 },
    ];
    expect(walls([0, 4, 9, 14, 19], records, [], [facts('t', 10)])).toEqual([1, 5, 10, 25, 40].map((seconds) => BEGAN + seconds));
    expect(walls([0, 9, 14], records, [])).toEqual([10, 10, 25].map((seconds) => BEGAN + seconds));
    expect(walls([0, 9], [], [])).toEqual([0, 0]);
  });

  test('is not bent by facts that were written later than the steps', () => {
    expect(walls([0, 5, 10], [], [scalar([0, 10], [BEGAN - 50, BEGAN - 40])], [facts('t', 10)])).toEqual(
      [-50, -45, -40].map((s) => BEGAN + s),
    );
  });
});
