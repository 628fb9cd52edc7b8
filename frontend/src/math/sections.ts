/** Cuts a level that is too long to be seen into parts, where few values cross. */
import { crossing, type Intern, type Interval, type Item, type Level, part, replace } from './levels';
import { foldRepeats, groupItems, rangeName, wiring } from './repeats';

/** Most items side by side in one scope. */
export const WIDEST = 24;

/** Regions within regions may peel off one item at a time; below this depth only even parts are made. */
const DEEPEST = 6;

/** Blocks that differ in configuration or shapes are folded only where more than this many items lie side by side. */
const CROWDED = 12;

/** Folds what repeats, and cuts what is still too long; in a `small` model only what is equal is folded, and nothing is cut. */
export function shorten(level: Level, intern: Intern, small: boolean): Level {
  const folded = fold(level, intern, false, small ? DEEPEST : 0);
  return small ? folded : cutIntoSections(folded, intern, 0);
}

function fold(level: Level, intern: Intern, similar: boolean, depth: number): Level {
  return foldRepeats(level, { intern, similar, arrange: (inside) => cutIntoSections(inside, intern, depth + 1) });
}

/** At most `WIDEST` items: regions between cut points first, then stages of equal shape, then even parts. */
function cutIntoSections(level: Level, intern: Intern, depth: number): Level {
  if (level.items.length <= CROWDED) return level;
  let cut = level;
  const cutBy = (spans: readonly Span[]) => {
    cut = replace(cut, intervals(cut, spans, intern, depth + 1));
  };
  if (depth < DEEPEST) {
    if (cut.items.length > WIDEST) cutBy(regions(cut));
    cut = fold(cut, intern, false, depth);
    if (cut.items.length > CROWDED) cut = fold(cut, intern, true, depth);
    if (cut.items.length > WIDEST) cutBy(stages(cut));
  }
  // Even parts are a fraction of the level, so this ends.
  while (cut.items.length > WIDEST) cutBy(evenParts(cut));
  return cut;
}

type Span = readonly [start: number, end: number];

function intervals(level: Level, spans: readonly Span[], intern: Intern, depth: number): Interval[] {
  return spans
    .filter(([start, end]) => end - start > 1 && end - start < level.items.length)
    .map(([start, end]) => {
      const places = Array.from({ length: end - start }, (_, k) => start + k);
      const inside = cutIntoSections(part(level, places), intern, depth);
      return {
        start,
        end,
        item: groupItems('section', sectionName(level, start, end), inside.items, wiring(inside, 0, inside.items.length), intern),
      };
    });
}

/** What leaves a section often has a name of its own (`mixed3`, `normal_add_5_3`); numbered names tell a range; else its ends name it. */
function sectionName(level: Level, start: number, end: number): string {
  const first = level.items[start];
  const last = level.items[end - 1];
  if (first === undefined || last === undefined) return '';
  const ends = [firstLayer(first).name, lastLayer(last).name];
  const range = rangeName(ends);
  if (range !== '' && /\d/.test(ends[1] ?? '')) return range;
  const leaving = lastLayer(last);
  return leaving.anonymous ? ends.join(' … ') : leaving.name;
}

function lastLayer(item: Item): Item {
  let at = item;
  for (let next = at.children.at(-1); at.layer < 0 && next !== undefined; next = at.children.at(-1)) at = next;
  return at;
}

function firstLayer(item: Item): Item {
  let at = item;
  while (at.layer < 0 && at.children[0] !== undefined) at = at.children[0];
  return at;
}

/** Between places where one value alone goes on. A region of more than half the level would only peel it. */
function regions(level: Level): Span[] {
  const live = crossing(level);
  const spans: Span[] = [];
  let start = 0;
  for (let k = 1; k <= level.items.length; k++) {
    if ((live[k] ?? 0) > 1) continue;
    if (k - start <= level.items.length / 2) spans.push([start, k]);
    start = k;
  }
  return spans;
}

/** Neighbours whose outputs have one size. */
function stages(level: Level): Span[] {
  const spans: Span[] = [];
  let start = 0;
  for (let k = 1; k <= level.items.length; k++) {
    if (k < level.items.length && level.items[k]?.out === level.items[start]?.out) continue;
    spans.push([start, k]);
    start = k;
  }
  return spans;
}

/** Parts of about equal length, each cut moved to the place near it that fewest values cross. */
function evenParts(level: Level): Span[] {
  const n = level.items.length;
  const live = crossing(level);
  const length = Math.ceil(n / Math.min(WIDEST - 4, Math.ceil(n / 8)));
  const slack = Math.floor(length / 4);
  const spans: Span[] = [];
  let start = 0;
  while (start < n) {
    let end = Math.min(n, start + length);
    if (end < n) {
      for (let k = end - slack; k <= end; k++) if ((live[k] ?? 0) <= (live[end] ?? 0)) end = k;
    }
    spans.push([start, end]);
    start = end;
  }
  return spans;
}
