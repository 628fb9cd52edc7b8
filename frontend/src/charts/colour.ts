/**
 * The one home of colours that stand for numbers and trainings. Scales are straight lines of lightness in OKLab
 * (Ottosson 2020), so equal steps of value look like equal steps of colour; they start at the background of the theme.
 */
import { signal } from '@preact/signals';

export type Rgb = readonly [number, number, number];
export type Theme = 'light' | 'dark';

/** The theme in force; what is drawn on a canvas reads it and so is drawn again when it changes. */
export const theme = signal<Theme>('light');

/** Lightness, chroma and hue in degrees. */
type Lch = readonly [number, number, number];

const STEPS = 256;
const BLUE = 250;
const ORANGE = 58;

const SEQUENTIAL: Record<Theme, { from: Lch; to: Lch; most: number }> = {
  light: { from: [0.98, 0.006, BLUE], to: [0.34, 0.09, BLUE], most: 0.13 },
  dark: { from: [0.34, 0.004, BLUE], to: [0.94, 0.035, BLUE], most: 0.12 },
};
const DIVERGING: Record<Theme, { centre: number; end: number; chroma: number }> = {
  light: { centre: 0.97, end: 0.58, chroma: 0.145 },
  dark: { centre: 0.36, end: 0.76, chroma: 0.135 },
};
/** Exactly 0 where a scale is logarithmic: a grey of which every scale keeps clear. */
const STILL: Record<Theme, Rgb> = { light: fromOklch([0.84, 0, 0]), dark: fromOklch([0.5, 0, 0]) };
/** What is no number is neither high nor low: a hue that no scale has. */
const NOT_A_NUMBER: Record<Theme, Rgb> = { light: [160, 60, 160], dark: [214, 130, 214] };

/** TensorBoard's run palette for people who see colours differently, in its order. */
const TRAININGS: readonly Rgb[] = [
  [255, 112, 67],
  [0, 119, 187],
  [204, 51, 17],
  [51, 187, 238],
  [238, 51, 119],
  [0, 153, 136],
  [187, 187, 187],
];

const tables = { light: makeTables('light'), dark: makeTables('dark') };

/** Blue for 0 (the background) to 1; values beyond the ends are drawn as the ends, NaN in a colour of its own. */
export function sequential(t: number): Rgb {
  return pick(tables[theme.value].sequential, t);
}

/** Blue at −1, the background at 0, orange at 1. */
export function diverging(t: number): Rgb {
  return pick(tables[theme.value].diverging, (t + 1) / 2);
}

/** What does not move at all, which is something else than hardly to move: the quiet grey of 0 on a logarithmic scale. */
export function still(): Rgb {
  return STILL[theme.value];
}

/** Colour of the n-th training of the list. */
export function categorical(n: number): Rgb {
  return TRAININGS[n % TRAININGS.length] ?? NOT_A_NUMBER.light;
}

export function css(rgb: Rgb): string {
  return `rgb(${rgb[0]} ${rgb[1]} ${rgb[2]})`;
}

/** The colour of what is NaN or infinite, which no scale has. */
export function notFinite(): string {
  return css(NOT_A_NUMBER[theme.value]);
}

/** Black or white, whichever reads better on a colour: at least 4.5 : 1 on every colour (WCAG 2.2, 1.4.3). */
export function textOn(rgb: Rgb): string {
  const y = luminance(rgb);
  return 1.05 / (y + 0.05) > (y + 0.05) / 0.05 ? '#fff' : '#000';
}

/** Relative luminance (WCAG 2.2). */
export function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function pick(table: readonly Rgb[], t: number): Rgb {
  const k = Math.round(Math.min(1, Math.max(0, t)) * (table.length - 1));
  return table[k] ?? NOT_A_NUMBER[theme.value];
}

function makeTables(which: Theme): { sequential: readonly Rgb[]; diverging: readonly Rgb[] } {
  const s = SEQUENTIAL[which];
  const d = DIVERGING[which];
  return {
    sequential: table((t) => {
      // More chroma in the middle, where the gamut has room for it.
      const arch = 4 * t * (1 - t) * (s.most - (s.from[1] + s.to[1]) / 2);
      return [mix(s.from[0], s.to[0], t), mix(s.from[1], s.to[1], t) + arch, BLUE];
    }, STEPS),
    // Odd, so that 0 has an entry of its own.
    diverging: table((t) => {
      const size = Math.abs(2 * t - 1);
      return [mix(d.centre, d.end, size), d.chroma * size, t < 0.5 ? BLUE : ORANGE];
    }, STEPS + 1),
  };
}

function table(colour: (t: number) => Lch, steps: number): readonly Rgb[] {
  return Array.from({ length: steps }, (_, k) => fromOklch(colour(k / (steps - 1))));
}

function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** OKLCH to sRGB, clipped to the gamut. */
function fromOklch([lightness, chroma, hue]: Lch): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function channel(linear: number): number {
  const c = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, c)));
}
