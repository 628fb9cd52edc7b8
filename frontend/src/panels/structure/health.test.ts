import { describe, expect, test } from 'vitest';
import { css, diverging, sequential } from '../../charts/colour';
import { IS, type Measure } from '../../math/tensor_measures';
import { heatOf } from '../../math/tensor_scale';
import { axisSeries, type Told, tensorSeries } from '../../math/tensor_stats.fixture';
import { tensorTables } from '../../math/tensor_tables';
import { made } from '../activity/gallery';
import { Builder } from './fixtures/build';
import { digits, resnet50, siamese } from './fixtures/models';
import { series, trained } from './gallery';
import { deadnessOf, healthOf, healthPaint, looksAt, readingOf } from './health';
import { paint } from './paint';
import { type Read, readStructure } from './read_structure';

type Given = ReturnType<typeof trained>;

function read(given: Given): Read {
  const found = readStructure({ series: given, step: 0 });
  if (found === undefined) throw new Error('no structure');
  return found;
}

function health(given: Given, measure: Measure, step: number, kernelsOnly = false) {
  const found = healthOf(tensorTables(given.tensor_stats, given.parameters), 'run-1', measure, step, kernelsOnly);
  if (found === undefined) throw new Error('no statistics');
  return found;
}

/** A built model with statistics of its own. */
function told(built: ReturnType<typeof digits>, value: Told['value']): Given {
  const record: Told = {
    step: [0, 10],
    statistics: ['weight_sum_squares', 'gradient_sum_squares', 'update_sum_squares'],
    parameters: built.parameters.parameters.length,
    value,
  };
  const given = series(built);
  return {
    ...given,
    parameters: [...given.parameters, axisSeries(built.parameters, 'd', 'run-1')],
    tensor_stats: [tensorSeries('tensor_stats/norms', [record], 'run-1')],
  };
}

describe('the reading of a box', () => {
  test('of the whole model is the norm of all that it learns, each array once', () => {
    for (const make of [digits, resnet50, siamese]) {
      const built = make();
      const learnt = built.parameters.parameters.filter(({ role, tied_to }) => role === 'trainable' && tied_to === null).length;
      const given = told(built, (statistic) => (statistic === 'gradient_sum_squares' ? 4 : 1));
      const own = read(given);
      const now = health(given, 'gradient_norm', 10);
      const squares = own.boxes.top.map((id) => {
        const box = own.boxes.list[id];
        return box === undefined ? 0 : (readingOf(now, own, box)?.value ?? 0) ** 2;
      });
      expect(squares.reduce((a, b) => a + b, 0)).toBeCloseTo(4 * learnt, 6);
    }
  });

  test('of a group is that of the boxes in it taken together', () => {
    const given = trained(resnet50());
    const own = read(given);
    const now = health(given, 'weight_norm', 20);
    for (const box of own.boxes.list) {
      if (box.children.length === 0 || box.layer >= 0) continue;
      const whole = readingOf(now, own, box);
      const parts = box.children.flatMap((id) => own.boxes.list[id] ?? []).flatMap((child) => readingOf(now, own, child) ?? []);
      const squares = parts.reduce((sum, { value }) => sum + value * value, 0);
      if (whole !== undefined) expect(whole.value).toBeCloseTo(Math.sqrt(squares), 6);
    }
  });

  test('is that of the last logged step at or before the selected one', () => {
    const given = told(digits(), (statistic, _, step) => (statistic === 'weight_sum_squares' ? 1 + step : 1));
    const own = read(given);
    const box = own.boxes.list.find(({ children, count }) => children.length === 0 && count.trainable > 0);
    if (box === undefined) throw new Error('no box with parameters');
    const at = (step: number) => readingOf(health(given, 'weight_norm', step), own, box)?.value ?? Number.NaN;
    expect(at(99) / at(0)).toBeCloseTo(Math.sqrt(11), 6);
    expect(at(9)).toBe(at(0));
    expect(readingOf(health(given, 'weight_norm', -1), own, box)?.text).toBe('not logged');
  });

  test('is none for a box without parameters, which has no colour', () => {
    const given = trained(digits());
    const own = read(given);
    const plain = own.boxes.list.find(({ children, count }) => children.length === 0 && count.total === 0);
    if (plain === undefined) throw new Error('every box has parameters');
    const now = health(given, 'update_ratio', 39);
    expect(readingOf(now, own, plain)).toBeUndefined();
    expect(paint(now, own, plain)).toEqual({ fill: 'var(--ls-bg)' });
  });
});

describe('what is not finite', () => {
  test('is flagged in every box around it, with the layer’s name, whatever is measured', () => {
    const given = trained(resnet50());
    const own = read(given);
    for (const measure of ['update_ratio', 'weight_norm'] as const) {
      const now = health(given, measure, 39);
      expect([looksAt(now).notFinite, looksAt(health(given, measure, 38)).notFinite]).toEqual([true, false]);
      const bad = own.boxes.list.filter((box) => readingOf(now, own, box)?.bad !== undefined);
      expect(bad.length).toBeGreaterThan(1);
      for (const box of bad) {
        expect(readingOf(now, own, box)?.bad).toMatch(/block2_2_conv$/);
        expect(paint(now, own, box).fill).toBe(css(sequential(Number.NaN)));
      }
      expect(own.boxes.list.some((box) => readingOf(health(given, measure, 38), own, box)?.bad !== undefined)).toBe(false);
    }
  });
});

