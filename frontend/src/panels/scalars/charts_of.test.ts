import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chosenAxis, chosenZoom, withAxis, withZoom } from '../../charts/axis_choice';
import { axesOf, indexAt, nearest, placedOn, stopsOf, xOf } from '../../math/placed';
import { AXES, type Curve, curvesOf } from '../../math/series';
import { chartsOf, dashOf, labelOf, odditiesOf, smoothedLines, strengthOf, usualScale } from './charts_of';
import { choices, withScale, withSmoothing } from './choices';
import { scalar } from './scalars.fixture';

function curve(
  name: string,
  split: string | null,
  more: { tag?: string; training?: string; step?: readonly number[]; value?: readonly number[] } = {},
): Curve {
  const { tag = name, training = 't', step = [0, 10, 20], value = [3, 2, 1] } = more;
  const [made] = curvesOf([scalar({ training, name, split, tag, n: step.length, step: (i) => step[i] ?? 0, value: (i) => value[i] ?? 0 })]);
  if (made === undefined) throw new Error('no curve');
  return made;
}

describe('charts', () => {
  const charts = chartsOf([
    curve('learning_rate', null),
    curve('accuracy', 'train'),
    curve('gradient_norm', null),
    curve('loss', 'train'),
    curve('loss', 'validation'),
    curve('auc', 'train'),
  ]);

  test('pair what has one name, the loss first and what drives the training last', () => {
    expect(charts.map(({ name, curves }) => [name, curves.length])).toEqual([
      ['loss', 2],
      ['accuracy', 1],
      ['auc', 1],
      ['learning_rate', 1],
      ['gradient_norm', 1],
    ]);
  });

  test('leave out the rate of each epoch where the rate of each step is there, and nothing else', () => {
    const rate = curve('learning_rate', null);
    const ofEpochs = curve('learning_rate', null, { tag: 'epoch_learning_rate' });
    const tags = (...curves: Curve[]) => chartsOf(curves).flatMap((chart) => chart.curves.map(({ tag }) => tag));
    expect(tags(rate, ofEpochs)).toEqual(['learning_rate']);
    expect(tags(ofEpochs)).toEqual(['epoch_learning_rate']);
    expect(tags(ofEpochs, curve('learning_rate', null, { tag: 'learning_rate/adam' }))).toEqual(['learning_rate/adam']);
    expect(tags(rate, curve('learning_rate', null, { tag: 'epoch_learning_rate', training: 'u' }))).toHaveLength(2);
    expect(tags(curve('loss', 'train'), curve('loss', 'train', { tag: 'epoch_loss' }))).toHaveLength(2);
  });

  test('draw training solid, validation dashed, and other splits each in dashes of their own', () => {
    const splits = ['train', 'validation', 'night', 'day', 'fog'];
    const dashes = splits.map((split) => dashOf(split, splits).join());
    expect(dashes[0]).toBe('');
    expect(new Set(dashes).size).toBe(splits.length);
    expect(dashOf(null, splits)).toEqual([]);
  });

  test('tell lines of one split apart by their tags', () => {
    const [groups] = chartsOf([
      curve('learning_rate', null, { tag: 'learning_rate/body' }),
      curve('learning_rate', null, { tag: 'learning_rate/head' }),
    ]);
    if (groups === undefined) throw new Error('no chart');
    expect(groups.curves.map((each) => labelOf(each, groups))).toEqual(['body', 'head']);
  });

  test('are logarithmic only for losses and norms that are positive and span much', () => {
    const scaleOf = (name: string, value: readonly number[]) => usualScale({ name, curves: [curve(name, null, { value })] });
    expect(scaleOf('loss', [30, 1, Number.NaN])).toBe('log');
    expect(scaleOf('loss', [30, 1, 0])).toBe('linear');
    expect(scaleOf('loss', [3, 2, 1])).toBe('linear');
    expect(scaleOf('loss', [10, 1, 2])).toBe('log');
    expect(scaleOf('accuracy', [0.01, 0.5, 1])).toBe('linear');
    expect(scaleOf('loss', [Number.NaN])).toBe('linear');
  });

  test('of rates are logarithmic where these are decades apart most of the time', () => {
    const scaleOf = (rate: (t: number) => number) =>
      usualScale({
        name: 'learning_rate',
        curves: [
          curve('learning_rate', null, { value: Array.from({ length: 100 }, (_, i) => rate(i / 99)), step: [...Array(100).keys()] }),
        ],
      });
    expect(scaleOf((t) => 0.1 * 10 ** (-4 * t))).toBe('log');
    expect(scaleOf((t) => 10 ** -(1 + Math.floor(2.999 * t)))).toBe('log');
    // Cosine to zero; and one that warms up.
    expect(scaleOf((t) => 1e-3 * 0.5 * (1 + Math.cos(Math.PI * t)))).toBe('linear');
    expect(scaleOf((t) => 1e-3 * Math.min(1, t / 0.05 + 1e-6))).toBe('linear');
    const constant = (training: string, rate: number) => curve('learning_rate', null, { training, value: [rate, rate, rate] });
    expect(usualScale({ name: 'learning_rate', curves: [constant('a', 0.001), constant('b', 0.5)] })).toBe('log');
    expect(usualScale({ name: 'learning_rate', curves: [constant('a', 0.001), constant('b', 0)] })).toBe('linear');
    expect(usualScale({ name: 'learning_rate', curves: [constant('a', Number.NaN)] })).toBe('linear');
  });

  test('come with the loss first however it is written', () => {
    const names = (...all: string[]) => chartsOf(all.map((name) => curve(name, null))).map(({ name }) => name);
    expect(names('accuracy', 'Loss', 'LEARNING_RATE', 'f1')).toEqual(['Loss', 'accuracy', 'f1', 'LEARNING_RATE']);
  });

  test('have their lines in one order, whichever was read first: trainings as given, then training, validation, test, others, each batch', () => {
    const lines = ['night', 'test', null, 'train', 'validation'].map((split) => curve('loss', split, { training: 'b' }));
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: 5 }), (shuffled) => {
        const [chart] = chartsOf([curve('loss', null, { training: 'a' }), ...shuffled]);
        expect(chart?.curves.map(({ training, split }) => [training, split])).toEqual([
          ['a', null],
          ...['train', 'validation', 'test', 'night', null].map((split) => ['b', split]),
        ]);
      }),
    );
  });

  test('draw losses of batches fainter than the means of epochs beside them, smoothed or not', () => {
    const [chart] = chartsOf([curve('loss', null), curve('loss', 'train')]);
    if (chart === undefined) throw new Error('no chart');
    const [mean, raw] = chart.curves.map((each) => strengthOf(each, chart, false));
    const [smooth, smoothedRaw] = chart.curves.map((each) => strengthOf(each, chart, true));
    expect([mean, smooth]).toEqual([1, 1]);
    expect(raw).toBeLessThan(smoothedRaw ?? 0);
    expect(smoothedRaw).toBeLessThan(1);
  });

  test('smooth the losses of batches and leave the means of epochs beside them; alone these are smoothed, too', () => {
    const means = curve('loss', 'train', { step: [40, 80, 120], value: [2, 1, 0.5] });
    const batches = curve('loss', null, { step: [0, 10, 20, 30], value: [3, 2, 3, 2] });
    const [both] = chartsOf([means, batches]);
    const [alone] = chartsOf([means]);
    if (both === undefined || alone === undefined) throw new Error('no chart');
    const smooth = new Map(smoothedLines(both, 0.9));
    expect(smooth.get(means)).toEqual(means.value);
    expect(smooth.get(batches)).not.toEqual(batches.value);
    expect(new Map(smoothedLines(alone, 0.9)).get(means)).not.toEqual(means.value);
  });

  test('have one memory in steps for lines that are logged more and less densely', () => {
    // What falls by the same at each step is smoothed to the same values, wherever both have a point after the first.
    const falling = (every: number, tag: string) =>
      curve('metric', null, {
        tag,
        step: Array.from({ length: 400 / every }, (_, i) => i * every),
        value: Array.from({ length: 400 / every }, (_, i) => -i * every),
      });
    const [chart] = chartsOf([falling(1, 'dense'), falling(4, 'sparse')]);
    if (chart === undefined) throw new Error('no chart');
    const [dense, sparse] = smoothedLines(chart, 0.9).map(([, value]) => value);
    expect(Math.abs((dense?.[396] ?? 0) - (sparse?.[99] ?? 0))).toBeLessThan(2);
  });

  test('count what has no place on their axis', () => {
    const odd = curve('loss', null, { step: [0, 5, 10, 15, 20], value: [1, 0, Number.NaN, -3, Number.POSITIVE_INFINITY] });
    expect(odditiesOf([odd], 'linear').map(({ odd: word, times, first }) => [word, times, first])).toEqual([
      ['NaN', 1, 10],
      ['∞', 1, 20],
    ]);
    expect(odditiesOf([odd], 'log')[0]).toEqual({ odd: '≤ 0', times: 2, first: 5 });
  });
});

