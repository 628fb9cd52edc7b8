/** What is on the page as one SVG: its words where they stand, and its own SVGs. */
import type { Format } from './download';
import { standalone } from './picture';

const MARGIN = 12;
const TITLE = 26;
const SVG = 'http://www.w3.org/2000/svg';

/** All pictures and words of an element where they stand on the page, under a title. What is marked `data-unsaved` is left out. */
export function sheet(element: HTMLElement, title: string): string {
  const frame = element.getBoundingClientRect();
  const [width, height] = [frame.width + 2 * MARGIN, frame.height + 2 * MARGIN + TITLE];
  const style = getComputedStyle(element);
  const root = document.createElementNS(SVG, 'svg');
  set(root, { xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': style.fontFamily });
  const paper = document.createElementNS(SVG, 'rect');
  set(paper, { width, height, fill: getComputedStyle(document.body).backgroundColor });
  root.append(paper);
  words(root, title, MARGIN, MARGIN + 13, style.color, 13);
  for (const text of textsIn(element)) {
    const range = document.createRange();
    // Spaces at the ends of a text would move it: they are not drawn.
    const first = text.data.search(/\S/);
    if (first < 0) continue;
    range.setStart(text, first);
    range.setEnd(text, text.data.trimEnd().length);
    const box = range.getBoundingClientRect();
    const looks = text.parentElement === null ? style : getComputedStyle(text.parentElement);
    const size = Number.parseFloat(looks.fontSize) || 12;
    if (box.width === 0) continue;
    // The line of letters stands a little below the middle of its box.
    words(
      root,
      range.toString(),
      box.left - frame.left + MARGIN,
      (box.top + box.bottom) / 2 - frame.top + MARGIN + TITLE + 0.35 * size,
      looks.color,
      size,
    );
  }
  for (const svg of element.querySelectorAll('svg')) {
    const box = svg.getBoundingClientRect();
    const inner = new DOMParser().parseFromString(standalone(svg), 'image/svg+xml').documentElement;
    set(inner, { x: box.left - frame.left + MARGIN, y: box.top - frame.top + MARGIN + TITLE });
    root.append(document.importNode(inner, true));
  }
  return new XMLSerializer().serializeToString(root);
}

/** The words that are seen and belong to a picture. */
function textsIn(element: Element): readonly Text[] {
  if (element instanceof SVGElement || element.matches('.ls-hidden, [data-unsaved]')) return [];
  return [...element.childNodes].flatMap((node) => (node instanceof Element ? textsIn(node) : node instanceof Text ? [node] : []));
}

function words(root: SVGSVGElement, text: string, x: number, y: number, fill: string, size: number): void {
  const node = document.createElementNS(SVG, 'text');
  set(node, { x, y, fill, 'font-size': size });
  node.textContent = text;
  root.append(node);
}

function set(element: Element, attributes: Readonly<Record<string, string | number>>): void {
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
