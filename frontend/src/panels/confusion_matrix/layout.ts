/** Sizes of the matrix and of what stands around it, in CSS pixels, from the room there is. */

export interface Room {
  /** Width of the panel. */
  readonly width: number;
  /** Height of the window: a matrix is never taller than what can be seen at once. */
  readonly height: number;
  readonly rows: number;
  readonly columns: number;
  /** Widest label of the rows and of the columns. */
  readonly rowLabel: number;
  readonly columnLabel: number;
  /** How many columns of numbers a class has. */
  readonly numbers: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

export interface Layout {
  /** Left of the cells: the title "true" and the labels. */
  readonly gutter: number;
  /** Above the cells. */
  readonly header: number;
  readonly labelWidth: number;
  /** Side of a cell; may be below one device pixel. */
  readonly cell: number;
  readonly width: number;
  readonly height: number;
  /** Numbers of each class: beside its row, with or without its recall over time, or in a table below. */
  readonly numbers: 'aside' | 'aside with history' | 'below';
}

const TITLE = 16;
const USUAL_CELL = 40;
/** Of few classes, and in tall windows as long as all of the view's head is in sight, too. */
const LARGEST_CELL = 64;
const FEW = 4;
const HEAD = 340;
/** What stands above and below the cells takes about this much of the window. */
const AROUND = 160;
/** Rows of numbers need this much, and a line over time more. */
const LEAST_ROW = 18;
const LEAST_HISTORY = 24;
export const NUMBER_WIDTH = 58;
export const HISTORY_WIDTH = 100;

export function layout(room: Room): Layout {
  const labelWidth = Math.min(room.rowLabel, 140, room.width * 0.22) + 8;
  const numbers = room.numbers * NUMBER_WIDTH;
  const tall = Math.max(USUAL_CELL, Math.floor((room.height - HEAD) / room.rows));
  const largest = room.columns <= FEW ? LARGEST_CELL : Math.min(LARGEST_CELL, tall);
  const seen = Math.max(LEAST_HISTORY, Math.floor((room.height - AROUND) / room.rows));
  const cellWith = (aside: number) => Math.min(largest, seen, Math.floor((room.width - TITLE - labelWidth - aside) / room.columns));

  for (const [aside, least, place] of [
    [numbers + HISTORY_WIDTH, LEAST_HISTORY, 'aside with history'],
    [numbers, LEAST_ROW, 'aside'],
  ] as const) {
    const cell = cellWith(aside);
    if (cell >= least) return finish(room, cell, labelWidth, place);
  }
  const side = Math.min(room.width - TITLE - labelWidth, Math.max(360, Math.min(1000, room.height - AROUND)));
  const most = Math.max(room.rows, room.columns);
  const pixels = (side * room.ratio) / most;
  const whole = pixels >= 1 ? Math.floor(pixels) / room.ratio : side / most;
  return finish(room, Math.min(largest, whole), labelWidth, 'below');
}

function finish(room: Room, wanted: number, labelWidth: number, numbers: Layout['numbers']): Layout {
  // Whole device pixels, so that all cells are equal and every line is sharp.
  const pixels = wanted * room.ratio;
  const cell = pixels >= 1 ? Math.floor(pixels + 1e-6) / room.ratio : wanted;
  const upright = room.columnLabel > cell - 4;
  return {
    gutter: TITLE + labelWidth,
    header: TITLE + (upright ? Math.min(room.columnLabel, 110) + 8 : 22),
    labelWidth,
    cell,
    width: Math.max(1, Math.ceil(cell * room.columns)),
    height: Math.max(1, Math.ceil(cell * room.rows)),
    numbers,
  };
}