describe('the cursor', () => {
  const curves = [
    curve('loss', 'train', { step: [40, 80, 120] }),
    curve('learning_rate', null, { step: [0, 10, 80] }),
    curve('loss', 'train', { training: 'other', step: [7] }),
  ];
  const clocks = new Map([['t', { start: 0, first: 0, fits: [{ first_step: 0, initial_epoch: 0, steps_per_epoch: 40 }] }]]);

  test('stops at every logged step of the training in focus', () => {
    const stops = stopsOf(placedOn(curves, 'step', clocks), 't');
    expect(stops.map(({ step }) => step)).toEqual([0, 10, 40, 80, 120]);
    expect([nearest(stops, -5), nearest(stops, 24), nearest(stops, 26), nearest(stops, 999)].map((stop) => stop?.step)).toEqual([
      0, 10, 40, 120,
    ]);
    expect(nearest([], 3)).toBeUndefined();
  });

  test('stands at the same step on every axis', () => {
    for (const axis of axesOf(curves, clocks, 't')) {
      const stops = stopsOf(placedOn(curves, axis, clocks), 't');
      for (const { step, x } of stops) expect(xOf(step, axis, stops, clocks.get('t'))).toBeCloseTo(x, 9);
    }
    expect(axesOf(curves, clocks, 't')).toEqual(['step', 'epoch', 'time', 'clock']);
    const two = new Map([...clocks, ['resumed', { start: 0, first: 1000, fits: [] }]]);
    expect(axesOf(curves, two, 't')).toEqual(['step', 'relative', 'epoch', 'time', 'clock']);
    expect(axesOf(curves, new Map(), 't')).toEqual(['step', 'time', 'clock']);
  });

  test('reads each line at its last point at or before it', () => {
    const [loss] = placedOn(curves, 'step', clocks);
    if (loss === undefined) throw new Error('nothing placed');
    expect([39, 40, 79, 1000].map((x) => indexAt(loss, x))).toEqual([-1, 0, 0, 2]);
    expect(indexAt(loss, undefined)).toBe(-1);
  });
});

