/** Groups of classes: as somebody gave them, one within another, or as they were found in what is taken for what. */
import { type Confusion, interval } from './confusion';
import type { Estimate } from './curve';
import { type Groups, groupsOf } from './grouped';

/** A group that can be closed into one row, and opened again. */
export interface Group {
  /** Tells it from others, the same at every step: the id of its topmost or first class. */
  readonly key: number;
  /** The class that stands for it, where the groups were given. */
  readonly head: number | undefined;
  /** Ids of its classes, at least two, in the order in which they are shown: those of the groups within it, too. */
  readonly classes: readonly number[];
  /** How many groups it is in, itself among them: 1 is an outermost one. */
  readonly level: number;
}

/**
 * The groups of a hierarchy: one for each class that is the parent of another. A group stands before those within it.
 *
 * @param parents [K] The id of each class's group, itself a class; −1 for none. Circles are cut where they close.
 */
export function givenGroups(parents: readonly number[]): readonly Group[] {
  const up = treeOf(parents);
  const children = new Map<number, number[]>();
  up.forEach((parent, k) => {
    if (parent >= 0) children.set(parent, [...(children.get(parent) ?? []), k]);
  });
  const found: Group[] = [];
  // Without recursion: a chain may have as many links as there are classes.
  const left = Array.from(up.keys(), (k) => ({ k, level: 1 }))
    .filter(({ k }) => (up[k] ?? -1) < 0)
    .reverse();
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { k, level } = next;
    const own = children.get(k);
    if (own === undefined) continue;
    found.push({ key: k, head: k, classes: below(k, children), level });
    for (const child of own.toReversed()) left.push({ k: child, level: level + 1 });
  }
  return found;
}

/** [K] Parents as a tree: −1 also for the least class of a circle, and for a parent that does not exist. */
function treeOf(parents: readonly number[]): Int32Array {
  const up = Int32Array.from(parents, (parent) => (parent >= 0 && parent < parents.length ? parent : -1));
  // In which walk a class was first met.
  const walk = new Int32Array(up.length).fill(-1);
  up.forEach((_, start) => {
    let k = start;
    while (k >= 0 && (walk[k] ?? 0) < 0) {
      walk[k] = start;
      k = up[k] ?? -1;
    }
    if (k < 0 || walk[k] !== start) return;
    let least = k;
    for (let each = up[k] ?? -1; each >= 0 && each !== k; each = up[each] ?? -1) least = Math.min(least, each);
    up[least] = -1;
  });
  return up;
}

/** A class and all that descend from it, by their ids. */
function below(top: number, children: ReadonlyMap<number, readonly number[]>): readonly number[] {
  const all = [top];
  for (let i = 0; i < all.length; i++) all.push(...(children.get(all[i] ?? -1) ?? []));
  return all.sort((a, b) => a - b);
}

/**
 * The groups of an order by confusion: its classes up to where two neighbours join only above the cut.
 *
 * @param order [K] Class ids.
 * @param joins [K − 1] Distance from 0 to 1 at which neighbours i and i + 1 come into one group.
 */
export function foundGroups(order: readonly number[], joins: readonly number[], cut: number): readonly Group[] {
  const groups: Group[] = [];
  let from = 0;
  order.forEach((_, i) => {
    if (i < order.length - 1 && (joins[i] ?? 1) <= cut) return;
    const classes = order.slice(from, i + 1);
    if (classes.length > 1) groups.push({ key: classes.reduce((a, b) => Math.min(a, b)), head: undefined, classes, level: 1 });
    from = i + 1;
  });
  return groups;
}

/** Classes that share most of what they are taken for are a group. */
const USUAL_CUT = 0.8;

/**
 * Where found groups are cut unless somebody chose: at 0.8, or, where most of the classes would be one group there, at the
 * highest hundredth below at which there are two groups or more and none has most classes; if there is none, at which there are two.
 *
 * @param joins [K − 1] As of `foundGroups`.
 */
export function usualCut(joins: readonly number[]): number {
  const half = (joins.length + 1) / 2;
  let two: number | undefined;
  for (let hundredths = Math.round(100 * USUAL_CUT); hundredths > 0; hundredths--) {
    const cut = hundredths / 100;
    const sizes = sizesAt(joins, cut);
    const isEven = sizes.every((size) => size <= half);
    if (isEven && (sizes.length > 1 || cut === USUAL_CUT)) return cut;
    if (sizes.length > 1) two ??= cut;
  }
  return two ?? USUAL_CUT;
}

