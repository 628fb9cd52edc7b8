/** What the panels look at: a series, its point at the step, and the names of its labels. */
import { classesOf, uniqueLabels } from '../../math/classes';
import { count, inFull } from '../../math/format';
import { sizeOf } from '../../math/multilabel';
import { at, type PanelProps, type Point, type Series } from '../../panel';
import type { Multilabel } from '../../schema.gen';

export type Props = PanelProps<'multilabel' | 'classes'>;

export interface Evaluation {
  readonly series: Series<'multilabel'>;
  readonly point: Point<'multilabel'>;
  readonly labels: readonly string[];
}

/** The series in focus: the first that is not there as the reference. */
export function focused({ series, selection }: Pick<Props, 'series' | 'selection'>): Series<'multilabel'> | undefined {
  return series.multilabel.find(({ training }) => training !== selection.reference) ?? series.multilabel[0];
}

/** The reference's series; undefined where it is the one in focus, or has none. */
export function referenced(props: Pick<Props, 'series' | 'selection'>): Series<'multilabel'> | undefined {
  const { reference } = props.selection;
  if (reference === null || focused(props)?.training === reference) return undefined;
  return props.series.multilabel.find(({ training }) => training === reference);
}

/** A series at a step; undefined when it begins later. */
export function evaluationAt(
  series: Series<'multilabel'> | undefined,
  classes: readonly Series<'classes'>[],
  step: number,
): Evaluation | undefined {
  const point = series === undefined ? undefined : at(series.points, step);
  if (series === undefined || point === undefined) return undefined;
  const record = classesOf(classes, point.payload.classes, series.run);
  const size = sizeOf(point.payload);
  const labels = record?.labels.length === size ? uniqueLabels(record) : Array.from({ length: size }, (_, k) => String(k));
  return { series, point, labels };
}

/** "training · evaluation · step": what a file is of. */
export function titleOf({ series, point }: Evaluation): string {
  return `${series.training} · ${series.evaluation ?? series.tag} · step ${inFull(point.step)}`;
}

/** The label chosen: the last of the selected classes, as the curves have it. */
export function chosenLabel({ selection }: Pick<Props, 'selection'>, size: number): number | undefined {
  const k = selection.classes.at(-1);
  return k !== undefined && k < size ? k : undefined;
}

/** What became of the samples, and of decisions that do not count. */
export function countedText(m: Multilabel): { readonly text: string; readonly warns: boolean } {
  const told = (of: Readonly<Record<string, number>>) => Object.entries(of).map(([reason, n]) => `${count(n)} ${reason}`);
  const [dropped, reasons] = [told(m.dropped), told(m.reasons)];
  const unknown = Array.from(m.unknown).reduce((sum, n) => sum + n, 0);
  const missing = m.declared_size === null ? 0 : m.declared_size - m.samples - Object.values(m.dropped).reduce((a, b) => a + b, 0);
  const parts = [
    `${count(m.samples)} ${m.samples === 1 ? 'sample' : 'samples'}, ${count(sizeOf(m))} labels`,
    ...(dropped.length === 0 ? [] : [`dropped: ${dropped.join(', ')}`]),
    ...(reasons.length === 0 ? [] : [`decisions left out: ${reasons.join(', ')}`]),
    ...(unknown === 0 ? [] : [`${count(unknown)} truths unknown`]),
    ...(missing === 0 ? [] : [`the data set has ${count(Math.abs(missing))} ${missing > 0 ? 'more' : 'fewer'}`]),
    ...(m.table_weight === null ? [] : ['weighted']),
  ];
  return { text: parts.join(' · '), warns: dropped.length + reasons.length > 0 || missing !== 0 };
}
