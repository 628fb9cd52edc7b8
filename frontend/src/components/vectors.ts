/** What is on the page as one SVG: its words where they stand, its boxes, and its own pictures. */
import type { Format } from './download';
import { MARGIN, plainColour, standalone, TITLE } from './picture';
import { type Box, isCut, type Mark, seen } from './seen';

const SVG = 'http://www.w3.org/2000/svg';
/** Of the size of letters: how far their line stands below the middle of their box. */
const BELOW = 0.35;

type Attributes = Readonly<Record<string, string | number>>;

/** What an element shows, where it stands on the page, under a title. Pictures of pixels stay pixels. */
export function sheet(element: HTMLElement, title: string): string {
  const frame = element.getBoundingClientRect();
  const [width, height] = [frame.width + 2 * MARGIN, frame.height + 2 * MARGIN + TITLE];
  const style = getComputedStyle(element);
  const root = node('svg', { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': style.fontFamily });
  root.append(node('rect', { width, height, fill: getComputedStyle(document.body).backgroundColor }));
  root.append(node('text', { x: MARGIN, y: MARGIN + 13, fill: style.color, 'font-size': 13, 'font-weight': 500 }, title));
  const all = node('g', { transform: `translate(${MARGIN - frame.left} ${MARGIN + TITLE - frame.top})` });
  const clips = new Map<string, string>();
  seen(element).forEach((mark, k) => {
    const drawn = drawnOf(mark, `ramp-${k}`);
    if (mark.opacity < 1) set(drawn, { opacity: mark.opacity });
    if (mark.clip === undefined || !isCut(mark)) all.append(drawn);
    else {
      // In a group of its own: a picture may have a clip of its own.
      const group = node('g', { 'clip-path': `url(#${clipFor(mark.clip, clips, all)})` });
      group.append(drawn);
      all.append(group);
    }
  });
  root.append(all);
  return new XMLSerializer().serializeToString(root);
}

function drawnOf(mark: Mark, id: string): SVGElement {
  const { left, top, right, bottom } = mark.box;
  const place = { x: left, y: top, width: right - left, height: bottom - top };
  switch (mark.kind) {
    case 'box':
      return node('rect', { ...place, rx: mark.radius, fill: plainColour(mark.fill) });
    case 'ramp':
      return rampOf(mark, place, id);
    case 'svg':
      return innerOf(mark.svg, place);
    case 'pixels':
      return node('image', { ...place, href: hrefOf(mark.pixels), preserveAspectRatio: 'none', style: 'image-rendering:pixelated' });
    case 'words': {
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const looks = { fill: plainColour(mark.fill), 'font-size': mark.size, 'font-weight': mark.weight, 'font-family': mark.family };
      // As long as on the page, also where its font is not there.
      const length = { textLength: mark.upright ? place.height : place.width, lengthAdjust: 'spacingAndGlyphs' };
      const at = mark.upright ? { y: BELOW * mark.size, transform: `translate(${x} ${y}) rotate(-90)` } : { x, y: y + BELOW * mark.size };
      return node('text', { ...looks, ...length, ...at, 'text-anchor': 'middle' }, mark.text);
    }
  }
}

function rampOf({ stops }: Extract<Mark, { kind: 'ramp' }>, place: Attributes, id: string): SVGElement {
  const group = node('g', {});
  const ramp = node('linearGradient', { id });
  for (const { at, colour } of stops) ramp.append(node('stop', { offset: at, 'stop-color': plainColour(colour) }));
  group.append(ramp, node('rect', { ...place, fill: `url(#${id})` }));
  return group;
}

function innerOf(svg: SVGSVGElement, place: Attributes): SVGElement {
  const inner = document.importNode(new DOMParser().parseFromString(standalone(svg), 'image/svg+xml').documentElement, true);
  if (!(inner instanceof SVGElement)) return node('g', {});
  set(inner, place);
  return inner;
}

/** The image itself, so that the file stands alone. */
function hrefOf(pixels: HTMLCanvasElement | HTMLImageElement): string {
  if (pixels instanceof HTMLCanvasElement) return pixels.toDataURL();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [pixels.naturalWidth, pixels.naturalHeight];
  canvas.getContext('2d')?.drawImage(pixels, 0, 0);
  return canvas.toDataURL();
}

/** The id of a clip, made once for all that it cuts. */
function clipFor(clip: Box, known: Map<string, string>, root: SVGElement): string {
  const place = { x: clip.left, y: clip.top, width: clip.right - clip.left, height: clip.bottom - clip.top };
  const key = Object.values(place).join();
  const id = known.get(key) ?? `clip-${known.size}`;
  if (!known.has(key)) {
    known.set(key, id);
    const path = node('clipPath', { id });
    path.append(node('rect', place));
    root.append(path);
  }
  return id;
}

function node(name: string, attributes: Attributes, text = ''): SVGElement {
  const made = document.createElementNS(SVG, name);
  set(made, attributes);
  if (text !== '') made.textContent = text;
  return made;
}

function set(element: SVGElement, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** What an element shows, as a file of vectors to save. */
export function asVectors(shown: () => HTMLElement | null, title: string): Format {
  return {
    label: 'SVG',
    make: () => {
      const element = shown();
      return element === null ? null : new Blob([sheet(element, title)], { type: 'image/svg+xml' });
    },
  };
}
