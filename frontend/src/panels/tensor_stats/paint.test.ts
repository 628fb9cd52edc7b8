import { describe, expect, test } from 'vitest';
import { diverging, sequential, theme } from '../../charts/colour';
import { IS, type Track } from '../../math/tensor_measures';
import { rowTree, visibleRows } from '../../math/tensor_rows';
import { scaleOf } from '../../math/tensor_scale';
import { mergeTensorStats } from '../../math/tensor_series';
import { parametersOf, tensorSeries } from '../../math/tensor_stats.fixture';
import type { Heat } from './heat';
import { colourOf, pixelsOf } from './paint';

const INK = { line: 0xff111111, strong: 0xff222222 };

function heat(tracks: readonly (Track | undefined)[], steps: number): Heat {
  const series = mergeTensorStats(
    [
      tensorSeries('t', [
        { step: Array.from({ length: steps }, (_, i) => i), statistics: ['x'], parameters: tracks.length, value: () => 1 },
      ]),
    ],
    new Map([['d', parametersOf(Object.fromEntries(tracks.map((_, r) => [`l${r}/kernel`, [2, 2]])))]]),
  );
  if (series === undefined) throw new Error('nothing merged');
  const present = tracks.flatMap((each) => each ?? []);
  return {
    series,
    rows: visibleRows(rowTree(series.rows, false), 'layers', new Set()),
    tracks,
    x: series.step,
    scale: scaleOf(present, undefined),
  };
}

const of = (value: readonly number[], state: readonly number[] = value.map(() => IS.value)): Track => ({
  value: Float64Array.from(value),
  state: Uint8Array.from(state),
});

function linesOf(drawn: Heat, shown: readonly [number, number], width: number, row: number): readonly (readonly number[])[] {
  const pixels = pixelsOf(drawn, shown, width, row, INK);
  return Array.from({ length: pixels.length / width }, (_, y) => Array.from(pixels.subarray(y * width, (y + 1) * width)));
}

const packed = ([r, g, b]: readonly [number, number, number]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

describe('pixels', () => {
  test('of a cell have the colour of its value, on every line of its row', () => {
    const drawn = heat([of([1, 10, 100]), of([100, 10, 1])], 3);
    const lines = linesOf(drawn, [0, 3], 6, 3);
    const ends = [packed(colourOf(1, drawn.scale)), packed(colourOf(100, drawn.scale))];
    expect(lines.map((line) => [line[0], line[5]])).toEqual([...Array(3).fill(ends), ...Array(3).fill(ends.toReversed())]);
    expect(lines[0]?.[1]).toBe(lines[0]?.[0]);
  });

  test('tell zero, none, missing and what is not finite apart', () => {
    const states = [IS.value, IS.value, IS.none, IS.missing, IS.nonFinite];
    const drawn = heat([of([5, 0, Number.NaN, Number.NaN, Number.NaN], states)], 5);
    const looks = linesOf(drawn, [0, 5], 60, 8).map((line) => [0, 12, 24, 36, 48].map((c) => line.slice(c, c + 12).join()));
    const whole = [0, 1, 2, 3, 4].map((k) => looks.map((look) => look[k]).join());
    expect(new Set(whole).size).toBe(5);
    expect(whole[4]).toContain(String(packed(sequential(Number.NaN))));
  });

  test('of a step among many that are not finite, or greatest, are drawn', () => {
    const value = new Float64Array(5000).fill(1);
    value[1234] = 1e3;
    const state = new Uint8Array(5000);
    state[4321] = IS.nonFinite;
    const drawn = heat([{ value, state }], 5000);
    const [line = []] = linesOf(
      { ...drawn, scale: { low: 0, high: 3, isDiverging: false, isOpenBelow: false, isOpenAbove: false } },
      [0, 5000],
      100,
      1,
    );
    expect(line[24]).toBe(packed(sequential(1)));
    expect(line[86]).toBe(packed(sequential(Number.NaN)));
    expect(new Set(line).size).toBe(3);
  });

  test('of a row that the training has not are hatched; before the first step there are none', () => {
    const drawn = heat([undefined], 3);
    const [line = []] = linesOf(drawn, [-3, 3], 12, 1);
    expect(new Set(line.slice(0, 6))).toEqual(new Set([0]));
    expect(line.slice(6)).toContain(INK.strong);
  });
});

test('zero has a look that no value above it has, on every scale and in both themes', () => {
  for (const isDiverging of [true, false]) {
    const scale = { low: -5, high: -1, isDiverging, isOpenBelow: true, isOpenAbove: true };
    for (const each of ['light', 'dark'] as const) {
      theme.value = each;
      const zero = colourOf(0, scale);
      for (const power of [-30, -5, -4.9, -3, -1, 3]) {
        const apart = Math.hypot(...colourOf(10 ** power, scale).map((c, k) => c - (zero[k] ?? 0)));
        expect(apart).toBeGreaterThan(20);
      }
    }
  }
  theme.value = 'light';
});

test('a scale that diverges has its own colours', () => {
  expect(colourOf(1e-3, { low: -5, high: -1, isDiverging: true, isOpenBelow: false, isOpenAbove: false })).toEqual(diverging(0));
});
