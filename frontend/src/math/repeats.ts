/** Finds equal neighbours: runs of a level that repeat with one period, wired alike. */
import { crossing, type Intern, type Interval, type Item, type Level, part, replace } from './levels';

const LONGEST_PERIOD = 64;

interface Run {
  readonly start: number;
  readonly period: number;
  readonly copies: number;
}

/** How repeats are told and made. */
export interface Folding {
  readonly intern: Intern;
  /** Compares classes and wiring only. */
  readonly similar: boolean;
  /** Makes the inside of a copy. */
  readonly arrange: (inside: Level) => Level;
}

/** Folds repeats until none is left. */
export function foldRepeats(level: Level, how: Folding): Level {
  let folded = level;
  // Each round folds at least one run, so a level of n items needs fewer than n; nesting deeper than this is not met.
  for (let round = 0; round < 16; round++) {
    const runs = findRuns(folded, how.similar);
    if (runs.length === 0) break;
    folded = replace(
      folded,
      runs.map((run) => foldRun(folded, run, how)),
    );
  }
  return folded;
}

/** Disjoint runs, those that save most boxes first. */
function findRuns(level: Level, similar: boolean): Run[] {
  const n = level.items.length;
  const live = crossing(level);
  const wired = level.inputs.some((inputs) => inputs.length > 0);
  const candidates: Run[] = [];
  // Nearly all pairs differ in what they are: that is looked at first, in one array.
  const made = Int32Array.from(level.items, (item) => (similar ? item.likeness : item.signature));
  for (let period = 1; period <= Math.min(LONGEST_PERIOD, n >> 1); period++) {
    let start = 0;
    for (let k = 0; k + period <= n; k++) {
      if (k + period < n && made[k] === made[k + period] && isFedAlike(level, k, period, start)) continue;
      const length = k - start;
      if (length >= period && worthwhile(level, wired, start, period, Math.floor(length / period) + 1)) {
        candidates.push({ start: bestStart(live, start, period, length), period, copies: Math.floor(length / period) + 1 });
      }
      start = k + 1;
    }
  }
  candidates.sort((a, b) => saved(b) - saved(a) || a.period - b.period || a.start - b.start);
  const taken = new Uint8Array(n);
  return candidates.filter(({ start, period, copies }) => {
    const end = start + period * copies;
    if (taken.subarray(start, end).includes(1)) return false;
    taken.fill(1, start, end);
    return true;
  });
}

function saved(run: Run): number {
  return (run.copies - 1) * run.period;
}

/**
 * Two single layers alike are shown as two: a fold of them would hide more than it saves. Copies hang together: in a row, side
 * by side, or, where no edge is known, by their order.
 */
function worthwhile(level: Level, wired: boolean, start: number, period: number, copies: number): boolean {
  if (period === 1 && copies < 3 && (level.items[start]?.leaves ?? 1) === 1) return false;
  return !wired || isChain(level, start, period) || (period === 1 && isFan(level, start));
}

/** Whether a copy feeds the next one. */
function isChain(level: Level, start: number, period: number): boolean {
  for (let k = start + period; k < start + 2 * period; k++) {
    if (level.inputs[k]?.some((from) => from >= start && from < start + period) === true) return true;
  }
  return false;
}

/** Whether neighbours stand side by side, fed by the same items. */
function isFan(level: Level, start: number): boolean {
  return level.inputs[start]?.join() === level.inputs[start + 1]?.join();
}

/** Whether items k and k + period are fed by the same places of their copies, or both by the same item before the run. */
function isFedAlike(level: Level, k: number, period: number, start: number): boolean {
  const before = level.inputs[k] ?? [];
  const after = level.inputs[k + period] ?? [];
  if (before.length !== after.length) return false;
  return before.every((from) => after.includes(from + period) || (from < start && after.includes(from)));
}

/** A run longer than its copies may start at several places; the one whose copies hang together by fewest values is best. */
function bestStart(live: Int32Array, start: number, period: number, length: number): number {
  const slack = length % period;
  let best = start;
  for (let k = start; k <= start + slack; k++) {
    if ((live[k + period] ?? 0) < (live[best + period] ?? 0)) best = k;
  }
  return best;
}

