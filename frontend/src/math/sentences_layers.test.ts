import { describe, expect, it } from 'vitest';
import type { Activity } from '../schema.gen';
import { diedBetween, layersSentence } from './sentences_layers';
import type { Sentence } from './sentences_predictions';
import type { Outlier, Standing } from './standing_out';

const text = (sentence: Sentence | undefined) => sentence?.map((part) => part.text.replace(/[\u2009\u202f\u00a0]/gu, ' ')).join('');
const links = (sentence: Sentence) => sentence.filter(({ selects }) => selects !== undefined);
const WINDOW = { from: 300, to: 400 };

const outlier = (path: string, times: number, measure: Outlier['measure'] = 'update_ratio'): Outlier => ({
  path,
  layer: path.split('/').slice(0, -1).join('/'),
  measure,
  times,
  value: 0.001 * times,
  usual: 0.001,
  most: 0.0015,
  over: { from: 0, to: 291 },
  step: 340,
});
const nothing: Standing = { inside: 10, before: 50, outliers: [], nonFinite: undefined, rate: undefined };
const say = (more: Partial<Standing>, died?: Parameters<typeof layersSentence>[2]) => layersSentence({ ...nothing, ...more }, WINDOW, died);

describe('layersSentence', () => {
  it('tells how many times its usual size the update was, a link to the layer and the step in Training', () => {
    const sentence = say({ outliers: [outlier('dense_2/kernel', 12.3)] });
    expect(text(sentence)).toBe('Between these steps the update of dense_2/kernel was 12 times its usual size');
    const [training, link] = links(sentence);
    expect(training?.selects).toEqual({ view: 'training', step: 400 });
    expect(link?.selects).toEqual({ view: 'training', layer: 'dense_2', step: 340 });
    expect(link?.options).toEqual({ 'tensors.measure': undefined, 'tensors.kernels': undefined });
    expect(link?.shows).toBe('[data-panel="tensor_stats"] .ls-heat-selected');
    expect(link?.title).toBe(
      '‖update‖ / ‖weights‖: median 0.0123 between these steps, 0.001 in steps 0 to 290, where 95 % are at most 0.0015',
    );
  });

  it('names up to three of them; gradients where no update stands out', () => {
    const four = ['a/kernel', 'b/kernel', 'c/kernel', 'd/kernel'].map((path, i) => outlier(path, 9 - i));
    expect(text(say({ outliers: [...four, outlier('e/kernel', 50, 'gradient_norm')] }))).toBe(
      'Between these steps the update of a/kernel was 9 times its usual size, that of b/kernel 8 times and that of c/kernel 7 times',
    );
    const gradient = say({ outliers: [outlier('e/kernel', 2.54, 'gradient_norm')] });
    expect(text(gradient)).toBe('Between these steps the gradient of e/kernel was 2.5 times its usual size');
    expect(links(gradient)[1]?.options).toEqual({ 'tensors.measure': 'gradient_norm', 'tensors.kernels': undefined });
  });

  it('tells of values that are not finite, of a learning rate that rose, and of units that died', () => {
    const sentence = say(
      {
        nonFinite: { path: 'a/kernel', layer: 'a', of: 'gradient', step: 312 },
        rate: { before: 0.001, after: 0.01, step: 320 },
        outliers: [outlier('b/kernel', 3)],
      },
      { path: 'hidden', before: 0.1, after: 0.8 },
    );
    expect(text(sentence)).toBe(
      'Between these steps the gradient of a/kernel was not finite from step 312 on; the learning rate rose from 0.001 to 0.01; ' +
        'the update of b/kernel was 3 times its usual size; 80 % of the units of hidden were never above 0, 10 % before',
    );
    expect(links(sentence).map(({ selects }) => selects?.step)).toEqual([400, 312, 320, 340, 400]);
  });

  it('invents nothing', () => {
    expect(text(say({}))).toBe('No layer’s updates or gradients stand out between these steps');
    expect(text(say({ before: 9 }))).toBe('Too little was logged of the layers to say what stands out between these steps.');
    expect(text(say({ inside: 0 }))).toBe('Nothing was logged of the layers between these steps.');
  });
});

it('died units are those that are never above 0, of the hidden layer that lost most', () => {
  const activity = (never: readonly number[]): Activity => ({
    kind: 'activity',
    examples: 100,
    layers: ['a', 'b', 'out'].map((path) => ({ path, activation: 'relu', is_output: path === 'out' })),
    units: Int32Array.of(10, 10, 10),
    never_positive: Int32Array.from(never),
    values: Int32Array.of(1000, 1000, 1000),
    zeros: Int32Array.of(0, 0, 0),
    saturated: Int32Array.of(-1, -1, -1),
    non_finite: Int32Array.of(0, 0, 0),
  });
  expect(diedBetween(activity([1, 1, 0]), activity([4, 6, 10]))).toEqual({ path: 'b', before: 0.1, after: 0.6 });
  expect(diedBetween(activity([1, 1, 0]), activity([2, 2, 10]))).toBeUndefined();
});
