import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IS, type Track } from './tensor_measures';
import { columnsOf, shownIn } from './tensor_raster';
import { layerCount, rowOf, rowTree, visibleRows } from './tensor_rows';
import { heatOf, scaleOf, signedScale, valueAt } from './tensor_scale';
import { rowsOfAxis } from './tensor_series';
import { parametersOf } from './tensor_stats.fixture';

const rows = rowsOfAxis(
  parametersOf({
    'stem/kernel': [3, 3],
    'stem/bias': [3],
    'stage/block_1/conv/kernel': [3, 3],
    'stage/block_1/norm/gamma': [3],
    'stage/block_2/conv/kernel': [3, 3],
    'head/dense/kernel': [3, 3],
  }),
);

describe('rows', () => {
  const names = (fold: 'groups' | 'layers' | 'parameters', open: readonly string[] = [], kernelsOnly = false) =>
    visibleRows(rowTree(rows, kernelsOnly), fold, new Set(open)).map(({ node, depth }) => `${' '.repeat(depth)}${node.name}`);

  test('follow the forward order, folded by the layers’ paths; a group of one is joined with what it holds', () => {
    expect(names('groups')).toEqual(['stem', 'stage', 'head/dense']);
    expect(names('groups', ['stage'])).toEqual(['stem', 'stage', ' block_1', ' block_2/conv', 'head/dense']);
    expect(names('groups', ['stage', 'stage/block_1'])).toEqual([
      'stem',
      'stage',
      ' block_1',
      '  conv',
      '  norm',
      ' block_2/conv',
      'head/dense',
    ]);
    expect(names('layers')).toEqual(['stem', 'stage/block_1/conv', 'stage/block_1/norm', 'stage/block_2/conv', 'head/dense']);
  });

  test('of a layer unfold into its parameters', () => {
    expect(names('layers', ['stem']).slice(0, 3)).toEqual(['stem', ' kernel', ' bias']);
    expect(names('parameters')).toEqual(rows.map(({ path }) => path));
  });

  test('leave out biases and scales where one asks for it', () => {
    expect(names('layers', ['stem'], true)).toEqual(['stem', ' kernel', 'stage/block_1/conv', 'stage/block_2/conv', 'head/dense']);
    expect(layerCount(rowTree(rows, true))).toBe(4);
  });

  test('leave out what follows the data and is not learnt', () => {
    const norm = rowsOfAxis(parametersOf({ 'norm/gamma': [3], 'norm/moving_mean': [3], 'counter/moving_count': [] }));
    expect(visibleRows(rowTree(norm, false), 'parameters', new Set()).map(({ node }) => node.path)).toEqual(['norm/gamma']);
  });

  test('hold each parameter once, whatever is folded', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(
        fc.uniqueArray(path, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('groups' as const, 'layers' as const, 'parameters' as const),
        (layers, fold) => {
          const all = rowsOfAxis(parametersOf(Object.fromEntries(layers.map((layer) => [`${layer}/w`, [2, 2]]))));
          const shown = visibleRows(rowTree(all, false), fold, new Set());
          expect(shown.flatMap(({ node }) => [...node.members]).sort((a, b) => a - b)).toEqual(all.map((_, p) => p));
        },
      ),
    );
  });

  test('a path is found in its own row, else in the one it is folded into', () => {
    const folded = visibleRows(rowTree(rows, false), 'groups', new Set());
    expect([rowOf(folded, 'stage/block_1/conv'), rowOf(folded, 'stem'), rowOf(folded, 'head/dense'), rowOf(folded, 'st')]).toEqual([
      1, 0, 2, -1,
    ]);
  });
});

const tracks = (values: readonly number[]): Track[] => [{ value: Float64Array.from(values), state: new Uint8Array(values.length) }];

