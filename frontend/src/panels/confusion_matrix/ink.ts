import type { Rgb } from '../../charts/colour';
import type { Ink } from './paint';

/** The theme's colours as the canvas sees them. */
export function inkOf(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D): Ink {
  const style = getComputedStyle(canvas);
  const read = (name: string) => rgb(context, style.getPropertyValue(name));
  return { background: read('--ls-bg'), line: read('--ls-line'), soft: read('--ls-text-2'), font: style.fontFamily || 'sans-serif' };
}

/** A canvas gives opaque colours back as `#rrggbb`, whatever way they were written. */
function rgb(context: CanvasRenderingContext2D, colour: string): Rgb {
  context.fillStyle = colour.trim();
  const hex = Number.parseInt(String(context.fillStyle).slice(1), 16);
  return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
}
