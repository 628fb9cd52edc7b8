/** What a selection shows of a list: pure, no DOM. */
import { isKnown, type Listing, type Training } from '../decode';
import type { Panel, SeriesInfo } from '../panel';
import { type Json, KINDS, type Kind } from '../schema.gen';
import type { Selection, View } from '../selection';

/** The trainings on screen. */
export interface Shown {
  readonly focus: Training;
  readonly reference: Training | null;
  /** The focus first, then the reference, then the others. */
  readonly all: readonly Training[];
}

/** What a selection shows; undefined when there is no training. With none chosen it is `fallback`, or else the newest. */
export function shownTrainings(listing: Listing, selection: Selection, fallback: string | null): Shown | undefined {
  const named = new Map(listing.trainings.map((training) => [training.name, training]));
  const chosen = selection.trainings.flatMap((name) => named.get(name) ?? []);
  const focus = chosen[0] ?? (fallback === null ? undefined : named.get(fallback)) ?? newest(listing);
  if (focus === undefined) return undefined;
  const reference = selection.reference === null || selection.reference === focus.name ? null : (named.get(selection.reference) ?? null);
  const all = new Set([focus, ...(reference === null ? [] : [reference]), ...chosen]);
  return { focus, reference, all: [...all] };
}

/** The training that was written to last. */
export function newest(listing: Listing): Training | undefined {
  let best: Training | undefined;
  for (const training of listing.trainings) if (best === undefined || lastWritten(training) > lastWritten(best)) best = training;
  return best;
}

/** When anything of a training was written last, in seconds since 1970; 0 when nothing is known. */
export function lastWritten(training: Training): number {
  return training.series.reduce((last, series) => Math.max(last, series.lastWallTime), 0);
}

/** The evaluation to show: the selected one, else `validation`, else the first. */
export function evaluationOf(selection: Selection, evaluations: readonly string[]): string | null {
  if (selection.evaluation !== null && evaluations.includes(selection.evaluation)) return selection.evaluation;
  return evaluations.includes('validation') ? 'validation' : (evaluations[0] ?? null);
}

/** The tag of what is in no log as it is, but made by the server. */
const MADE = '';

/** Whether a structure and its parameters are asked for as one answer that the server makes. */
export function isMade({ tag }: SeriesInfo): boolean {
  return tag === MADE;
}

/**
 * All series of a training, its structure and parameters among them. The server makes these from whatever tells of layers,
 * the newest; where one series tells of layers at several steps, it is taken itself, so that each step has its own.
 */
export function seriesOf(training: Training): readonly SeriesInfo[] {
  if (training.structure === null) return training.series;
  const told = training.series.filter(({ kind }) => kind === 'structure');
  if (told.length === 1 && told.every((series) => isKnown(series) && series.lastStep > 0)) return training.series;
  const made = (kind: Kind): SeriesInfo => ({
    training: training.name,
    run: training.name,
    tag: MADE,
    kind,
    version: KINDS[kind].version,
    evaluation: null,
    name: null,
    split: null,
    lastStep: Math.max(0, ...told.map(({ lastStep }) => lastStep)),
    lastWallTime: Math.max(0, ...told.map(({ lastWallTime }) => lastWallTime)),
  });
  const others = training.series.filter((series) => !(isKnown(series) && (series.kind === 'structure' || series.kind === 'parameters')));
  return [...others, made('structure'), made('parameters')];
}

/** Whether it belongs to an evaluation, or to none. */
function isOf(evaluation: string | null, series: Training['series'][number]): boolean {
  return series.evaluation === null || series.evaluation === evaluation;
}

/** The series that a panel asks the server about, of the evaluation shown. */
export function askedFor(panel: Panel, shown: Shown, evaluation: string | null): readonly SeriesInfo[] {
  const asks = panel.asks ?? [];
  return shown.all.flatMap(({ series }) => series.filter((each) => isKnown(each) && asks.includes(each.kind) && isOf(evaluation, each)));
}

/** The series that a panel gets: of the kinds it needs, of the evaluation shown, and that it wants. */
export function seriesFor(panel: Panel, shown: Shown, evaluation: string | null): readonly SeriesInfo[] {
  // Who asks for parameters without the structure gets them as statistics refer to them: by the digest in their tags.
  const of = (training: Training): readonly SeriesInfo[] => {
    if (!panel.needs.includes('structure')) return training.series;
    const refers = panel.needs.includes('tensor_stats') && training.series.some(({ kind }) => kind === 'tensor_stats');
    const byDigest = refers ? training.series.filter(({ kind }) => kind === 'parameters') : [];
    return [...new Set([...seriesOf(training), ...byDigest])];
  };
  return shown.all.flatMap((training) =>
    of(training).filter(
      (series) =>
        isKnown(series) &&
        panel.needs.includes(series.kind) &&
        (series.kind === 'scalars' || isOf(evaluation, series)) &&
        (panel.wants?.(series) ?? true),
    ),
  );
}

/** What a panel cannot do without: of each of these lists one kind. */
export function conditions({ needs, required, anyOf }: Panel): readonly (readonly Kind[])[] {
  const each = required ?? (anyOf === undefined ? needs : []);
  return [...each.map((kind) => [kind]), ...(anyOf === undefined ? [] : [anyOf])];
}

/** Whether the training in focus has what a panel cannot do without. */
export function isShown(panel: Panel, series: readonly SeriesInfo[], focus: Training): boolean {
  return conditions(panel).every((kinds) =>
    series.some((each) => kinds.some((kind) => kind === each.kind) && each.training === focus.name),
  );
}

/** Series of the training in focus that no panel can draw, in the view where they belong. */
export function unknownSeries(view: View, panels: readonly Panel[], focus: Training, evaluation: string | null): readonly SeriesInfo[] {
  return focus.series.filter((series) => {
    if (isKnown(series) || !isOf(evaluation, series)) return false;
    // Who draws a kind comes before who only asks about it.
    const isOne = (kind: string) => kind === series.kind;
    const home = (panels.find(({ needs }) => needs.some(isOne)) ?? panels.find(({ asks = [] }) => asks.some(isOne)))?.view;
    return (home ?? (series.evaluation === null ? 'training' : 'predictions')) === view;
  });
}

/** Trainings whose name a filter finds; undefined when it is no regular expression. Case counts only if the filter has capitals. */
export function filtered(trainings: readonly Training[], filter: string): readonly Training[] | undefined {
  if (filter === '') return trainings;
  try {
    const found = new RegExp(filter, /\p{Lu}/u.test(filter) ? 'u' : 'iu');
    return trainings.filter(({ name }) => found.test(name));
  } catch {
    return undefined;
  }
}

/** How a name is called on the page; the logdir itself has none. */
export function called(training: string): string {
  return training === '.' ? '(log folder)' : training;
}

/** Steps and epochs, as `training_facts` tells of one fit. */
export interface Fit {
  readonly first_step: number;
  readonly initial_epoch: number;
  readonly epochs: number | null;
  readonly steps_per_epoch: number | null;
  readonly hyperparameters?: Readonly<Record<string, Json>>;
}

/** The epoch that a step lies in, from 1 (0: before the first batch), and the last one planned; undefined when not known. */
export function epochAt(fits: readonly Fit[], step: number): { readonly epoch: number; readonly of: number | null } | undefined {
  const fit = fits.findLast((each) => each.first_step <= step);
  if (fit === undefined || fit.steps_per_epoch === null || fit.steps_per_epoch <= 0) return undefined;
  return { epoch: fit.initial_epoch + Math.ceil((step - fit.first_step) / fit.steps_per_epoch), of: fit.epochs };
}
