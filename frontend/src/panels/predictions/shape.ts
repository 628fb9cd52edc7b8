import type { Looks } from './choices';
import type { Shape } from './Tile';

const SMALL = 72;
const LARGE = 112;
/** Names up to this stand in one line with the confidence. */
const SHORT = 3;
const ROW = 300;
/** Width of the numbers in a row, and of a letter, about. */
const NUMBERS = 105;
const LETTER = 7;

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
    const shape: Shape = {
      looks,
      picture,
      height: picture + (isShort ? 30 : 48),
      letters: isShort ? SHORT : 14,
      isLong: !isShort,
    };
    return { shape, columns: Math.max(1, Math.floor((width + 12) / (picture + 12))) };
  }
  const columns = Math.max(1, Math.floor(width / ROW));
  const picture = what === 'image' ? 40 : 0;
  const room = width / columns - picture - 20;
  // Long names have a line of their own; the numbers stand in the next one then.
  const isLong = letters > Math.floor((room - NUMBERS) / (2 * LETTER));
  const most = Math.max(6, Math.floor((isLong ? room : room - NUMBERS) / (2 * LETTER)));
  const height = what === 'text' ? (isLong ? 84 : 66) : 52;
  return { shape: { looks, picture, height, letters: most, isLong }, columns };
}
