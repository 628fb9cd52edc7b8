/** What an element shows, as marks to paint one after the other: boxes, ramps of colour, words, and its own pictures, where they stand. */

/** A box in CSS pixels of the window. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Placed {
  readonly box: Box;
  /** What is outside is not seen; undefined: all of it is. */
  readonly clip: Box | undefined;
  readonly opacity: number;
}

export interface Words {
  readonly kind: 'words';
  /** Of one line. */
  readonly text: string;
  readonly fill: string;
  readonly weight: string;
  /** In pixels. */
  readonly size: number;
  readonly family: string;
  /** Read from below to above. */
  readonly upright: boolean;
}

export type Mark = Placed &
  (
    | { readonly kind: 'box'; readonly fill: string; readonly radius: number }
    | { readonly kind: 'ramp'; readonly stops: readonly Stop[] }
    | { readonly kind: 'svg'; readonly svg: SVGSVGElement }
    | { readonly kind: 'pixels'; readonly pixels: HTMLCanvasElement | HTMLImageElement }
    | Words
  );

/** A colour at a share of the way from left to right. */
export interface Stop {
  readonly at: number;
  readonly colour: string;
}

interface Around {
  readonly clip: Box | undefined;
  readonly opacity: number;
  /** What is positioned lies over what is not. */
  readonly layer: number;
}

const SIDES = ['top', 'right', 'bottom', 'left'] as const;

/** All marks of an element. What is marked `data-unsaved`, or there to be heard, is left out. */
export function seen(element: Element): readonly Mark[] {
  const found: { readonly layer: number; readonly mark: Mark }[] = [];
  walk(element, { clip: undefined, opacity: 1, layer: 0 }, (mark, layer) => found.push({ mark, layer }));
  return found.sort((a, b) => a.layer - b.layer).flatMap(({ mark }) => (isSeen(mark) ? [mark] : []));
}

function walk(element: Element, around: Around, put: (mark: Mark, layer: number) => void): void {
  if (element.matches('.ls-hidden, [data-unsaved]')) return;
  const style = getComputedStyle(element);
  const opacity = around.opacity * (style.opacity === '' ? 1 : Number(style.opacity));
  if (style.display === 'none' || style.visibility === 'hidden' || opacity === 0) return;
  const box = boxOf(element.getBoundingClientRect());
  const layer = around.layer + (style.position === '' || style.position === 'static' ? 0 : 1);
  const place = { box, clip: around.clip, opacity };
  if (element instanceof HTMLCanvasElement || element instanceof HTMLImageElement) {
    put({ ...place, kind: 'pixels', pixels: element }, layer);
    return;
  }
  if (element instanceof SVGSVGElement) {
    put({ ...place, kind: 'svg', svg: element }, layer);
    return;
  }
  if (isPainted(style.backgroundColor))
    put({ ...place, kind: 'box', fill: style.backgroundColor, radius: Number.parseFloat(style.borderTopLeftRadius) || 0 }, layer);
  const stops = stopsOf(style.backgroundImage, box.right - box.left);
  if (stops.length > 0) put({ ...place, kind: 'ramp', stops }, layer);
  for (const side of SIDES) {
    const line = borderOf(style, side, box);
    if (line !== undefined) put({ ...place, ...line, kind: 'box', radius: 0 }, layer);
  }
  const isCut = [style.overflowX, style.overflowY].some((each) => each !== '' && each !== 'visible');
  const inside = { clip: isCut ? within(box, around.clip) : around.clip, opacity, layer };
  const value = fieldOf(element);
  if (value !== undefined) {
    const left = box.left + (Number.parseFloat(style.paddingLeft) || 0);
    put({ ...place, box: { ...box, left }, ...looks(style, value) }, layer);
    return;
  }
  for (const node of element.childNodes) {
    if (node instanceof Element) walk(node, inside, put);
    else if (node instanceof Text) for (const line of linesOf(node)) put({ ...inside, box: line.box, ...looks(style, line.text) }, layer);
  }
}

