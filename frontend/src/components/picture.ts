/** What is on the page as a picture to keep: of vector graphics as SVG, of anything as PNG. */

import { type Format, png } from './download';

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

const MARGIN = 12;
const TITLE = 26;

/**
 * What an element shows as a canvas: its canvases, its small SVGs, its ramps of colour and its words, where they stand,
 * under a title. What is marked `data-unsaved` is left out.
 */
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
  await paintInto(context, element);
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

async function paintInto(context: CanvasRenderingContext2D, element: Element): Promise<void> {
  if (element.matches('.ls-hidden, [data-unsaved]')) return;
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden') return;
  const box = element.getBoundingClientRect();
  if (element instanceof HTMLCanvasElement) {
    if (element.width > 0 && element.height > 0) context.drawImage(element, box.left, box.top, box.width, box.height);
    return;
  }
  if (element instanceof SVGSVGElement) {
    if (box.width > 0) context.drawImage(await imageOf(standalone(element)), box.left, box.top, box.width, box.height);
    return;
  }
  paintRamp(context, style.backgroundImage, box);
  for (const node of element.childNodes) {
    if (node instanceof Element) await paintInto(context, node);
    else if (node instanceof Text) paintWords(context, node, style);
  }
}

function paintRamp(context: CanvasRenderingContext2D, image: string, box: DOMRect): void {
  if (!image.startsWith('linear-gradient(to right') && !image.startsWith('linear-gradient(90deg')) return;
  const colours = image.match(/rgba?\([^)]*\)/g) ?? [];
  const ramp = context.createLinearGradient(box.left, 0, box.right, 0);
  colours.forEach((colour, k) => {
    ramp.addColorStop(k / Math.max(1, colours.length - 1), colour);
  });
  context.fillStyle = ramp;
  context.fillRect(box.left, box.top, box.width, box.height);
}

/** Word by word, so that lines break where the page breaks them. */
function paintWords(context: CanvasRenderingContext2D, node: Text, style: CSSStyleDeclaration): void {
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const upright = style.writingMode.startsWith('vertical');
  for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const { left, top, width, height } = range.getBoundingClientRect();
    if (width === 0 || height === 0) continue;
    context.save();
    context.translate(left + width / 2, top + height / 2);
    if (upright) context.rotate(-Math.PI / 2);
    context.fillText(word, 0, 0);
    context.restore();
  }
}
