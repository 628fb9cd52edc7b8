/** uPlot's axes in the looks of the page. */
import type uPlot from 'uplot';
import type { Domain, Scale } from '../math/domain';
import type { Axis } from '../math/series';
import { placeText, placeTicks, valueTexts, valueTicks } from './ticks';

/** Width of the column of numbers and names left of every picture of a stack, in CSS pixels: the same for all, so that they line up. */
export function gutterOf(width: number): number {
  return width < NARROW ? 76 : 128;
}
const NARROW = 560;

/** Height of the marks below the last chart, and how far they are below it: the lowest number beside it ends there. */
export const BELOW = 26;
export const MARKS_GAP = 8;
/** Room right of the last point: for its dot, and half of the mark below it. */
export const RIGHT = 20;

/** Pixels from the name of a horizontal axis to where it begins: the first mark stands half in them. */
export function nameGap(axis: Axis): number {
  if (axis === 'clock') return 32;
  return axis === 'time' ? 24 : 14;
}

/** Opacity of what stands behind what matters more. */
export const FAINT = 0.38;
/** That of such a line smoothed, before its values. */
const FAINT_SMOOTH = 0.65;

/** Opacity of a line, or of the mean that is drawn over its values. */
export function strength(isFaint: boolean, isSmoothed: boolean): number {
  if (!isFaint) return 1;
  return isSmoothed ? FAINT_SMOOTH : FAINT;
}

/** Colours of the page that a canvas needs by value. */
export interface Ink {
  readonly text: string;
  readonly line: string;
  readonly warn: string;
  readonly font: string;
}

/** The page's colours where an element stands, as they are now. */
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(name).trim() || 'currentcolor';
  return { text: of('--ls-text-2'), line: of('--ls-line'), warn: of('--ls-warn'), font: `11px ${style.fontFamily || 'sans-serif'}` };
}

/**
 * For uPlot to find a distance of marks on an axis of any length: it knows those from 1e-32 to 1e32, and draws no mark where
 * none of them fits. Where the marks stand is found elsewhere. Less than 5 it takes apart into digits.
 */
const anyLength: uPlot.Axis.Incrs = (_plot, _i, low, high) => [Math.max(5, high - low)];

/** The horizontal axis; `labelled` only below the last chart of a stack. */
export function horizontalAxis(axis: Axis, ink: Ink, labelled: boolean): uPlot.Axis {
  return {
    show: labelled,
    size: BELOW,
    gap: MARKS_GAP,
    font: ink.font,
    stroke: ink.text,
    grid: { show: false },
    ticks: { show: false },
    incrs: anyLength,
    splits: (plot, _i, low, high) => [...placeTicks([low, high], axis, Math.max(2, plot.bbox.width / devicePixelRatio / 80))],
    values: (_plot, splits) => splits.map((x) => placeText(x, axis)),
  };
}

/** The vertical axis: a few numbers, and a quiet line at each. */
export function verticalAxis(domain: Domain | undefined, scale: Scale, height: number, gutter: number, ink: Ink): uPlot.Axis {
  return {
    size: gutter,
    gap: 8,
    font: ink.font,
    stroke: ink.text,
    grid: { stroke: ink.line, width: 1 },
    ticks: { show: false },
    incrs: anyLength,
    splits: () => (domain === undefined ? [] : [...valueTicks(domain, scale, Math.max(2, Math.round(height / 34)))]),
    filter: (_plot, splits) => splits,
    values: (_plot, splits) => [...valueTexts(splits)],
  };
}