describe('dead units', () => {
  const layer = (path: string) => ({ path, activation: 'relu', is_output: false });
  const built = () => {
    const b = new Builder('two');
    const block = b.add('Functional', 'block');
    const a = b.add('Dense', 'a', { parent: block, weights: { kernel: [4, 4] } });
    b.add('Dense', 'b', { parent: block, from: [a], weights: { kernel: [4, 8] } });
    return b.build();
  };
  const given = (units: readonly number[], dead: readonly number[], notFinite: readonly number[] = [0, 0]): Given => {
    const found = made(
      [layer('block/a'), layer('block/b')],
      2,
      (i) => dead[i] ?? 0,
      (i, k) => (k === 1 ? (notFinite[i] ?? 0) : 0),
    );
    const points = found.points.map((point) => ({ ...point, payload: { ...point.payload, units: Int32Array.from(units) } }));
    return { ...series(built()), activity: [{ ...found, training: 'run-1', points }] };
  };
  const deadAt = (of: Given, step: number) => {
    const found = deadnessOf(of.activity, [], 'run-1', step);
    if (found === undefined) throw new Error('no activity');
    return found;
  };
  const whole = (of: Given, step: number) => {
    const own = read(of);
    const box = own.boxes.list.find(({ leaves }) => leaves === 2);
    return box === undefined ? undefined : readingOf(deadAt(of, step), own, box);
  };

  test('of a group are weighted by units, as in all its layers together', () => {
    const of = given([90, 10], [9, 10]);
    expect(whole(of, 80)?.value).toBeCloseTo(19 / 100, 9);
    expect(whole(of, 80)?.text.replace(/\s/g, ' ')).toBe('19 %');
    const reading = { state: IS.value, value: 0.19, text: '', bad: undefined, isFrozen: false };
    expect(healthPaint(deadAt(of, 80), reading).fill).toBe(css(sequential(0.19)));
  });

  test('are not logged before the first evaluation, and no share where a layer is not finite', () => {
    const of = given([64, 64], [4, 4], [0, 128]);
    expect(whole(of, 39)?.text).toBe('not logged');
    expect(whole(of, 40)?.text.replace(/\s/g, ' ')).toBe('6.3 %');
    expect([whole(of, 80)?.text, whole(of, 80)?.bad]).toEqual(['not finite', 'block/b']);
  });
});

test('the share of what is not finite colours boxes, and all finite is a look of its own', () => {
  const given = trained(resnet50());
  const own = read(given);
  const now = health(given, 'non_finite', 39);
  const readings = own.boxes.list.flatMap((box) => readingOf(now, own, box) ?? []);
  expect(new Set(readings.map(({ state }) => state))).toEqual(new Set([IS.value, IS.nonFinite]));
  expect(new Set(readings.filter(({ bad }) => bad === undefined).map(({ text }) => text))).toEqual(new Set(['none']));
  expect(looksAt(now)).toEqual({ zero: true, none: false, missing: false, notFinite: true });
});

test('a bias that is not finite flags its box also where kernels alone are measured', () => {
  const built = () => {
    const b = new Builder('one');
    b.add('Dense', 'head', { weights: { kernel: [4, 4], bias: [4] } });
    return b.build();
  };
  const given = told(built(), (_, p) => (p === 1 ? Number.POSITIVE_INFINITY : 1));
  const own = read(given);
  const [box] = own.boxes.list;
  if (box === undefined) throw new Error('no box');
  expect(readingOf(health(given, 'weight_norm', 10, true), own, box)?.bad).toBe('head');
});

describe('frozen and not logged', () => {
  const built = () => {
    const b = new Builder('two');
    const a = b.add('Dense', 'base', { weights: { kernel: [4, 4] }, frozen: true });
    b.add('Dense', 'head', { from: [a], weights: { kernel: [4, 4] } });
    return b.build();
  };

  test('have looks of their own', () => {
    const given = told(built(), (statistic, p) => (p === 0 && statistic !== 'weight_sum_squares' ? Number.NaN : 1));
    const own = read(given);
    const [base, head] = own.boxes.list;
    if (base === undefined || head === undefined) throw new Error('no boxes');
    const now = health(given, 'gradient_norm', 10);
    expect([readingOf(now, own, base)?.text, readingOf(now, own, head)?.text]).toEqual(['frozen', '1']);
    expect(paint(now, own, base)).toEqual({ fill: 'var(--ls-line)' });
    expect(looksAt(now)).toEqual({ zero: false, none: true, missing: false, notFinite: false });
    const before = health(given, 'gradient_norm', -1);
    expect(looksAt(before)).toEqual({ zero: false, none: false, missing: true, notFinite: false });
    expect(paint(before, own, head)).toEqual({ fill: 'var(--ls-bg)', isHatched: true });
  });
});

test('the scale is the same at every step, and that of updates turns at a thousandth', () => {
  const given = trained(resnet50());
  expect(health(given, 'update_ratio', 3).scale).toEqual(health(given, 'update_ratio', 39).scale);
  const { scale } = health(given, 'update_ratio', 3);
  if (scale === undefined) throw new Error('no scale');
  expect(heatOf(1e-3, scale)).toBeCloseTo(0, 9);
  const reading = { state: 0, value: 1e-3, text: '', bad: undefined, isFrozen: false };
  expect(healthPaint(health(given, 'update_ratio', 3), reading).fill).toBe(css(diverging(0)));
});