/** How many classes each group has. */
function sizesAt(joins: readonly number[], cut: number): readonly number[] {
  const sizes: number[] = [];
  let size = 1;
  for (const join of [...joins, Number.POSITIVE_INFINITY]) {
    if (join <= cut) size += 1;
    else {
      if (size > 1) sizes.push(size);
      size = 1;
    }
  }
  return sizes;
}

/** Rows and columns of a picture, and which of them are groups of a hierarchy. */
export interface Collapsed {
  readonly groups: Groups;
  /** [row] Undefined for a class. */
  readonly home: readonly (Group | undefined)[];
}

/**
 * Rows and columns of a picture in which groups are closed, except those that are open. A group within another one is closed
 * or open once that is open.
 *
 * @param groups Each before those within it.
 * @returns The rows, in the order of the first of their classes.
 */
export function collapsed(order: ArrayLike<number>, groups: readonly Group[], open: ReadonlySet<number>): Collapsed {
  const of = new Int32Array(order.length).fill(-1);
  const closed = new Map<number, Group>();
  for (const group of groups) {
    if (open.has(group.key)) continue;
    for (const k of group.classes) if (!closed.has(k)) closed.set(k, group);
  }
  const home: (Group | undefined)[] = [];
  for (const k of Array.from(order)) {
    if ((of[k] ?? 0) >= 0) continue;
    const group = closed.get(k);
    for (const member of group?.classes ?? [k]) of[member] = home.length;
    home.push(group);
  }
  return { groups: groupsOf(of), home };
}

/**
 * The classes that a search found each by itself, and the others of their groups as one row a group: those of the innermost
 * group that has a found one in it. Classes in no such group are all one row, the last. To find the head of a group is to find
 * its classes.
 *
 * @returns `home` is the group of which a row is the rest; undefined for a class, and for all others.
 */
export function around(size: number, found: readonly number[], hierarchy: readonly Group[]): Collapsed & { readonly found: number } {
  const heads = new Set(found);
  const chosen = new Set([...found, ...hierarchy.flatMap(({ head, classes }) => (head !== undefined && heads.has(head) ? classes : []))]);
  const rest = new Map<number, Group>();
  // Those within come later, and count.
  for (const group of hierarchy) if (group.classes.some((k) => chosen.has(k))) for (const k of group.classes) rest.set(k, group);
  const of = new Int32Array(size).fill(-1);
  const home: (Group | undefined)[] = [];
  for (let k = 0; k < size; k++) {
    if (!chosen.has(k)) continue;
    of[k] = home.length;
    home.push(undefined);
  }
  const rows = new Map<Group, number>();
  for (let k = 0; k < size; k++) {
    const group = rest.get(k);
    if (chosen.has(k) || group === undefined) continue;
    const row = rows.get(group) ?? home.length;
    if (row === home.length) home.push(group);
    rows.set(group, row);
    of[k] = row;
  }
  const other = home.length;
  if (of.includes(-1)) home.push(undefined);
  return { groups: groupsOf(of.map((row) => (row < 0 ? other : row))), home, found: chosen.size };
}

/**
 * Share of the samples that were predicted as a class of the same group: of the groups of each level, the outermost first.
 * A class that is in no group of a level counts as its own, or in the innermost group that it is in.
 */
export function rightWithin(c: Confusion, hierarchy: readonly Group[]): readonly Estimate[] {
  const levels = hierarchy.reduce((most, { level }) => Math.max(most, level), 0);
  const home = Int32Array.from({ length: c.size + 1 }, (_, k) => -1 - k);
  const within: Estimate[] = [];
  for (let level = 1; level <= levels; level++) {
    for (const group of hierarchy) if (group.level === level) for (const k of group.classes) home[k] = group.key;
    let right = 0;
    let cell = 0;
    for (let i = 0; i < c.size; i++) {
      for (const end = c.rowEnd[i] ?? 0; cell < end; cell++) {
        if (home[c.column[cell] ?? 0] === home[i]) right += c.value[cell] ?? 0;
      }
    }
    const value = c.judged > 0 ? right / c.judged : undefined;
    within.push({ value, range: interval(value, c.judgedTrials) });
  }
  return within;
}

/** [K] Of each class the innermost group that it is in; undefined where it is in none. */
export function innermost(size: number, hierarchy: readonly Group[]): readonly (Group | undefined)[] {
  const found = new Array<Group | undefined>(size).fill(undefined);
  // Those within come later.
  for (const group of hierarchy) for (const k of group.classes) found[k] = group;
  return found;
}
