/** Scopes from names: what `conv2_block1_1_conv` says about where a layer belongs. */
import { edgesOf, type Intern, type Item, type Level, makeLevel, part, topological } from './levels';
import { groupItems, wiring } from './repeats';

/** Names are read this many words deep, so that a name of 10 000 underscores costs nothing. */
const DEEPEST = 8;

/** The words of a name, each as the text up to its end; a number belongs to the word before it if that has none: `block_1`. */
export function prefixes(name: string): readonly string[] {
  const words: string[] = [];
  let hasDigits = true;
  for (const match of name.matchAll(/[^_./\s-]+/g)) {
    const end = match.index + match[0].length;
    const isNumber = /^\d+$/.test(match[0]);
    if (isNumber && !hasDigits) words.pop();
    words.push(name.slice(0, end));
    hasDigits = isNumber || /\d/.test(match[0]);
    if (words.length > DEEPEST) break;
  }
  return words;
}

/** Whether a name is only the class in snake case and a counter, or a number, as frameworks make it: `dense_7`, `re_lu`, `add_3`, `4`. */
export function isAutomatic(name: string, className: string): boolean {
  if (isNumber(name)) return true;
  const plain = (text: string) => text.replace(/_/g, '').toLowerCase();
  return plain(name) === plain(className) || plain(name.replace(/_\d+$/, '')) === plain(className);
}

/** Whether a name is only a place in a list, which reads as arithmetic beside `× 4`. */
export function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}

/**
 * Groups the items of a level by the words that their names begin with. A group that would close a cycle takes in what lies
 * between its members if that is anonymous, else it is dissolved.
 *
 * Args:
 *   finish: Makes the inside of a group: folds what repeats.
 */
export function groupByName(level: Level, intern: Intern, finish: (inside: Level) => Level, depth = 0): Level {
  if (depth >= DEEPEST || level.items.length < 3) return level;
  const grouped = assign(level, depth);
  if (grouped === undefined) return groupByName(level, intern, finish, depth + 1);
  const { group, names } = grouped;
  joinFollowers(level, group);
  makeConvex(level, group);
  const members = new Map<number, number[]>();
  group.forEach((g, place) => {
    const list = members.get(g);
    if (list === undefined) members.set(g, [place]);
    else list.push(place);
  });
  const scopes = [...members].filter(([, places]) => places.length > 1);
  if (scopes.length === 0 || members.size === 1) return level;
  const at = new Map<number, number>();
  const items: Item[] = [];
  for (const [g, places] of members) {
    at.set(g, items.length);
    const first = level.items[places[0] ?? 0];
    if (places.length === 1 && first !== undefined) {
      items.push(first);
      continue;
    }
    const inside = finish(groupByName(part(level, places), intern, finish, depth + 1));
    items.push(groupItems('scope', names.get(g) ?? '', inside.items, wiring(inside, 0, inside.items.length), intern));
  }
  const edges = edgesOf(level).flatMap(([from, to]): [number, number][] => {
    const a = at.get(group[from] ?? -1) ?? 0;
    const b = at.get(group[to] ?? -1) ?? 0;
    return a === b ? [] : [[a, b]];
  });
  return makeLevel(items, edges);
}

/** [item] The number of its group; undefined when all items begin alike up to this depth. Groups of inputs alone say nothing. */
function assign(level: Level, depth: number): { group: Int32Array; names: Map<number, string> } | undefined {
  const places = new Map<string, number[]>();
  level.items.forEach((item, place) => {
    const word = item.anonymous ? undefined : prefixes(item.name)[depth];
    if (word === undefined) return;
    const list = places.get(word);
    if (list === undefined) places.set(word, [place]);
    else list.push(place);
  });
  const [first] = places.values();
  if (places.size === 1 && first?.length === level.items.length) return undefined;
  const group = Int32Array.from(level.items, (_, place) => place);
  const names = new Map<number, string>();
  for (const [name, list] of places) {
    if (list.length < 2 || !list.some((place) => (level.inputs[place]?.length ?? 0) > 0 || level.items[place]?.weighted === true)) continue;
    const own = list[0] ?? 0;
    names.set(
      own,
      wholeWords(
        name,
        list.map((place) => level.items[place]?.name ?? ''),
      ),
    );
    for (const place of list) group[place] = own;
  }
  return { group, names };
}

