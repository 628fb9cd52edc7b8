import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clamped, showing, WHOLE, zoomed } from './matrix_view';
import { cellsOf, changed, kernelsOf, limitOf, span, stableRank, type WeightCells, wholeSize } from './weight_cells';
import { recordOf } from './weight_cells.fixture';

const size = fc.integer({ min: 1, max: 6 });

test('a record of several parameters gives each its own cells, multiplied by its power of two', () => {
  const record = recordOf([
    { shape: [2, 3], values: [1, 2, 3, 4, 5, 6], exponent: -1 },
    { shape: [2], values: [7, 8] },
  ]);
  expect([...cellsOf(record, 0, [2, 3]).value]).toEqual([0.5, 1, 1.5, 2, 2.5, 3]);
  expect([...cellsOf(record, 1, [2]).value]).toEqual([7, 8]);
  expect(cellsOf(record, 0, [2, 3]).norm).toBeCloseTo(Math.sqrt(0.25 + 1 + 2.25 + 4 + 6.25 + 9));
});

test('the parts of an axis are all of it, each place once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 1000 }), (m, more) => {
      const parts = Array.from({ length: m }, (_, i) => span(i, m, m + more));
      expect(parts[0]?.from).toBe(0);
      expect(parts.at(-1)?.to).toBe(m + more);
      parts.forEach(({ from, to }, i) => {
        expect(to).toBeGreaterThan(from);
        if (i > 0) expect(from).toBe(parts[i - 1]?.to);
      });
    }),
  );
});

