import { describe, expect, it } from 'vitest';
import { confusion } from '../../math/confusion';
import { matrix } from '../../math/confusion.fixture';
import { domain } from './domain';
import { grid } from './grid';
import { heatMap } from './heat';
import { linesOf } from './lines';
import { raster } from './raster';

const EMPTY = 1;
const ramps = { heat: Uint32Array.from({ length: 256 }, (_, i) => 1000 + i), right: new Uint32Array(256).fill(10) };
const palette = { sure: ramps, unsure: ramps };

function draw(table: readonly (readonly number[])[], side: number, cell: number, order?: readonly number[], least = 1): number[][] {
  const c = confusion(matrix(table));
  const heat = heatMap(c, 'count', 'errors', domain([c], 'count', 'errors'), true);
  const pixels = new Uint32Array(side * side).fill(EMPTY);
  const places = grid(c, order ?? table.map((_, k) => k));
  raster(pixels, side, { lines: linesOf(c, false), grid: places, heat, view: { top: 0, left: 0, cell } }, palette, least);
  return Array.from({ length: side }, (_, y) => Array.from(pixels.subarray(y * side, (y + 1) * side)));
}

describe('raster', () => {
  it('draws each stored cell at its place, in the order given', () => {
    //         b  a
    //   b     .  5
    //   a     .  9 (right)
    const table = [
      [9, 0],
      [5, 0],
    ];
    expect(draw(table, 2, 1, [1, 0])).toEqual([
      [EMPTY, 1255],
      [EMPTY, 10],
    ]);
    expect(draw(table, 4, 2)).toEqual([
      [10, 10, EMPTY, EMPTY],
      [10, 10, EMPTY, EMPTY],
      [1255, 1255, EMPTY, EMPTY],
      [1255, 1255, EMPTY, EMPTY],
    ]);
  });

  it('keeps the hottest of the cells that share a pixel: one error among many right ones stays', () => {
    const n = 100;
    const table = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j): number => (i === j ? 50 : i === 3 && j === 2 ? 1 : 0)),
    );
    const drawn = draw(table, 10, 0.1);
    expect(drawn[0]?.[0]).toBe(1255);
    expect(drawn[1]?.[1]).toBe(10);
    expect(drawn.flat().filter((pixel) => pixel !== EMPTY)).toHaveLength(10);
  });

  it('draws few errors larger than a pixel, over nothing but the background; many as they are', () => {
    const n = 40;
    const table = (isWrong: (i: number, j: number) => boolean) =>
      Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j): number => (i === j ? 50 : isWrong(i, j) ? 1 : 0)));
    const few = draw(
      table((i, j) => (i === 3 && j === 30) || (i === 10 && j === 9)),
      n,
      1,
      undefined,
      2,
    );
    const at = (rows: readonly (readonly number[])[], y: number, x: number) => rows[y]?.[x];
    expect([at(few, 3, 30), at(few, 3, 31), at(few, 4, 30), at(few, 4, 31)]).toEqual([1255, 1255, 1255, 1255]);
    // Correct ones beside an error stay.
    expect([at(few, 10, 9), at(few, 10, 10), at(few, 11, 9), at(few, 11, 10)]).toEqual([1255, 10, 1255, 1255]);
    const many = draw(
      table((i, j) => (i + j) % 3 === 0 && i !== j),
      n,
      1,
      undefined,
      2,
    );
    expect(many.flat().filter((pixel) => pixel === 1255)).toHaveLength(
      table((i, j) => (i + j) % 3 === 0 && i !== j)
        .flat()
        .filter((count) => count === 1).length,
    );
  });
});
