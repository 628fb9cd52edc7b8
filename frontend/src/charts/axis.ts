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

/** Height of the marks below the last chart. */
export const BELOW = 22;
/** Room right of the last point: for its dot, and half of the mark below it. */
export const RIGHT = 20;

/** Opacity of what stands behind what matters more. */
export const FAINT = 0.38;

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

/** The horizontal axis; `labelled` only below the last chart of a stack. */
export function horizontalAxis(axis: Axis, ink: Ink, labelled: boolean): uPlot.Axis {
  return {
    show: labelled,
    size: BELOW,
    gap: 4,
    font: ink.font,
    stroke: ink.text,
    grid: { show: false },
    ticks: { show: false },
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
    splits: () => (domain === undefined ? [] : [...valueTicks(domain, scale, Math.max(2, Math.round(height / 34)))]),
    filter: (_plot, splits) => splits,
    values: (_plot, splits) => [...valueTexts(splits)],
  };
}
