import { describe, expect, test } from 'vitest';
import { curvesOf } from './series';
import { CLIPPED, withStatistics } from './tensor_curves';
import { axisSeries, namesOnly, parametersOf, type Told, tensorSeries, theirSeries } from './tensor_stats.fixture';
import { tensorTables } from './tensor_tables';

const told: Told = {
  step: [0, 10, 20],
  statistics: ['gradient_sum_squares'],
  parameters: 2,
  value: (_, p, step) => (p === 0 ? 9 : 16) * (step === 20 ? Number.POSITIVE_INFINITY : 1),
  loss: (step) => 2 - step / 20,
  rate: () => 0.01,
};
const axes = [axisSeries(parametersOf({ 'a/kernel': [1, 9], 'b/kernel': [4, 4] }))];
const tables = (more: Partial<Told> = {}) => tensorTables([tensorSeries('tensor_stats/norms', [{ ...told, ...more }])], axes);
const named = (curves: ReturnType<typeof withStatistics>) => curves.map(({ name, split, value }) => [name, split, [...value]]);

describe('lines from statistics', () => {
  test('are the loss of each batch, the rate, and the norm of all gradients', () => {
    expect(named(withStatistics([], tables()))).toEqual([
      ['loss', null, [2, 1.5, 1]],
      ['learning_rate', null, [0.01, 0.01, 0.01]],
      ['gradient_norm', null, [5, 5, Number.NaN]],
    ]);
  });

  test('are none where another tool logged the layers: they may not be all', () => {
    const theirs = tensorTables(
      [theirSeries({ ...told, loss: () => Number.NaN, rate: () => Number.NaN })],
      [axisSeries(namesOnly(['a', 'b']))],
    );
    expect(withStatistics([], theirs)).toEqual([]);
  });

  test('add the norm after clipping where something was clipped', () => {
    const clipped = withStatistics([], tables({ clip: (step) => (step === 10 ? 0.2 : 1) }));
    expect(named(clipped).at(-1)).toEqual(['gradient_norm', CLIPPED, [5, 1, Number.NaN]]);
    expect(named(withStatistics([], tables({ clip: () => 1 })))).toHaveLength(3);
  });

  test('have no point where a rate or a gradient was not there, and one that is no number where it was not finite', () => {
    const partly = tables({
      rate: (step) => (step === 10 ? 0.01 : Number.NaN),
      value: (_, p, step) => (step === 0 ? Number.NaN : told.value('', p, step)),
    });
    const points = withStatistics([], partly).map(({ name, step, value }) => [name, [...step], [...value]]);
    expect(points.slice(1)).toEqual([
      ['learning_rate', [10], [0.01]],
      ['gradient_norm', [10, 20], [5, Number.NaN]],
    ]);
  });

  test('leave out what scalars tell, and stand at the times that these tell', () => {
    const [scalar] = curvesOf([
      {
        ...tensorSeries('x', []),
        kind: 'scalars',
        tag: 'loss',
        name: 'loss',
        points: [
          {
            step: 20,
            wallTime: 50,
            payload: {
              kind: 'scalars',
              axis: 'step',
              step: Float64Array.of(0, 10, 20),
              wall_time: Float64Array.of(100, 110, 130),
              value: Float64Array.of(3, 2, 1),
            },
          },
        ],
      },
    ]);
    if (scalar === undefined) throw new Error('no curve');
    const curves = withStatistics([scalar], tables());
    expect(curves.map(({ name }) => name)).toEqual(['loss', 'learning_rate', 'gradient_norm']);
    expect([...(curves[1]?.wall ?? [])]).toEqual([100, 110, 130]);
    // Of another run it means what that run says; of the same run the denser of the two is drawn.
    const sparse = (run: string) => ({ ...scalar, run, step: Float64Array.of(20), wall: Float64Array.of(130), value: Float64Array.of(1) });
    const losses = (curve: typeof scalar) => withStatistics([curve], tables()).filter(({ name }) => name === 'loss');
    expect(losses(sparse('run/other')).map(({ step }) => step.length)).toEqual([1]);
    expect(losses(sparse('run/layerscope')).map(({ step }) => step.length)).toEqual([3]);
    expect(losses({ ...sparse('run/layerscope'), tag: 'epoch_loss' })).toHaveLength(2);
  });
});

test('a table is made once for the same records, and anew when there are more', () => {
  const series = tensorSeries('tensor_stats/norms', [told]);
  expect(tensorTables([series], axes)[0]).toBe(tensorTables([series], axes)[0]);
  const grown = { ...series, points: [...series.points, ...tensorSeries('x', [{ ...told, step: [30] }]).points] };
  expect(tensorTables([grown], axes)[0]?.step).toHaveLength(4);
});
