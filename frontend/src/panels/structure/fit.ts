/** Texts cut to a width, as the page draws them. */
import { middle, visible } from '../../math/ellipsis';

const FAMILY = 'Roboto, Helvetica, Arial, sans-serif';

/** The sizes that the picture has text in. */
export const FONTS = { name: `500 13px ${FAMILY}`, what: `11px ${FAMILY}` } as const;
export type Font = keyof typeof FONTS;

let context: CanvasRenderingContext2D | null | undefined;
const widths = new Map<string, number>();

/** Width in the picture's own pixels. */
export function widthOf(text: string, font: Font): number {
  const key = `${font} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    context ??= document.createElement('canvas').getContext('2d');
    if (context !== null) context.font = FONTS[font];
    // Where there is no canvas, such as in tests, letters are taken to be of one width.
    width = context?.measureText(text).width ?? text.length * (font === 'name' ? 7.2 : 6);
    widths.set(key, width);
  }
  return width;
}

/** A name that fits, with an ellipsis in its middle where it was too long. */
export function fitName(name: string, room: number, font: Font = 'name'): string {
  let most = name.length;
  let text = visible(name);
  while (most > 1 && widthOf(text, font) > room) {
    most = Math.max(1, Math.min(most - 1, Math.floor((most * room) / widthOf(text, font))));
    text = visible(middle(name, most));
  }
  return text;
}

const SEPARATOR = ' · ';

/** A sentence that fits, its end cut off where it was too long. */
export function fitEnd(text: string, room: number): string {
  let shown = visible(text);
  while (shown.length > 1 && widthOf(shown, 'what') > room) {
    const most = Math.min(shown.length - 2, Math.floor((shown.length * room) / widthOf(shown, 'what')));
    shown = `${shown.slice(0, Math.max(0, most)).replace(/[\s·:,;(]+$/, '')}…`;
  }
  return shown;
}

/** The first parts that fit; a first part that does not is cut in its middle. */
export function fitParts(text: string, room: number): string {
  if (widthOf(text, 'what') <= room) return visible(text);
  for (let end = text.lastIndexOf(SEPARATOR); end > 0; end = text.lastIndexOf(SEPARATOR, end - 1)) {
    const part = `${text.slice(0, end)} …`;
    if (widthOf(part, 'what') <= room) return visible(part);
  }
  return fitName(text, room, 'what');
}
