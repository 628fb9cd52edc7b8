/** Which box an arrow key goes to. */
import type { Direction as Flow, Placed } from './picture';

export type Direction = 'up' | 'down' | 'left' | 'right';

const KEYS: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

export function directionOf(key: string): Direction | undefined {
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}

/** Where a box is for the keyboard: a frame is where its title is. */
function spot({ x, y, width, height, open }: Placed): { x: number; y: number } {
  return open ? { x: x + width / 2, y: y + 12 } : { x: x + width / 2, y: y + height / 2 };
}

/** How far from its own height, or column, a neighbour across may be. */
const ACROSS = { down: 60, right: 120 };

/** The nearest box in a direction; what lies to the side counts three times, so that a column, or a row, is followed. */
export function neighbour(placed: readonly Placed[], from: Placed, direction: Direction, flow: Flow): Placed | undefined {
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
    // Across the way that values go only boxes at about the same place count: the others are reached along it.
    if (ahead <= 1 || (vertical !== (flow === 'down') && aside > ACROSS[flow])) continue;
    const distance = ahead + 3 * aside;
    if (distance < least) {
      least = distance;
      best = other;
    }
  }
  return best;
}