describe('choices', () => {
  test('come back as they were made', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...AXES),
        fc.integer({ min: 0, max: 99 }),
        fc.string(),
        fc.constantFrom('linear' as const, 'log' as const),
        (axis, hundredths, name, scale) => {
          fc.pre(name !== '' && name !== '__proto__' && !/\p{Surrogate}/u.test(name));
          const smoothing = hundredths / 100;
          const options = withZoom(withScale(withSmoothing(withAxis({ 'other.x': '1' }, axis), smoothing), name, scale), [0.5, 1e6]);
          expect(choices(options)).toEqual({ smoothing, scales: { [name]: scale } });
          expect([chosenAxis(options), chosenZoom(options)]).toEqual([axis, [0.5, 1e6]]);
          expect(options['other.x']).toBe('1');
        },
      ),
    );
  });

  test('that cannot be read are left at their defaults', () => {
    const options = { 'training.axis': 'moon', 'scalars.smoothing': '7', 'training.zoom': '9_3', 'scalars.log': '%' };
    expect(choices(options)).toEqual({ smoothing: 0, scales: { '%': 'log' } });
    expect([chosenAxis(options), chosenZoom(options)]).toEqual([undefined, undefined]);
  });

  test('of another axis leave the zoom of the old one', () => {
    expect(chosenZoom(withAxis(withZoom({}, [1, 2]), 'time'))).toBeUndefined();
    expect(withSmoothing(withSmoothing({}, 0.5), 0)).toEqual({});
    expect(withZoom(withZoom({}, [1, 2]), undefined)).toEqual({});
  });

  test('of a scale can be changed back', () => {
    const there = withScale(withScale({}, 'a b', 'log'), 'c', 'log');
    expect(choices(withScale(there, 'a b', 'linear')).scales).toEqual({ 'a b': 'linear', c: 'log' });
  });
});