test('the kernels of a convolution are its values, each once, whatever the order of its axes', () => {
  const orders = [
    ['height', 'width', 'in', 'out'],
    ['out', 'in', 'height', 'width'],
    ['in', 'out', 'height', 'width'],
    ['height', 'width', 'out', 'in'],
  ];
  fc.assert(
    fc.property(size, fc.integer({ min: 2, max: 5 }), size, size, fc.constantFrom(...orders), (height, width, input, output, axes) => {
      const sizes: Record<string, number> = { height, width, in: input, out: output };
      const shape = axes.map((axis) => sizes[axis] ?? 1);
      const values = Array.from({ length: height * width * input * output }, (_, k) => k);
      const cells = cellsOf(recordOf([{ shape, values, axes: axes.join() }]), 0, shape);
      const kernels = kernelsOf(cells) ?? [];
      expect(kernels).toHaveLength(input * output);
      expect(kernels.flatMap(({ value }) => [...value]).sort((a, b) => a - b)).toEqual(values);
      // The place of each value, by brute force.
      for (const { input: i, output: o, value } of kernels) {
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const at: Record<string, number> = { height: y, width: x, in: i, out: o };
            const flat = axes.reduce((place, axis, a) => place * (shape[a] ?? 1) + (at[axis] ?? 0), 0);
            expect(value[y * width + x]).toBe(flat);
          }
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a matrix has no kernels, nor has a convolution of single places', () => {
  const one = (shape: number[], axes: string) =>
    cellsOf(recordOf([{ shape, values: Array(shape.reduce((a, b) => a * b)).fill(1), axes }]), 0, shape);
  expect(kernelsOf(one([2, 3], 'in,out'))).toBeUndefined();
  expect(kernelsOf(one([1, 1, 2, 3], 'height,width,in,out'))).toBeUndefined();
});

test('kernels that are kept alone are named by input and output', () => {
  const record = recordOf([
    { shape: [1, 2, 4, 3], values: [1, 2, 3, 4], axes: 'height,width,in,out', kept: 'kernels', rows: 2, columns: 2, kernel: [1, 11] },
  ]);
  const kernels = kernelsOf(cellsOf(record, 0, [1, 2, 4, 3])) ?? [];
  expect(kernels.map(({ input, output }) => [input, output])).toEqual([
    [0, 1],
    [3, 2],
  ]);
  expect(kernels.map(({ value }) => [...value])).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

function matrix(values: readonly number[]): WeightCells {
  return cellsOf(recordOf([{ shape: [1, values.length], values: [...values] }]), 0, [1, values.length]);
}

test('a change is what was added; what float16 cannot tell is none, and what broke is not a number', () => {
  const after = changed(matrix([1, 2, 0, Number.NaN, 1]), matrix([0.5, 2.0005, 0, Number.NaN, Number.POSITIVE_INFINITY]));
  expect([...(after?.value ?? [])]).toEqual([0.5, 0, 0, 0, Number.NaN]);
  expect(after?.norm).toBe(0.5);
});

test('cells that lie elsewhere are not compared', () => {
  expect(changed(matrix([1, 2]), matrix([1, 2, 3]))).toBeUndefined();
});

test('colours end at the 99th percentile, and somewhere where all is 0 or nothing is a number', () => {
  expect(limitOf([matrix(Array.from({ length: 101 }, (_, k) => k - 50))])).toBe(50);
  expect(limitOf([matrix([0, 0])])).toBe(1);
  expect(limitOf([matrix([Number.NaN])])).toBe(1);
  // Nearly all are 0: the one that is not still has a colour.
  expect(limitOf([matrix([...Array(500).fill(0), 3])])).toBe(3);
});

test('the size behind blocks is that of the whole matrix', () => {
  const record = recordOf([{ shape: [10, 4, 6], values: [1, 2, 3, 4], axes: 'in,head,feature', kept: 'blocks', rows: 2, columns: 2 }]);
  expect(wholeSize(cellsOf(record, 0, [10, 4, 6]))).toEqual({ rows: 40, columns: 6 });
  const turned = recordOf([{ shape: [8, 3, 5], values: [1, 2, 3, 4], axes: 'out,in,length', kept: 'blocks', rows: 2, columns: 2 }]);
  expect(wholeSize(cellsOf(turned, 0, [8, 3, 5]))).toEqual({ rows: 8, columns: 15 });
});

test('the stable rank of the identity is its size, of one direction 1, of nothing undefined', () => {
  const of = (singular: number[]) => stableRank({ ...matrix([0]), singular, norm: Math.sqrt(singular.reduce((sum, s) => sum + s * s, 0)) });
  expect(of([1, 1, 1])).toBeCloseTo(3);
  expect(of([2, 0])).toBe(1);
  expect(of([])).toBeUndefined();
});

const SIZE = { width: 300, height: 200 };

test('a zoom leaves what is under the pointer where it is, but for the edges, and shows no emptiness', () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      part,
      part,
      fc.double({ min: 1, max: 20, noNaN: true }),
      part,
      part,
      fc.double({ min: 0.1, max: 8, noNaN: true }),
      (u, v, z, s, t, by) => {
        const view = clamped({ zoom: z, x: u * SIZE.width * (z - 1), y: v * SIZE.height * (z - 1) }, SIZE, 40);
        const at = { x: s * SIZE.width, y: t * SIZE.height };
        const next = zoomed(view, by, at, SIZE, 40);
        expect(next.x).toBeGreaterThanOrEqual(0);
        expect(next.x).toBeLessThanOrEqual(SIZE.width * (next.zoom - 1) + 1e-9);
        if (by < 1) return;
        expect((next.x + at.x) / next.zoom).toBeCloseTo((view.x + at.x) / view.zoom, 6);
        expect((next.y + at.y) / next.zoom).toBeCloseTo((view.y + at.y) / view.zoom, 6);
      },
    ),
  );
  expect(zoomed({ zoom: 3, x: 10, y: 10 }, 0.01, { x: 0, y: 0 }, SIZE, 40)).toEqual(WHOLE);
});

test('a cell under the cursor is brought into the picture', () => {
  const next = showing({ zoom: 10, x: 0, y: 0 }, { left: 290, top: 190, width: 10, height: 10 }, SIZE, 40);
  expect(next.x).toBe(2700);
  expect(next.y).toBe(1800);
});