/** What a field says, which is no text of the page. */
function fieldOf(element: Element): string | undefined {
  if (element instanceof HTMLSelectElement) return element.selectedOptions[0]?.text ?? '';
  return element instanceof HTMLInputElement && /^(text|search|number)$/.test(element.type) ? element.value : undefined;
}

function looks({ color, fontWeight, fontSize, fontFamily, writingMode, textTransform }: CSSStyleDeclaration, text: string): Words {
  return {
    kind: 'words',
    text: textTransform === 'uppercase' ? text.toLocaleUpperCase() : text,
    fill: color,
    weight: fontWeight,
    size: Number.parseFloat(fontSize) || 12,
    family: fontFamily,
    upright: writingMode.startsWith('vertical'),
  };
}

/** A text by the lines into which the page breaks it. */
function linesOf(node: Text): readonly { readonly text: string; readonly box: Box }[] {
  const lines: { start: number; end: number; top: number }[] = [];
  for (const { index, 0: word } of node.data.matchAll(/\S+/g)) {
    const [start, end] = [index, index + word.length];
    const { top, width } = rectOf(node, start, end);
    const last = lines.at(-1);
    if (width === 0) continue;
    if (last !== undefined && Math.abs(last.top - top) < 1) last.end = end;
    else lines.push({ start, end, top });
  }
  return lines.map(({ start, end }) => ({
    text: node.data.slice(start, end).replace(/\s+/g, ' '),
    box: boxOf(rectOf(node, start, end)),
  }));
}

function rectOf(node: Text, start: number, end: number): DOMRect {
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return range.getBoundingClientRect();
}

/** Colours from left to right, of a background that is such a ramp; none where it is not. */
export function stopsOf(image: string, width: number): readonly Stop[] {
  if (!/^linear-gradient\((to right|90deg)/.test(image)) return [];
  const told = [...image.matchAll(/((?:rgba?|color|oklch|oklab)\([^)]*\))(?: (-?[\d.]+)(%|px))?/g)].map(([, colour = '', place, unit]) => ({
    colour,
    at: place === undefined ? undefined : Number(place) / (unit === '%' ? 100 : Math.max(1, width)),
  }));
  let before = 0;
  return told.map(({ colour, at }, k) => {
    before = Math.max(before, at ?? (told.length === 1 ? 0 : k / (told.length - 1)));
    return { colour, at: Math.min(1, before) };
  });
}

function borderOf(
  style: CSSStyleDeclaration,
  side: (typeof SIDES)[number],
  box: Box,
): { readonly fill: string; readonly box: Box } | undefined {
  const width = Number.parseFloat(style.getPropertyValue(`border-${side}-width`)) || 0;
  const fill = style.getPropertyValue(`border-${side}-color`);
  if (width === 0 || /none|hidden/.test(style.getPropertyValue(`border-${side}-style`)) || !isPainted(fill)) return undefined;
  const { left, top, right, bottom } = box;
  const line = {
    top: { ...box, bottom: top + width },
    right: { ...box, left: right - width },
    bottom: { ...box, top: bottom - width },
    left: { ...box, right: left + width },
  }[side];
  return { fill, box: line };
}

function isPainted(colour: string): boolean {
  return colour !== '' && colour !== 'transparent' && !/^rgba\(.*, 0\)$|\/ 0\)$/.test(colour);
}

function boxOf({ left, top, right, bottom }: DOMRect): Box {
  return { left, top, right, bottom };
}

function within(box: Box, other: Box | undefined): Box {
  if (other === undefined) return box;
  return {
    left: Math.max(box.left, other.left),
    top: Math.max(box.top, other.top),
    right: Math.min(box.right, other.right),
    bottom: Math.min(box.bottom, other.bottom),
  };
}

function isSeen({ box, clip }: Mark): boolean {
  const { left, top, right, bottom } = within(box, clip);
  return right > left && bottom > top;
}

/** Whether some of it is cut off. */
export function isCut({ box, clip }: Placed): boolean {
  return clip !== undefined && (box.left < clip.left || box.top < clip.top || box.right > clip.right || box.bottom > clip.bottom);
}
