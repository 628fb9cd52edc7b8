/** The matrix as vectors: every cell a square, every number and name text. */
import { css, textOn } from '../../charts/colour';
import { middle, visible } from '../../math/ellipsis';
import { withoutShared } from '../../math/shared_ends';
import { predictedName, trueName } from './class_name';
import { type Evaluation, titleOf } from './evaluation';
import { cellOf } from './grid';
import { inkOf } from './ink';
import { fillOf, gapInk, type Ink, isSoft, type Picture } from './paint';

/** More classes than this are saved as pixels: a square a cell would be too many. */
export const MOST_VECTORS = 200;

const CELL = 24;
const MARGIN = 12;
const HEAD = 26;
const AXIS = 16;

/** An SVG of all of the matrix, whatever part of it is on screen, in the colours of the page. */
export function vectors(evaluation: Evaluation, picture: Picture, canvas: HTMLCanvasElement, legend: string): string {
  const context = canvas.getContext('2d');
  return context === null ? '' : drawn(evaluation, picture, inkOf(canvas, context), getComputedStyle(canvas).color, legend);
}

/** As `vectors`, with the colours given. */
export function drawn(evaluation: Evaluation, picture: Picture, ink: Ink, text: string, legend: string): string {
  const { grid, heat, lines } = picture;
  const [down, across] = grid.transposed ? (['predicted', 'true'] as const) : (['true', 'predicted'] as const);
  const shorten = withoutShared(evaluation.labels);
  const nameOf = (which: 'true' | 'predicted', id: number) =>
    visible(middle(shorten((which === 'true' ? trueName : predictedName)(evaluation, id)), 24));
  const rows = Array.from(grid.rows, (id) => nameOf(down, id));
  const columns = Array.from(grid.columns, (id) => nameOf(across, id));
  const longest = (names: readonly string[]) => Math.max(0, ...names.map(({ length }) => length)) * 6.6 + 8;
  const left = MARGIN + AXIS + longest(rows);
  const top = MARGIN + HEAD + AXIS + longest(columns);
  const [width, height] = [columns.length * CELL, rows.length * CELL];
  const parts: string[] = [];
  const soft = css(ink.soft);
  const put = (words: string, x: number, y: number, more: string) => parts.push(`<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`);

  put(titleOf(evaluation), MARGIN, MARGIN + 13, `font-size="13" font-weight="500"`);
  put(across, left + width / 2, MARGIN + HEAD + 8, `fill="${soft}" font-size="11" text-anchor="middle"`);
  put(
    down,
    0,
    0,
    `fill="${soft}" font-size="11" text-anchor="middle" transform="translate(${MARGIN + 8} ${top + height / 2}) rotate(-90)"`,
  );
  rows.forEach((name, i) => {
    put(name, left - 6, top + (i + 0.5) * CELL + 4, 'text-anchor="end"');
  });
  columns.forEach((name, j) => {
    put(name, 0, 0, `transform="translate(${left + (j + 0.5) * CELL + 4} ${top - 6}) rotate(-90)"`);
  });
  parts.push(`<path fill="none" stroke="${css(ink.line)}" d="${lattice(left, top, rows.length, columns.length)}"/>`);
  grid.rows.forEach((id, row) => {
    const end = lines.end[id] ?? 0;
    for (let k = id > 0 ? (lines.end[id - 1] ?? 0) : 0; k < end; k++) {
      const column = grid.columnOf[lines.at[k] ?? 0] ?? -1;
      const cell = lines.cell?.[k] ?? k;
      const value = heat.value[cell] ?? Number.NaN;
      if (column < 0 || Number.isNaN(value)) continue;
      const [x, y] = [left + column * CELL, top + row * CELL];
      const fill = fillOf(heat, cell, ink);
      const { truth, predicted } = cellOf(grid, { row, column });
      const words = picture.text(value);
      const title = `<title>${escaped(`${trueName(evaluation, truth)} → ${predictedName(evaluation, predicted)}: ${words}`)}</title>`;
      parts.push(`<rect x="${x + 0.5}" y="${y + 0.5}" width="${CELL - 1}" height="${CELL - 1}" fill="${css(fill)}">${title}</rect>`);
      if (heat.unsure[cell] === 1 && heat.doubt === 'striped')
        parts.push(`<rect x="${x}" y="${y}" width="${CELL}" height="${CELL}" fill="url(#few)"/>`);
      const colour = isSoft(heat, cell) ? soft : textOn(fill);
      put(words, x + CELL / 2, y + CELL / 2 + 3.5, `fill="${colour}" font-size="10" text-anchor="middle"`);
    }
  });
  const [vertical, horizontal] = grid.transposed
    ? [picture.gaps.predicted, picture.gaps.truth]
    : [picture.gaps.truth, picture.gaps.predicted];
  grid.rows.forEach((id, row) => {
    if (vertical[id] === 1) parts.push(`<rect x="${left}" y="${top + row * CELL}" width="${width}" height="${CELL}" fill="url(#gap)"/>`);
  });
  grid.columns.forEach((id, column) => {
    if (horizontal[id] === 1)
      parts.push(`<rect x="${left + column * CELL}" y="${top}" width="${CELL}" height="${height}" fill="url(#gap)"/>`);
  });
  put(legend, left, top + height + 20, `fill="${soft}" font-size="11"`);

  const size = { width: Math.max(left + width + MARGIN, 480), height: top + height + 20 + MARGIN };
  const stripes = (name: string, colour: string, wide: number) =>
    `<pattern id="${name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="${wide}" height="6" fill="${colour}"/></pattern>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="Roboto, Helvetica, Arial, sans-serif" font-size="12" fill="${escaped(text)}">`,
    `<defs>${stripes('few', css(ink.background), 1.6)}${stripes('gap', css(gapInk(ink)), 1)}</defs>`,
    `<rect width="100%" height="100%" fill="${css(ink.background)}"/>`,
    ...parts,
    '</svg>',
  ].join('\n');
}

function lattice(left: number, top: number, rows: number, columns: number): string {
  const across = Array.from({ length: rows + 1 }, (_, i) => `M${left} ${top + i * CELL}h${columns * CELL}`);
  const down = Array.from({ length: columns + 1 }, (_, j) => `M${left + j * CELL} ${top}v${rows * CELL}`);
  return [...across, ...down].join('');
}

/** Names come from logs: nothing in them is markup, nor a letter that XML does not have. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
