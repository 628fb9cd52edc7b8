/** Groups of classes: as somebody gave them, or as they were found in what is taken for what. */
import { type Groups, groupsOf } from './grouped';

/** A group that can be closed into one row, and opened again. */
export interface Group {
  /** Tells it from others, the same at every step: the id of its topmost or first class. */
  readonly key: number;
  /** The class that stands for it, where the groups were given. */
  readonly head: number | undefined;
  /** Ids of its classes, at least two, in the order in which they are shown. */
  readonly classes: readonly number[];
}

/**
 * The outermost groups of a hierarchy.
 *
 * @param parents [K] The id of each class's group, itself a class; −1 for none. Circles are cut where they close.
 */
export function givenGroups(parents: readonly number[]): readonly Group[] {
  const top = (k: number): number => {
    const path = [k];
    let up = parents[k] ?? -1;
    while (up >= 0 && up < parents.length && !path.includes(up)) {
      path.push(up);
      up = parents[up] ?? -1;
    }
    const circle = path.indexOf(up);
    return circle < 0 ? (path.at(-1) ?? k) : Math.min(...path.slice(circle));
  };
  const found = new Map<number, number[]>();
  for (let k = 0; k < parents.length; k++) {
    const head = top(k);
    found.set(head, [...(found.get(head) ?? []), k]);
  }
  return [...found].filter(([, classes]) => classes.length > 1).map(([head, classes]) => ({ key: head, head, classes }));
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
    if (classes.length > 1) groups.push({ key: Math.min(...classes), head: undefined, classes });
    from = i + 1;
  });
  return groups;
}

/**
 * Rows and columns of a picture in which groups are closed, except those that are open.
 *
 * @returns The groups, in the order of the first of their classes.
 */
export function collapsed(order: ArrayLike<number>, groups: readonly Group[], open: ReadonlySet<number>): Groups {
  const of = new Int32Array(order.length).fill(-1);
  const home = new Map<number, Group>();
  for (const group of groups) if (!open.has(group.key)) for (const k of group.classes) home.set(k, group);
  let next = 0;
  for (const k of Array.from(order)) {
    if ((of[k] ?? 0) >= 0) continue;
    for (const member of home.get(k)?.classes ?? [k]) of[member] = next;
    next++;
  }
  return groupsOf(of);
}
