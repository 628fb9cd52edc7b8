/** Rows and columns that are several classes: those a search leaves out, and groups that are closed. */

import type { ConfusionOrder } from '../../decode';
import { count } from '../../math/format';
import { type Groups, grouped } from '../../math/grouped';
import { around, collapsed, foundGroups, type Group, givenGroups, innermost, usualCut } from '../../math/hierarchy';
import { foundClasses } from '../../math/other';
import type { Classes } from '../../schema.gen';
import type { Choices } from './choices';
import type { Evaluation } from './evaluation';

/** What stands for what in the picture. */
export interface Gathered {
  readonly groups: Groups;
  /** Groups of the picture from first to last shown. */
  readonly order: Int32Array;
  /** [group] */
  readonly labels: readonly string[];
  /** [group] Key of a group that can be opened; undefined for a class, and for all others of a search. */
  readonly keys: readonly (number | undefined)[];
  /** [group] The value of the samples that stayed in the group: of a class, in the innermost group that it is in. */
  readonly within: Float64Array;
  /** How many classes a search shows; undefined where nothing is searched. */
  readonly found: number | undefined;
  /** The groups of the hierarchy, closed and open. */
  readonly hierarchy: readonly Group[];
}

/** Where found groups are cut: as chosen, else where they are groups at all; undefined where none are asked for, or there. */
export function cutOf({ grouping, cut }: Pick<Choices, 'grouping' | 'cut'>, found: ConfusionOrder | undefined): number | undefined {
  return grouping === 'found' && found !== undefined ? (cut ?? usualCut(found.joins)) : undefined;
}

/**
 * What a search or a hierarchy makes of the classes; undefined where each stands for itself.
 *
 * @param order Classes from first to last shown.
 */
export function gathered(
  evaluation: Evaluation,
  order: ArrayLike<number>,
  chosen: Pick<Choices, 'find' | 'grouping' | 'open' | 'cut'>,
  found: ConfusionOrder | undefined,
  record: Classes | undefined,
): Gathered | undefined {
  const { labels } = evaluation;
  const searched = foundClasses(labels, chosen.find);
  const hierarchy = hierarchyOf(chosen, found, record) ?? [];
  if (searched !== undefined) {
    const { groups, home, found: shown } = around(labels.length, searched, hierarchy);
    return {
      groups,
      order: placed(groups, order, shown),
      labels: groups.members.map((ids, g) => (g < shown ? (labels[ids[0] ?? 0] ?? '') : nameOfRest(evaluation, ids, home[g]))),
      keys: home.map(() => undefined),
      within: withinOf(evaluation, groups, hierarchy),
      found: shown,
      hierarchy,
    };
  }
  if (hierarchy.length === 0) return undefined;
  const { groups, home } = collapsed(order, hierarchy, new Set(chosen.open));
  return {
    groups,
    order: Int32Array.from(groups.members, (_, g) => g),
    labels: groups.members.map((ids, g) => nameOfGroup(evaluation, ids, home[g])),
    keys: home.map((group) => group?.key),
    within: withinOf(evaluation, groups, hierarchy),
    found: undefined,
    hierarchy,
  };
}

/** [row] The value of the samples of each row that were predicted as a class of the same group: its own, or of a class the innermost. */
function withinOf({ confusion: c }: Evaluation, { members }: Groups, hierarchy: readonly Group[]): Float64Array {
  const homes = innermost(c.size, hierarchy);
  const values = new Float64Array(members.length);
  const isIn = new Uint8Array(c.size + 1);
  members.forEach((ids, row) => {
    const classes = ids.length === 1 ? (homes[ids[0] ?? 0]?.classes ?? ids) : ids;
    for (const k of classes) isIn[k] = 1;
    for (const i of ids) {
      for (let cell = i > 0 ? (c.rowEnd[i - 1] ?? 0) : 0; cell < (c.rowEnd[i] ?? 0); cell++) {
        if (isIn[c.column[cell] ?? 0] === 1) values[row] = (values[row] ?? 0) + (c.value[cell] ?? 0);
      }
    }
    for (const k of classes) isIn[k] = 0;
  });
  return values;
}

/** The groups that are asked for; undefined where none are, or they are not there. */
function hierarchyOf(
  chosen: Pick<Choices, 'grouping' | 'cut'>,
  found: ConfusionOrder | undefined,
  record: Classes | undefined,
): readonly Group[] | undefined {
  const cut = cutOf(chosen, found);
  if (chosen.grouping === 'given') return record?.parents == null ? undefined : givenGroups(record.parents);
  if (found !== undefined && cut !== undefined) return foundGroups(found.order, found.joins, cut);
  return undefined;
}

/** Classes that were found by their place in the order, then the rest of their groups, and all others last. */
function placed({ members }: Groups, order: ArrayLike<number>, found: number): Int32Array {
  const place = new Int32Array(order.length);
  Array.from(order).forEach((k, i) => {
    place[k] = i;
  });
  const first = members.map((ids, g) => (g < found ? (place[ids[0] ?? 0] ?? 0) : order.length + g));
  return Int32Array.from(members, (_, g) => g).sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0));
}

/** "rest of dog (3)", or "other (37)" where it is of no group. */
function nameOfRest({ labels }: Evaluation, ids: Int32Array, home: Group | undefined): string {
  if (home === undefined) return `other (${count(ids.length)})`;
  return `rest of ${labels[home.head ?? home.classes[0] ?? 0] ?? ''} (${count(ids.length)})`;
}

/** A class has its own name; a given group that of its head; a found one that of its most frequent class. */
function nameOfGroup({ labels, confusion: c }: Evaluation, ids: Int32Array, home: Group | undefined): string {
  const [first = 0] = ids;
  if (ids.length === 1) return labels[first] ?? '';
  if (home?.head !== undefined) return `${labels[home.head] ?? ''} (${count(ids.length)})`;
  const largest = ids.reduce((most, k) => ((c.examples[k] ?? 0) > (c.examples[most] ?? 0) ? k : most), first);
  return `${labels[largest] ?? ''} + ${count(ids.length - 1)}`;
}

/** An evaluation as a picture of groups. */
export function groupedEvaluation(evaluation: Evaluation, found: Gathered | undefined): Evaluation {
  if (found === undefined) return evaluation;
  return {
    ...evaluation,
    confusion: grouped(evaluation.confusion, found.groups),
    labels: found.labels,
    groups: { of: evaluation, groups: found.groups, within: found.within, isNested: found.hierarchy.length > 0 },
  };
}
