import { describe, expect, test } from 'vitest';
import { normal, random } from './random.fixture';
import { standingOut } from './standing_out';
import { mergeTensorStats, type TensorSeries } from './tensor_series';
import { parametersOf, tensorSeries } from './tensor_stats.fixture';

const SHAPES = { 'a/kernel': [4, 4], 'b/kernel': [4, 4], 'frozen/kernel': [4, 4] };
const WINDOW = { from: 300, to: 400 };
/** As they are logged: the first fifty steps all, then every tenth. */
const STEPS = [...Array.from({ length: 50 }, (_, i) => i), ...Array.from({ length: 55 }, (_, i) => 50 + 10 * i)];

interface Way {
  readonly update?: (parameter: number, step: number) => number;
  readonly gradient?: (parameter: number, step: number) => number;
  readonly rate?: (step: number) => number;
  readonly steps?: readonly number[];
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
}

/** A training with weights of norm 1, and updates and gradients of the norms given. */
function training({ update = () => 1e-3, gradient = () => 1, rate, steps = STEPS, shapes = SHAPES }: Way): TensorSeries {
  const of = { weight: () => 1, update, gradient };
  const told = {
    step: steps,
    statistics: ['weight_sum_squares', 'gradient_sum_squares', 'update_sum_squares'],
    parameters: Object.keys(shapes).length,
    value: (name: string, p: number, step: number) => {
      const each = name.startsWith('weight') ? of.weight() : name.startsWith('update') ? of.update(p, step) : of.gradient(p, step);
      return each ** 2;
    },
    ...(rate === undefined ? {} : { rate }),
  };
  const merged = mergeTensorStats([tensorSeries('t', [told])], new Map([['d', parametersOf(shapes)]]));
  if (merged === undefined) throw new Error('nothing merged');
  return merged;
}

const isInside = (step: number) => step >= 300 && step < 400;
/** A little different at each step. */
const about = (x: number, step: number) => x * 10 ** (0.05 * Math.sin(step * 12.9898));