function foldRun(level: Level, { start, period, copies }: Run, { intern, similar, arrange }: Folding): Interval {
  const made = Array.from({ length: copies }, (_, c) => {
    const from = start + c * period;
    const items = level.items.slice(from, from + period);
    const [only] = items;
    if (period === 1 && only !== undefined) return only;
    const places = items.map((_, k) => from + k);
    const copy = groupItems('copy', copyName(items), items, wiring(level, from, from + period), intern);
    return { ...copy, children: arrange(part(level, places)).items };
  });
  const name = copiesName(level.items.slice(start, start + period * copies), period, made);
  const item = groupItems('repeat', name, made, '', intern);
  return { start, end: start + period * copies, item: { ...item, similar: similar || made.some((copy) => copy.similar) } };
}

/** Inner wiring of a run of a level, as text: for each item how far back its producers inside the run are. */
export function wiring(level: Level, start: number, end: number): string {
  let text = '';
  for (let k = start; k < end; k++) {
    for (const from of level.inputs[k] ?? []) if (from >= start) text += `${k - from},`;
    text += ';';
  }
  return text;
}

/** A group of items that lie side by side. */
export function groupItems(kind: Item['kind'], name: string, items: readonly Item[], wires: string, intern: Intern): Item {
  return {
    kind,
    name,
    layer: -1,
    children: items,
    signature: intern(`${kind}|${items.map((item) => item.signature).join()}|${wires}`),
    likeness: intern(`~${kind}|${items.map((item) => item.likeness).join()}|${wires}`),
    isPort: false,
    leaves: items.reduce((sum, item) => sum + item.leaves, 0),
    anonymous: false,
    weighted: items.some((item) => item.weighted),
    similar: items.some((item) => item.similar),
    out: items.at(-1)?.out ?? '',
  };
}

/** Which copies they are: `block2 – 6`; of items whose names tell nothing `block`. */
function copiesName(items: readonly Item[], period: number, made: readonly Item[]): string {
  if (period === 1 || items.every((item) => !item.anonymous)) {
    const range = rangeName(items.map((item) => item.name));
    if (range !== '') return range;
  }
  const names = made.map((copy) => copy.name);
  return rangeName(names) || commonName(names) || copyName(items.slice(0, period));
}

const BLOCK = 'block';

/** What the names of a copy's items begin with, else `block`. One name alone does not speak for the others. */
function copyName(items: readonly Item[]): string {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return only.name;
  const names = items.filter((item) => !item.anonymous).map((item) => item.name);
  if (names.length < 2) return BLOCK;
  return commonWords(names) || (names.length === items.length ? rangeName(names) : '') || BLOCK;
}

/** The whole words that names begin with, numbers among them: `stage_0_block_1_conv`, `stage_0_block_1_norm` → `stage_0_block_1`. */
function commonWords(names: readonly string[]): string {
  const prefix = commonPrefix(names);
  const isCut = names.some((name) => /^[\p{L}\d]/u.test(name.slice(prefix.length))) && /[\p{L}\d]$/u.test(prefix);
  return (isCut ? prefix.replace(/[\p{L}\d]+$/u, '') : prefix).replace(/[_./\-\s]+$/, '');
}

/** What names begin with, without a counter that is cut in two: `conv2_block2`, `conv2_block3` → `conv2_block`. */
export function commonName(names: readonly string[]): string {
  const prefix = commonPrefix(names);
  if (names.every((name) => name === prefix)) return prefix;
  return prefix.replace(/[\d_./\-\s]+$/, '');
}

/** From the first name to the last, what they begin with once: `block2a`, `block3a` → `block2a – 3a`; empty if they begin differently. */
export function rangeName(names: readonly string[]): string {
  const [first = ''] = names;
  const last = names.at(-1) ?? '';
  const prefix = commonPrefix(names);
  if (first === last) return first;
  // Neither a number nor a word is cut in two.
  const isWordCut = [first, last].some((name) => /\p{L}/u.test(name[prefix.length] ?? '')) && /\p{L}$/u.test(prefix);
  const whole = prefix.replace(isWordCut ? /\p{L}+$/u : /\d+$/, '');
  if (!/\p{L}/u.test(whole)) return '';
  const rest = last.slice(whole.length);
  if (rest.length > LONGEST_END) return '';
  return `${first}${RANGE}${first.length > whole.length && /^[\p{L}\d]/u.test(rest) ? rest : last}`;
}

/** A range whose last part is longer than this is no easier to read than two names. */
const LONGEST_END = 8;

/** Between the ends of a range of names. */
export const RANGE = '\u202f–\u202f';

function commonPrefix(names: readonly string[]): string {
  let prefix = names[0] ?? '';
  for (const name of names) {
    let k = 0;
    while (k < prefix.length && prefix[k] === name[k]) k++;
    prefix = prefix.slice(0, k);
  }
  return prefix;
}
