/** What the panels look at: a series, its point at the step, and the names of its classes. */
import { type Confusion, confusion } from '../../math/confusion';
import { at, type PanelProps, type Point, type Series } from '../../panel';
import type { Classes, ConfusionMatrix } from '../../schema.gen';

export type Props = PanelProps<'confusion_matrix' | 'classes'>;

export interface Evaluation {
  readonly series: Series<'confusion_matrix'>;
  readonly point: Point<'confusion_matrix'>;
  readonly confusion: Confusion;
  /** [K] Unique names of the classes, to show. */
  readonly labels: readonly string[];
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

/** Names of a matrix's classes, from the `classes` record it refers to: its run's, else another run's; else their numbers. */
export function labelsOf(payload: ConfusionMatrix, run: string, classes: readonly Series<'classes'>[]): readonly string[] {
  const tag = `classes/${payload.classes}`;
  const size = payload.row_end.length - 1;
  const found = classes.find((s) => s.tag === tag && s.run === run) ?? classes.find((s) => s.tag === tag);
  const record = found?.points.at(-1)?.payload;
  return record !== undefined && record.labels.length === size ? unique(record) : Array.from({ length: size }, (_, k) => String(k));
}

const uniqueLabels = new WeakMap<Classes, readonly string[]>();

/** The labels, with `(#id)` behind those that stand there twice, or are empty. */
function unique(record: Classes): readonly string[] {
  let made = uniqueLabels.get(record);
  if (made === undefined) {
    const times = new Map<string, number>();
    for (const label of record.labels) times.set(label, (times.get(label) ?? 0) + 1);
    made = record.labels.map((label, k) => (label.trim() === '' || (times.get(label) ?? 0) > 1 ? `${label} (#${k})`.trimStart() : label));
    uniqueLabels.set(record, made);
  }
  return made;
}

/** [K of `from`] The class of the same name in `to`; -1 where there is none: sets of classes may differ between steps and runs. */
export function matched(from: readonly string[], to: readonly string[]): Int32Array {
  if (from === to) return Int32Array.from({ length: from.length }, (_, k) => k);
  const ids = new Map(to.map((label, k) => [label, k]));
  return Int32Array.from(from, (label) => ids.get(label) ?? -1);
}