describe('what stands out', () => {
  test('is the parameter whose updates were far beyond their usual, with how many times', () => {
    const found = standingOut(training({ update: (p, step) => about(p === 1 && isInside(step) ? 12e-3 : 1e-3, step) }), WINDOW);
    expect(found.outliers).toHaveLength(1);
    const [first] = found.outliers;
    expect(first).toMatchObject({ path: 'b/kernel', layer: 'b', measure: 'update_ratio', over: { from: 0, to: 291 } });
    expect(Math.abs((first?.times ?? 0) - 12)).toBeLessThan(1);
    expect(isInside(first?.step ?? 0)).toBe(true);
    expect(found.inside).toBe(10);
  });

  test('is updates before gradients, the furthest first', () => {
    const found = standingOut(
      training({
        update: (p, step) => about(isInside(step) ? (p === 0 ? 5e-3 : 9e-3) : 1e-3, step),
        gradient: (p, step) => about(isInside(step) && p === 0 ? 50 : 1, step),
      }),
      WINDOW,
    );
    expect(found.outliers.map(({ path, measure }) => [path, measure])).toEqual([
      ['b/kernel', 'update_ratio'],
      ['a/kernel', 'update_ratio'],
      ['a/kernel', 'gradient_norm'],
    ]);
  });

  test('is nothing below twice the usual, nothing within what was usual, and nothing smaller', () => {
    const update = (times: number) => training({ update: (_, step) => about(isInside(step) ? times * 1e-3 : 1e-3, step) });
    expect(standingOut(update(1.9), WINDOW).outliers).toEqual([]);
    expect(standingOut(update(2.2), WINDOW).outliers).not.toEqual([]);
    expect(standingOut(update(0.1), WINDOW).outliers).toEqual([]);
    const wild = training({ update: (_, step) => (step % 30 < 10 ? 6e-3 : 1e-3) * (isInside(step) ? 5 / (step % 30 < 10 ? 6 : 1) : 1) });
    expect(standingOut(wild, WINDOW).outliers).toEqual([]);
  });

  test('is nothing where single steps were as far off, though never for long', () => {
    const around = (spread: number) => (_: number, step: number) =>
      1e-3 * 10 ** (isInside(step) ? 0.8 : spread * ((step / (step < 50 ? 1 : 10)) % 3) - spread);
    expect(standingOut(training({ update: around(0.3) }), WINDOW).outliers).toEqual([]);
    expect(standingOut(training({ update: around(0.1) }), WINDOW).outliers).not.toEqual([]);
  });

  test('is told from what was before: what stays so afterwards takes nothing away, and the dense first steps count for little', () => {
    const stays = training({ update: (p, step) => about(step < 50 ? 2e-2 : p === 0 && step >= 300 ? 12e-3 : 1e-3, step) });
    expect(standingOut(stays, WINDOW).outliers.map(({ path }) => path)).toEqual([]);
    const fewer = training({ update: (p, step) => about(step < 5 ? 2e-2 : p === 0 && step >= 300 ? 12e-3 : 1e-3, step) });
    expect(standingOut(fewer, WINDOW).outliers.map(({ path }) => path)).toEqual(['a/kernel']);
  });

  test('is told from the rest of the training where nothing much was before', () => {
    const first = training({ update: (p, step) => about(p === 0 && step < 30 ? 1e-1 : 1e-3, step) });
    const [found] = standingOut(first, { from: 0, to: 30 }).outliers;
    expect(found).toMatchObject({ path: 'a/kernel', over: { from: 30, to: 591 } });
  });

  test('is nothing where too little was logged', () => {
    const sparse = training({ update: (_, step) => (isInside(step) ? 1 : 1e-3), steps: [0, 100, 200, 300, 350, 400] });
    expect(standingOut(sparse, WINDOW)).toMatchObject({ inside: 2, before: 4, outliers: [] });
    expect(standingOut(training({ steps: [0, 100, 500] }), WINDOW).inside).toBe(0);
  });

  test('holds the evaluation’s own steps: the batch of its number is not among them', () => {
    const late = training({ update: (_, step) => (step === 400 ? 1 : 1e-3), steps: Array.from({ length: 500 }, (_, i) => i) });
    expect(standingOut(late, { from: 400, to: 401 }).inside).toBe(1);
    expect(standingOut(late, { from: 399, to: 400 }).inside).toBe(1);
    expect(standingOut(late, WINDOW).outliers).toEqual([]);
  });

  test('frozen parameters never', () => {
    expect(standingOut(training({ update: (p, step) => (p === 2 && isInside(step) ? 1 : 1e-3) }), WINDOW).outliers).toEqual([]);
  });

  test('a learning rate that rose, and values that are not finite where they had been', () => {
    const rises = training({ rate: (step) => (step < 320 ? 1e-3 : step < 340 ? 1e-2 : 2e-2) });
    expect(standingOut(rises, WINDOW).rate).toEqual({ before: 1e-3, after: 2e-2, step: 340 });
    expect(standingOut(training({ rate: (step) => (step < 320 ? 1e-3 : 1e-4) }), WINDOW).rate).toBeUndefined();
    const breaks = training({ gradient: (p, step) => (p === 1 && step >= 330 ? Number.POSITIVE_INFINITY : 1) });
    expect(standingOut(breaks, WINDOW).nonFinite).toEqual({ path: 'b/kernel', layer: 'b', of: 'gradient', step: 330 });
    const always = training({ gradient: (p) => (p === 1 ? Number.POSITIVE_INFINITY : 1) });
    expect(standingOut(always, WINDOW).nonFinite).toBeUndefined();
  });
});

describe('of a training in which nothing happens', () => {
  const shapes = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`layer_${i}/kernel`, [4, 4]]));

  /** Norms whose logarithm wanders around a level: each step remembers a part of the one before. */
  const wandering = (next: () => number, memory: number, spread: number) => {
    const values = Array.from({ length: 20 }, () => {
      let x = spread * normal(next);
      return STEPS.map(() => {
        x = memory * x + spread * Math.sqrt(1 - memory ** 2) * normal(next);
        return 10 ** (x - 3);
      });
    });
    const place = new Map(STEPS.map((step, i) => [step, i]));
    return (p: number, step: number) => values[p]?.[place.get(step) ?? 0] ?? 1;
  };

  test.each([
    [0, 0.1],
    [0, 0.4],
    [0.9, 0.1],
    [0.9, 0.2],
  ])('a layer of twenty stands out in one of twenty cases at most (memory %f, spread %f)', (memory, spread) => {
    const next = random(11);
    let said = 0;
    for (let i = 0; i < 100; i++) {
      const own = training({ update: wandering(next, memory, spread), gradient: wandering(next, memory, spread), shapes });
      said += standingOut(own, WINDOW).outliers.length > 0 ? 1 : 0;
    }
    expect(said / 100).toBeLessThanOrEqual(0.05);
  });
});
