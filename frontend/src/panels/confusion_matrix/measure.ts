/** Widths of text as the page draws it, and names cut to a width. */
import { middle, visible } from '../../math/ellipsis';

let context: CanvasRenderingContext2D | null | undefined;
const FONT = '12px Roboto, Helvetica, Arial, sans-serif';
const widths = new Map<string, number>();

/** Width in CSS pixels at the size of labels. */
export function textWidth(text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    width = measure(text);
    widths.set(text, width);
  }
  return width;
}

function measure(text: string): number {
  if (context === undefined) {
    context = document.createElement('canvas').getContext('2d');
    if (context !== null) context.font = FONT;
  }
  // Where there is no canvas, such as in tests, a letter is taken to be 7 pixels wide.
  return context?.measureText(text).width ?? text.length * 7;
}

/** The widest of the names, but at most `most`: looks no further once one is that wide. */
export function widest(names: readonly string[], most: number): number {
  let width = 0;
  for (const name of names) {
    width = Math.max(width, textWidth(visible(middle(name, 40))));
    if (width >= most) return most;
  }
  return Math.ceil(width);
}

/** A name that fits a width, with an ellipsis in its middle where it was too long. */
export function cut(name: string, width: number): string {
  let most = 40;
  let text = visible(middle(name, most));
  while (most > 2 && textWidth(text) > width) {
    most = Math.min(most - 1, Math.floor((most * width) / textWidth(text)));
    text = visible(middle(name, Math.max(1, most)));
  }
  return text;
}
