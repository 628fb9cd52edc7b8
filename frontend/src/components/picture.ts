/** What is on the page as a picture to keep: of vector graphics as SVG, of anything as PNG. */

import { type Format, png } from './download';
import { isCut, type Mark, type Stop, seen, type Words } from './seen';

/** What the page's style sheets say of shapes and words in an SVG. */
const LOOKS = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

const SVG = 'http://www.w3.org/2000/svg';

/** An SVG of the page as one that stands alone: its looks written into it, and with `paper` the page's background behind it. */
export function standalone(svg: SVGSVGElement, paper = false): string {
  const copy = svg.cloneNode(true);
  if (!(copy instanceof SVGSVGElement)) return '';
  const originals = [...svg.querySelectorAll('*')];
  const removed: Element[] = [];
  [...copy.querySelectorAll('*')].forEach((element, k) => {
    const original = originals[k];
    if (original === undefined || !(element instanceof SVGElement)) return;
    const style = getComputedStyle(original);
    // Words that are there to be heard have no size.
    if (element.localName === 'tspan' && style.fontSize === '0px') removed.push(element);
    const looks = LOOKS.flatMap((name) =>
      style.getPropertyValue(name) === '' ? [] : [`${name}:${plainColour(style.getPropertyValue(name))}`],
    );
    strip(element);
    if (element.localName !== 'title') element.setAttribute('style', looks.join(';'));
  });
  for (const element of removed) element.remove();
  const { width, height } = sizeOf(svg);
  strip(copy);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const style = getComputedStyle(svg);
  copy.setAttribute('style', `font-family:${style.fontFamily};font-size:${style.fontSize};color:${style.color}`);
  if (paper) copy.prepend(paperFor(svg));
  return new XMLSerializer().serializeToString(copy);
}

/** Mixed colours as drawing programs read them: `color(srgb 1 0.5 0 / 0.4)` is `rgba(255, 128, 0, 0.4)`. */
export function plainColour(value: string): string {
  return value.replace(
    /color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)/g,
    (_, r: string, g: string, b: string, a?: string) => {
      const channels = [r, g, b].map((channel) => Math.round(255 * Number(channel))).join(', ');
      return a === undefined ? `rgb(${channels})` : `rgba(${channels}, ${a})`;
    },
  );
}

/** What has a meaning on the page only. */
function strip(element: Element): void {
  for (const { name } of [...element.attributes]) {
    if (/^(class|style|role|tabindex|aria-.*|data-.*)$/.test(name)) element.removeAttribute(name);
  }
}

function paperFor(svg: SVGSVGElement): SVGRectElement {
  const paper = document.createElementNS(SVG, 'rect');
  const [x = '0', y = '0', width = '100%', height = '100%'] = svg.getAttribute('viewBox')?.split(' ') ?? [];
  for (const [name, value] of Object.entries({ x, y, width, height, fill: background() })) paper.setAttribute(name, value);
  return paper;
}

/** As large as it is drawn without zoom. */
function sizeOf(svg: SVGSVGElement): { readonly width: number; readonly height: number } {
  const { width, height } = svg.viewBox.baseVal;
  return width > 0 ? { width, height } : svg.getBoundingClientRect();
}

/** An SVG as a canvas, `ratio` pixels to each of its own. */
export async function raster(svg: SVGSVGElement, ratio: number): Promise<HTMLCanvasElement> {
  const { width, height } = sizeOf(svg);
  const canvas = sheet(width, height, ratio);
  canvas.getContext('2d')?.drawImage(await imageOf(standalone(svg)), 0, 0, width, height);
  return canvas;
}

async function imageOf(text: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  return image;
}

function background(): string {
  return getComputedStyle(document.body).backgroundColor;
}

/** An empty page, measured in CSS pixels. */
function sheet(width: number, height: number, ratio: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  context.fillStyle = background();
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(ratio, ratio);
  return canvas;
}

/** Room around what is saved, and for its title. */
export const MARGIN = 12;
export const TITLE = 26;

/** What an element shows as a canvas, where it stands on the page, under a title. */
export async function pictureOf(element: HTMLElement, title: string): Promise<HTMLCanvasElement> {
  const frame = element.getBoundingClientRect();
  const canvas = sheet(frame.width + 2 * MARGIN, frame.height + 2 * MARGIN + TITLE, devicePixelRatio);
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  const style = getComputedStyle(element);
  context.font = `500 13px ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.fillText(title, MARGIN, MARGIN + 13, frame.width);
  context.translate(MARGIN - frame.left, MARGIN + TITLE - frame.top);
  for (const mark of seen(element)) await paint(context, mark);
  return canvas;
}

/** What an element shows, as a file to save. */
export function asPicture(shown: () => HTMLElement | null, title: string): Format {
  return {
    label: 'PNG',
    make: async () => {
      const element = shown();
      return element === null ? null : png(await pictureOf(element, title));
    },
  };
}

async function paint(context: CanvasRenderingContext2D, mark: Mark): Promise<void> {
  const { left, top, right, bottom } = mark.box;
  const [width, height] = [right - left, bottom - top];
  const picture = mark.kind === 'svg' ? await imageOf(standalone(mark.svg)) : mark.kind === 'pixels' ? mark.pixels : undefined;
  context.save();
  if (mark.clip !== undefined && isCut(mark)) {
    context.beginPath();
    context.rect(mark.clip.left, mark.clip.top, mark.clip.right - mark.clip.left, mark.clip.bottom - mark.clip.top);
    context.clip();
  }
  context.globalAlpha = mark.opacity;
  if (picture !== undefined) {
    if (picture.width > 0 && picture.height > 0) context.drawImage(picture, left, top, width, height);
  } else if (mark.kind === 'words') {
    paintWords(context, mark, (left + right) / 2, (top + bottom) / 2);
  } else if (mark.kind === 'box' || mark.kind === 'ramp') {
    context.fillStyle = mark.kind === 'box' ? mark.fill : rampOf(context, left, right, mark.stops);
    context.beginPath();
    context.roundRect(left, top, width, height, mark.kind === 'box' ? Math.min(mark.radius, width / 2, height / 2) : 0);
    context.fill();
  }
  context.restore();
}

function rampOf(context: CanvasRenderingContext2D, left: number, right: number, stops: readonly Stop[]): CanvasGradient {
  const ramp = context.createLinearGradient(left, 0, right, 0);
  for (const { at, colour } of stops) ramp.addColorStop(at, colour);
  return ramp;
}

function paintWords(context: CanvasRenderingContext2D, { text, fill, weight, size, family, upright }: Words, x: number, y: number): void {
  context.font = `${weight} ${size}px ${family}`;
  context.fillStyle = fill;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.translate(x, y);
  if (upright) context.rotate(-Math.PI / 2);
  context.fillText(text, 0, 0);
}
