/** What the panels look at: a series, its point at the step, and the names of its classes. */
import { classesOf, uniqueLabels } from '../../math/classes';
import { type Confusion, confusion } from '../../math/confusion';
import { inFull } from '../../math/format';
import { type Groups, grouped, groupsThere } from '../../math/grouped';
import { at, type PanelProps, type Point, type Series } from '../../panel';
import type { Classes, ConfusionMatrix } from '../../schema.gen';

export type Props = PanelProps<'confusion_matrix' | 'classes'>;

export interface Evaluation {
  readonly series: Series<'confusion_matrix'>;
  readonly point: Point<'confusion_matrix'>;
  readonly confusion: Confusion;
  /** [K] Unique names of the classes, to show. */
  readonly labels: readonly string[];
  /** Where rows and columns are groups of classes: the evaluation of the classes, and which class is where. */
  readonly groups?: {
    readonly of: Evaluation;
    readonly groups: Groups;
    /** [row] The value of the samples that stayed in the row's group: of a class, in the innermost group that it is in. */
    readonly within: Float64Array;
    /** Whether there are groups, and not only classes that a search left out. */
    readonly isNested: boolean;
  };
}

/** The series in focus: the first that is not there as the reference. */
export function focused(props: Props): Series<'confusion_matrix'> | undefined {
  const all = props.series.confusion_matrix;
  return all.find((series) => series.training !== props.selection.reference) ?? all[0];
}

/** The reference's series; undefined where it is the one in focus, or has none. */
export function referenced(props: Props): Series<'confusion_matrix'> | undefined {
  const { reference } = props.selection;
  if (reference === null || focused(props)?.training === reference) return undefined;
  return props.series.confusion_matrix.find((series) => series.training === reference);
}

/** A series at a step; undefined when it begins later. */
export function evaluation(
  series: Series<'confusion_matrix'> | undefined,
  classes: readonly Series<'classes'>[],
  step: number,
): Evaluation | undefined {
  const point = series === undefined ? undefined : at(series.points, step);
  if (series === undefined || point === undefined) return undefined;
  return { series, point, confusion: confusion(point.payload), labels: labelsOf(point.payload, series.run, classes) };
}

/** "training · evaluation · step": what a file is of. */
export function titleOf({ series, point }: Evaluation): string {
  return `${series.training} · ${series.evaluation ?? series.tag} · step ${inFull(point.step)}`;
}

/** Names of a matrix's classes, from the `classes` record it refers to: its run's, else another run's; else their numbers. */
export function labelsOf(payload: ConfusionMatrix, run: string, classes: readonly Series<'classes'>[]): readonly string[] {
  const record = recordOf(payload, run, classes);
  return record === undefined ? numbers(sizeOf(payload)) : uniqueLabels(record);
}

/** The `classes` record of a matrix; undefined where it is not there, or of other classes. */
export function recordOf(payload: ConfusionMatrix, run: string, classes: readonly Series<'classes'>[]): Classes | undefined {
  const record = classesOf(classes, payload.classes, run);
  return record?.labels.length === sizeOf(payload) ? record : undefined;
}

function sizeOf({ row_end }: ConfusionMatrix): number {
  return row_end.length - 1;
}

const numbered = new Map<number, readonly string[]>();

/** Names of classes that have none: the same value each time, so that equal sets are known to be equal. */
function numbers(size: number): readonly string[] {
  let made = numbered.get(size);
  if (made === undefined) {
    made = Array.from({ length: size }, (_, k) => String(k));
    numbered.set(size, made);
  }
  return made;
}

const known = new WeakMap<readonly string[], WeakMap<readonly string[], Int32Array>>();

/** [K of `from`] The class of the same name in `to`; -1 where there is none: sets of classes may differ between steps and runs. */
export function matched(from: readonly string[], to: readonly string[]): Int32Array {
  let made = known.get(from);
  if (made === undefined) {
    made = new WeakMap();
    known.set(from, made);
  }
  let ids = made.get(to);
  if (ids === undefined) {
    ids = match(from, to);
    made.set(to, ids);
  }
  return ids;
}

function match(from: readonly string[], to: readonly string[]): Int32Array {
  if (from === to) return Int32Array.from({ length: from.length }, (_, k) => k);
  const ids = new Map(to.map((label, k) => [label, k]));
  return Int32Array.from(from, (label) => ids.get(label) ?? -1);
}

/** Another evaluation, and which of its classes each of ours is; −1 where there is none. */
export interface Matched {
  readonly confusion: Confusion;
  readonly ids: Int32Array;
}

/** Another evaluation beside a picture: its classes, or the same groups of them, found by name. */
export function there({ labels, groups }: Pick<Evaluation, 'labels' | 'groups'>, other: Pick<Evaluation, 'confusion' | 'labels'>): Matched {
  if (groups === undefined) return { confusion: other.confusion, ids: matched(labels, other.labels) };
  const found = groupsThere(groups.groups, matched(groups.of.labels, other.labels), other.labels.length);
  const ids = Int32Array.from(groups.groups.members, (_, g) => ((found.members[g] ?? []).length > 0 ? g : -1));
  return { confusion: grouped(other.confusion, found), ids };
}
