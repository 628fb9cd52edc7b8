/** Boxes glide to where they are when one opens or closes, so that the eye keeps its place. */
import type { Placed } from './picture';

/** Where things stood on the screen. */
export interface Shot {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
  /** Corners in the picture, by key. */
  readonly at: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
}

const DURATION_MS = 150;

/** Args: margin: Space around the picture, in its own pixels. */
export function shotOf(svg: SVGSVGElement, placed: readonly Placed[], scale: number, margin: number): Shot {
  const { left, top } = svg.getBoundingClientRect();
  const at = new Map(placed.map(({ box, x, y }) => [box.key, { x, y }]));
  return { left: left + margin * scale, top: top + margin * scale, scale, at };
}

/** From where each box of `after` comes, in the picture's pixels; undefined for one that was not there. */
export function shifts(before: Shot, after: Shot): ReadonlyMap<string, { readonly x: number; readonly y: number } | undefined> {
  return new Map(
    [...after.at].map(([key, now]) => {
      const old = before.at.get(key);
      if (old === undefined) return [key, undefined];
      return [
        key,
        {
          x: (before.left - after.left + old.x * before.scale) / after.scale - now.x,
          y: (before.top - after.top + old.y * before.scale) / after.scale - now.y,
        },
      ];
    }),
  );
}

/** Moves the boxes, and lets what is new and all edges fade in; nothing moves for who wants no motion. */
export function glide(svg: SVGSVGElement, before: Shot, after: Shot): void {
  if (typeof svg.animate !== 'function' || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const timing = { duration: DURATION_MS, easing: 'ease-out' };
  const from = shifts(before, after);
  for (const element of svg.querySelectorAll<SVGGElement>('[data-box]')) {
    const key = element.dataset.box ?? '';
    const [now, shift] = [after.at.get(key), from.get(key)];
    if (now === undefined) continue;
    if (shift === undefined) element.animate([{ opacity: 0 }, { opacity: 1 }], timing);
    else if (Math.abs(shift.x) > 0.5 || Math.abs(shift.y) > 0.5) {
      const to = (dx: number, dy: number) => ({ transform: `translate(${now.x + dx}px, ${now.y + dy}px)` });
      element.animate([to(shift.x, shift.y), to(0, 0)], timing);
    }
  }
  svg.querySelector('.ls-structure-wires')?.animate([{ opacity: 0 }, { opacity: 1 }], timing);
}