describe('the scale', () => {
  test('spans the middle 98 hundredths, and says which end is open', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 10 ** (i / 200));
    const scale = scaleOf(tracks([...values, 0]), undefined);
    expect(scale?.low).toBeCloseTo(0.045, 6);
    expect(scale?.high).toBeCloseTo(4.95, 6);
    expect([scale?.isOpenBelow, scale?.isOpenAbove]).toEqual([true, true]);
  });

  test('orders values as they are ordered, with 0 below all', () => {
    const positive = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.array(positive, { minLength: 2 }), positive, positive, fc.boolean(), (all, a, b, diverges) => {
        const scale = scaleOf(tracks(all), diverges ? -3 : undefined);
        if (scale === undefined) throw new Error('no scale');
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(heatOf(low, scale)).toBeLessThanOrEqual(heatOf(high, scale));
        expect(heatOf(0, scale)).toBeLessThanOrEqual(heatOf(low, scale));
      }),
    );
  });

  test('of updates turns at a thousandth', () => {
    const scale = scaleOf(tracks([1e-5, 1e-4]), -3);
    expect(scale === undefined ? undefined : [scale.low, scale.high, heatOf(1e-3, scale)]).toEqual([-5, -1, 0]);
  });

  test('of nothing above 0 is none', () => {
    expect(scaleOf(tracks([0, 0]), undefined)).toBeUndefined();
    expect(scaleOf([{ value: Float64Array.of(5), state: Uint8Array.of(IS.nonFinite) }], undefined)).toBeUndefined();
  });
});

describe('the scale of values on both sides of 0', () => {
  const value = fc.tuple(fc.constantFrom(-1, 1), fc.double({ min: -6, max: 2, noNaN: true })).map(([sign, power]) => sign * 10 ** power);
  const scale = (values: readonly number[]) =>
    signedScale([{ value: Float64Array.from(values), state: new Uint8Array(values.length).fill(IS.value) }]);

  test('is the same to both sides, has 0 in its middle, and rises', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 30 }), (values) => {
        const own = scale(values);
        if (own === undefined) throw new Error('no scale');
        expect(heatOf(0, own)).toBe(0);
        const rising = values.toSorted((a, b) => a - b).map((v) => heatOf(v, own));
        expect(rising).toEqual(rising.toSorted((a, b) => a - b));
        for (const v of values) {
          expect(heatOf(-v, own)).toBeCloseTo(-heatOf(v, own), 12);
          expect(Math.sign(heatOf(v, own))).toBe(Math.sign(v));
        }
        expect(valueAt(own, 0)).toBeCloseTo(-valueAt(own, 1), 12);
        expect(valueAt(own, 0.5)).toBe(0);
        expect(heatOf(valueAt(own, 1), own)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('says on which side values lie beyond it', () => {
    const many = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 + (i % 7) / 10));
    expect(scale([...many, -1e9])).toMatchObject({ isOpenBelow: true, isOpenAbove: false });
    expect(scale([0, 0])).toBeUndefined();
  });
});

describe('columns of pixels', () => {
  const x = fc
    .uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 })
    .map((all) => Float64Array.from(all.sort((a, b) => a - b)));

  test('show every step in sight, in their order, and once unless it fills several', () => {
    fc.assert(
      fc.property(x, fc.integer({ min: 1, max: 500 }), (places, columns) => {
        const { first, end } = columnsOf(places, [0, 400], columns);
        const seen = new Set<number>();
        let before = -1;
        for (let c = 0; c < columns; c++) {
          for (let i = first[c] ?? 0; i < (end[c] ?? 0); i++) {
            expect(i).toBeGreaterThanOrEqual(before);
            before = i;
            seen.add(i);
          }
        }
        expect(seen.size).toBe(places.length);
      }),
    );
  });

  test('of a step reach to the next one', () => {
    const { first, end } = columnsOf(Float64Array.of(2, 5), [0, 10], 10);
    expect([...first].map((at, c) => (end[c] === at ? -1 : at))).toEqual([-1, -1, 0, 0, 0, 1, 1, 1, -1, -1]);
  });

  test('zoomed into between two steps show the earlier one', () => {
    const { first, end } = columnsOf(Float64Array.of(0, 100), [40, 60], 4);
    expect([...first, ...end]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  test('shared by thousands of steps show the greatest value, and a bad step before it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3000 }), fc.nat(), fc.boolean(), (n, seed, bad) => {
        const spike = seed % n;
        const value = new Float64Array(n).fill(1);
        const state = new Uint8Array(n);
        value[spike] = bad ? Number.NaN : 50;
        state[spike] = bad ? IS.nonFinite : IS.value;
        expect(shownIn({ value, state }, 0, n)).toBe(spike);
      }),
    );
    expect(shownIn({ value: Float64Array.of(1), state: Uint8Array.of(0) }, 0, 0)).toBe(-1);
  });
});
