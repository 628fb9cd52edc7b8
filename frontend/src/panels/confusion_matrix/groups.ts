/** Rows and columns that are several classes: those a search leaves out, and groups that are closed. */

import type { ConfusionOrder } from '../../decode';
import { count } from '../../math/format';
import { type Groups, grouped } from '../../math/grouped';
import { collapsed, foundGroups, type Group, givenGroups } from '../../math/hierarchy';
import { foundClasses, withOther } from '../../math/other';
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
  /** How many classes a search found; undefined where nothing is searched. */
  readonly found: number | undefined;
  /** The groups of the hierarchy, closed and open. */
  readonly hierarchy: readonly Group[];
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
  if (searched !== undefined) {
    const groups = withOther(labels.length, searched);
    const keys = groups.members.map(() => undefined);
    return {
      groups,
      order: placed(groups, order, searched.length),
      labels: groups.members.map((ids, g) => (g === searched.length ? `other (${count(ids.length)})` : (labels[ids[0] ?? 0] ?? ''))),
      keys,
      found: searched.length,
      hierarchy: [],
    };
  }
  const hierarchy = hierarchyOf(chosen, found, record);
  if (hierarchy === undefined || hierarchy.length === 0) return undefined;
  const groups = collapsed(order, hierarchy, new Set(chosen.open));
  const closed = new Map(hierarchy.map((group) => [Math.min(...group.classes), group]));
  const home = groups.members.map((ids) => (ids.length > 1 ? closed.get(ids[0] ?? -1) : undefined));
  return {
    groups,
    order: Int32Array.from(groups.members, (_, g) => g),
    labels: groups.members.map((ids, g) => nameOfGroup(evaluation, ids, home[g])),
    keys: home.map((group) => group?.key),
    found: undefined,
    hierarchy,
  };
}

/** The groups that are asked for; undefined where none are, or they are not there. */
function hierarchyOf(
  { grouping, cut }: Pick<Choices, 'grouping' | 'cut'>,
  found: ConfusionOrder | undefined,
  record: Classes | undefined,
): readonly Group[] | undefined {
  if (grouping === 'given') return record?.parents == null ? undefined : givenGroups(record.parents);
  if (grouping === 'found') return found === undefined ? undefined : foundGroups(found.order, found.joins, cut);
  return undefined;
}

/** Groups by the first of their classes in the order; all others of a search last. */
function placed({ members }: Groups, order: ArrayLike<number>, searched: number): Int32Array {
  const place = new Int32Array(order.length);
  Array.from(order).forEach((k, i) => {
    place[k] = i;
  });
  const first = members.map((ids, g) => (g === searched ? order.length : (place[ids[0] ?? 0] ?? 0)));
  return Int32Array.from(members, (_, g) => g).sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0));
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
    groups: { of: evaluation, groups: found.groups },
  };
}
