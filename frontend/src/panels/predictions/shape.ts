import type { Looks } from './choices';
import type { Shape } from './Tile';

const SMALL = 72;
const LARGE = 112;
/** Names up to this stand in one line with the confidence. */
const SHORT = 3;
const ROW = 300;

/**
 * The room that samples take, and how many stand side by side.
 *
 * @param what What there is to look at, if anything.
 * @param letters Of the longest name of a class.
 * @param width Of the list.
 */
export function shapeOf(
  looks: Looks,
  what: string | undefined,
  letters: number,
  width: number,
): { readonly shape: Shape; readonly columns: number } {
  if (looks === 'pictures') {
    const isShort = letters <= SHORT;
    const picture = isShort ? SMALL : LARGE;
    const shape: Shape = { looks, picture, width: picture + 12, height: picture + (isShort ? 30 : 48), letters: isShort ? SHORT : 14 };
    return { shape, columns: Math.max(1, Math.floor((width + 12) / shape.width)) };
  }
  const columns = Math.max(1, Math.floor(width / ROW));
  const picture = what === 'image' ? 40 : 0;
  const room = width / columns - picture - 150;
  return {
    shape: { looks, picture, width: ROW, height: what === 'text' ? 66 : 52, letters: Math.max(6, Math.min(24, Math.floor(room / 15))) },
    columns,
  };
}
