/** Which box an arrow key goes to. */
import type { Placed } from './picture';

export type Direction = 'up' | 'down' | 'left' | 'right';

const KEYS: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

export function directionOf(key: string): Direction | undefined {
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}

/** Where a box is for the keyboard: a frame is where its title is. */
function spot({ x, y, width, height, open }: Placed): { x: number; y: number } {
  return open ? { x: x + width / 2, y: y + 12 } : { x: x + width / 2, y: y + height / 2 };
}

/** The nearest box in a direction; what lies to the side counts three times, so that a column is followed. */
export function neighbour(placed: readonly Placed[], from: Placed, direction: Direction): Placed | undefined {
  const here = spot(from);
  let best: Placed | undefined;
  let least = Infinity;
  for (const other of placed) {
    if (other === from) continue;
    const there = spot(other);
    const dx = there.x - here.x;
    const dy = there.y - here.y;
    const vertical = direction === 'up' || direction === 'down';
    const ahead = direction === 'down' ? dy : direction === 'up' ? -dy : direction === 'right' ? dx : -dx;
    const aside = Math.abs(vertical ? dx : dy);
    // To the side only boxes of about the same height count: the others are reached by up and down.
    if (ahead <= 1 || (!vertical && aside > 60)) continue;
    const distance = ahead + 3 * aside;
    if (distance < least) {
      least = distance;
      best = other;
    }
  }
  return best;
}
