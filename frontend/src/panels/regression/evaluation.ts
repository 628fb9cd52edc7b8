/** What the panels look at: a series, its point at the step, and one target. */
import { count, inFull } from '../../math/format';
import { type Target, targetOf } from '../../math/regression';
import { at, type PanelProps, type Point, type Series } from '../../panel';

export type Props = PanelProps<'regression'>;

export const OPTIONS = { target: 'regression.target', beside: 'regression.beside' } as const;

export interface Evaluation {
  readonly series: Series<'regression'>;
  readonly point: Point<'regression'>;
  readonly target: Target;
}

/** The series in focus: the first that is not there as the reference. */
export function focused({ series, selection }: Pick<Props, 'series' | 'selection'>): Series<'regression'> | undefined {
  return series.regression.find(({ training }) => training !== selection.reference) ?? series.regression[0];
}

/** The reference's series; undefined where it is the one in focus, or has none. */
export function referenced(props: Pick<Props, 'series' | 'selection'>): Series<'regression'> | undefined {
  const { reference } = props.selection;
  if (reference === null || focused(props)?.training === reference) return undefined;
  return props.series.regression.find(({ training }) => training === reference);
}

/** Place of the target chosen, among those that there are. */
export function chosenTarget({ selection }: Pick<Props, 'selection'>, targets: number): number {
  const kept = Number(selection.options[OPTIONS.target] ?? 0);
  return Number.isInteger(kept) && kept >= 0 && kept < targets ? kept : 0;
}

/** A target of a series at a step; undefined where the series begins later, or has no such target. */
export function evaluationAt(series: Series<'regression'> | undefined, step: number, index: number): Evaluation | undefined {
  const point = series === undefined ? undefined : at(series.points, step);
  const target = point === undefined ? undefined : targetOf(point.payload, index);
  return series === undefined || point === undefined || target === undefined ? undefined : { series, point, target };
}

/** The place in another training of a target: that of its name, else the same. */
export function matchedTarget(names: readonly string[], index: number, others: readonly string[]): number {
  const name = names[index] ?? '';
  return name === '' || others[index] === name ? index : others.indexOf(name);
}

/** "training · evaluation · step", and the target where it has a name. */
export function titleOf({ series, point, target }: Evaluation): string {
  const name = target.payload.targets[target.index] ?? '';
  return `${series.training} · ${series.evaluation ?? series.tag} · step ${inFull(point.step)}${name === '' ? '' : ` · ${name}`}`;
}

/** What became of the samples: "998 of 1 000 values count; dropped: 2 truth not finite". */
export function countedText({ payload, count: counting }: Target): { readonly text: string; readonly warns: boolean } {
  const left = payload.samples - counting;
  if (left === 0) return { text: `${count(counting)} ${counting === 1 ? 'value' : 'values'}`, warns: false };
  const reasons = Object.entries(payload.dropped).map(([reason, n]) => `${count(n)} ${reason}`);
  const where = payload.targets.length > 1 ? ' (of all targets)' : '';
  return { text: `${count(counting)} of ${count(payload.samples)} values count; dropped: ${reasons.join(', ')}${where}`, warns: true };
}
