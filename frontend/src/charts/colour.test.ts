import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { categorical, css, diverging, luminance, type Rgb, sequential, textOn, theme } from './colour';

afterEach(() => {
  theme.value = 'light';
});

const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
/** Lightness in OKLab of what is shown (Ottosson 2020). */
function lightness(rgb: Rgb): number {
  const [r = 0, g = 0, b = 0] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
}

describe.each(['light', 'dark'] as const)('in the %s theme', (which) => {
  it('equal steps of value are equal steps of lightness', () => {
    theme.value = which;
    const steps = Array.from({ length: 17 }, (_, k) => lightness(sequential(k / 16)));
    const step = ((steps.at(-1) ?? 0) - (steps[0] ?? 0)) / 16;
    steps.slice(1).forEach((l, k) => {
      expect(Math.abs(l - (steps[k] ?? 0) - step)).toBeLessThan(0.25 * Math.abs(step));
    });
  });

  it('opposite values are equally light, and 0 is a grey', () => {
    theme.value = which;
    for (const t of [0.25, 0.5, 1]) expect(Math.abs(lightness(diverging(t)) - lightness(diverging(-t)))).toBeLessThan(0.03);
    const zero = diverging(0);
    expect(Math.max(...zero) - Math.min(...zero)).toBeLessThan(6);
  });

  it('NaN has a colour that no number has, and values beyond the ends are the ends', () => {
    theme.value = which;
    const all = Array.from({ length: 256 }, (_, k) => css(sequential(k / 255)));
    expect(all).not.toContain(css(sequential(Number.NaN)));
    expect(sequential(7)).toEqual(sequential(1));
    expect(diverging(Number.NEGATIVE_INFINITY)).toEqual(diverging(-1));
  });
});

it('text reads on every colour, at 4.5 : 1 or more', () => {
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (rgb) => {
      expect(contrast(luminance(rgb), textOn(rgb) === '#fff' ? 1 : 0)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

it('trainings beyond the palette begin it again', () => {
  expect(categorical(7)).toEqual(categorical(0));
});