/**
 * A word without a number goes on as far as all the names do, so that `expanded_conv_1` and `expanded_conv_2` are in
 * `expanded_conv`; `conv2` is a stage as it stands, whatever its blocks are called.
 */
function wholeWords(word: string, names: readonly string[]): string {
  if (/\d/.test(word)) return word;
  const rests = names.map((name) =>
    name
      .slice(word.length)
      .split(/[_./\s-]+/)
      .filter(Boolean),
  );
  let words = 0;
  for (const next of rests[0] ?? []) {
    if (/\d/.test(next) || rests.some((rest) => rest[words] !== next)) break;
    words++;
  }
  const [first = ''] = names;
  const ends = [...first.slice(word.length).matchAll(/[^_./\s-]+/g)].map((match) => word.length + match.index + match[0].length);
  return words === 0 ? word : first.slice(0, ends[words - 1]);
}

/** An anonymous item without parameters that is fed by one item alone, and is its only consumer, belongs to the same group. */
function joinFollowers(level: Level, group: Int32Array): void {
  const consumers = new Int32Array(level.items.length);
  for (const inputs of level.inputs) for (const from of inputs) consumers[from] = (consumers[from] ?? 0) + 1;
  const size = sizes(group);
  level.items.forEach((item, place) => {
    const [producer, ...others] = level.inputs[place] ?? [];
    if (producer === undefined || others.length > 0 || item.weighted || !item.anonymous || consumers[producer] !== 1) return;
    const of = group[producer] ?? -1;
    if ((size.get(of) ?? 1) > 1) group[place] = of;
  });
}

/** Changes `group` until the groups as single nodes make no cycle. */
function makeConvex(level: Level, group: Int32Array): void {
  const edges = edgesOf(level);
  for (;;) {
    const knots = cycles(
      group.length,
      edges.map(([from, to]) => [group[from] ?? 0, group[to] ?? 0]),
    );
    if (knots.length === 0) return;
    const size = sizes(group);
    for (const knot of knots) {
      const large = knot.filter((g) => (size.get(g) ?? 1) > 1).sort((a, b) => (size.get(a) ?? 0) - (size.get(b) ?? 0) || a - b);
      const small = knot.filter((g) => (size.get(g) ?? 1) === 1);
      const [only = -1] = large;
      const anonymous = small.every((g) => level.items[g]?.anonymous === true);
      if (large.length === 1 && anonymous && small.length <= (size.get(only) ?? 0)) {
        for (const g of small) group[g] = only;
      } else {
        // The smallest goes first: the others may do without it.
        group.forEach((g, place) => {
          if (g === only) group[place] = place;
        });
      }
    }
  }
}

function sizes(group: Int32Array): Map<number, number> {
  const size = new Map<number, number>();
  for (const g of group) size.set(g, (size.get(g) ?? 0) + 1);
  return size;
}

/** The strongly connected parts of more than one node (Kosaraju, without recursion). */
function cycles(n: number, edges: readonly (readonly [number, number])[]): number[][] {
  const order = topological(n, edges);
  const place = new Int32Array(n);
  order.forEach((node, at) => {
    place[node] = at;
  });
  if (edges.every(([from, to]) => from === to || (place[from] ?? 0) < (place[to] ?? 0))) return [];
  const out: number[][] = Array.from({ length: n }, () => []);
  const back: number[][] = Array.from({ length: n }, () => []);
  for (const [from, to] of edges) {
    if (from === to) continue;
    out[from]?.push(to);
    back[to]?.push(from);
  }
  const finished: number[] = [];
  const seen = new Uint8Array(n);
  for (const root of order) walk(root, out, seen, (node) => finished.push(node));
  const found: number[][] = [];
  seen.fill(0);
  for (const root of finished.reverse()) {
    const members: number[] = [];
    walk(root, back, seen, (node) => members.push(node));
    if (members.length > 1) found.push(members);
  }
  return found;
}

/** Depth first from `root` over nodes not seen; calls `leave` when a node's neighbours are done. */
function walk(root: number, next: readonly (readonly number[])[], seen: Uint8Array, leave: (node: number) => void): void {
  if (seen[root] === 1) return;
  seen[root] = 1;
  const stack: [node: number, at: number][] = [[root, 0]];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const neighbour = next[top[0]]?.[top[1]++];
    if (neighbour === undefined) {
      leave(top[0]);
      stack.pop();
    } else if (seen[neighbour] === 0) {
      seen[neighbour] = 1;
      stack.push([neighbour, 0]);
    }
  }
}
