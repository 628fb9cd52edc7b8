/** The reader's choices of this panel, kept in the selection's options so that a link opens the same list. */
import { oneOf, withOptions } from '../../frame/options';
import type { Selection } from '../../selection';
import type { SampleChoice } from '../../source';

/** What became of samples between an earlier evaluation and the one shown. */
export type Change = 'newly_right' | 'newly_wrong' | 'forgotten';

/** What this evaluation and another one of the same samples say of them: who is right, or whether they say the same. */
export type Versus = Exclude<NonNullable<SampleChoice['against']>, 'any'>;

export type Outcome = 'wrong' | 'right' | 'any' | Change | Versus;
export type Sort = 'loss' | 'confidence' | 'doubt' | 'changed';
export type Looks = 'pictures' | 'rows';

export interface Choices {
  readonly outcome: Outcome;
  /** Whether one class that is selected is the true or the predicted one. */
  readonly as: 'true' | 'predicted';
  readonly sort: Sort;
  /** The earlier step, where one was chosen: here, or as what the matrix is compared with. */
  readonly since: number | undefined;
  readonly looks: Looks | undefined;
  /** Which side of the threshold. */
  readonly side: 'at_least' | 'below' | 'any';
  /** A bin of the calibration: a range of confidence. */
  readonly confidence: { readonly from: number; readonly below: number } | undefined;
  /** What this evaluation and what the other one predicted, in the ids of a comparison. */
  readonly agreement: { readonly predicted: number; readonly other: number } | undefined;
  /** A truth among so many first classes counts as right: as in the matrix. */
  readonly credit: number;
}

export const CHANGES: readonly Change[] = ['newly_right', 'newly_wrong', 'forgotten'];
export const VERSUS: readonly Versus[] = ['only_this_right', 'only_other_right', 'differ', 'same', 'both_right', 'both_wrong'];
const OUTCOMES: readonly Outcome[] = ['wrong', 'right', 'any', ...CHANGES, ...VERSUS];
export const SORTS: readonly Sort[] = ['loss', 'confidence', 'doubt', 'changed'];

const PANEL = 'predictions';

/** Bins in which score curves count confidences; those of a calibration are made of them. */
const FINEST = 3000;

/** The choices in force; what a link asks for but does not exist is left at its default. */
export function choices(options: Selection['options']): Choices {
  const told = (name: keyof Choices) => options[`${PANEL}.${name}`];
  const since = told('since') ?? /^step:(.*)$/.exec(options['confusion_matrix.against'] ?? '')?.[1] ?? '';
  const [from = Number.NaN, below = Number.NaN] = (told('confidence') ?? '').split('..').map(fraction);
  const agreement = /^(\d{1,15}),(\d{1,15})$/.exec(told('agreement') ?? '');
  return {
    outcome: oneOf(OUTCOMES, told('outcome')) ?? 'wrong',
    as: oneOf(['true', 'predicted'] as const, told('as')) ?? 'true',
    sort: oneOf(SORTS, told('sort')) ?? 'loss',
    since: /^\d{1,15}$/.test(since) ? Number(since) : undefined,
    looks: oneOf(['pictures', 'rows'] as const, told('looks')),
    side: oneOf(['at_least', 'below', 'any'] as const, told('side')) ?? 'at_least',
    confidence: from >= 0 && from < below && below <= 1 ? { from, below } : undefined,
    credit: Number(/^[35]$/.exec(options['confusion_matrix.credit'] ?? '')?.[0] ?? 1),
    agreement: agreement === null ? undefined : { predicted: Number(agreement[1]), other: Number(agreement[2]) },
  };
}

export type Changed = { readonly [P in keyof Choices]?: string | undefined };

/** The options with some choices changed; undefined takes one back to its default. */
export function withChoices(options: Selection['options'], change: Changed): Selection['options'] {
  return withOptions(options, PANEL, change);
}

export function isChange(outcome: Outcome): outcome is Change {
  return CHANGES.some((each) => each === outcome);
}

export function isVersus(outcome: Outcome): outcome is Versus {
  return VERSUS.some((each) => each === outcome);
}

/** Whether what is listed depends on another evaluation. */
export function needsOther({ outcome, agreement }: Choices): boolean {
  return isVersus(outcome) || agreement !== undefined;
}

/** The choices where there is no other evaluation: what depends on it is back at its default. */
export function withoutOther(chosen: Choices): Choices {
  return { ...chosen, outcome: isVersus(chosen.outcome) ? 'wrong' : chosen.outcome, agreement: undefined };
}

/** What of a selection and the choices the server is asked for, but for sort and place. */
export type Filter = Pick<
  SampleChoice,
  'truth' | 'predicted' | 'outcome' | 'at_least' | 'below' | 'confidence_bins' | 'against' | 'other_predicted' | 'k'
>;

/**
 * Which samples are listed.
 *
 * A task of two classes decides by the threshold: those of a cell are then on its side of it, whatever the model itself
 * decided. With more classes the model abstains below the threshold.
 *
 * @param positive Id of the positive class, in a task of two classes.
 */
export function filterOf(selection: Pick<Selection, 'classes' | 'threshold'>, chosen: Choices, positive: number | undefined): Filter {
  const { classes, threshold } = selection;
  const [first, second] = classes;
  if (chosen.agreement !== undefined) {
    const { predicted, other } = chosen.agreement;
    return { predicted, other_predicted: other, outcome: 'any', ...rangeOf(threshold, chosen) };
  }
  const outcome = outcomeOf(chosen.outcome);
  const decided = decidedCell(selection, chosen, positive);
  if (decided !== undefined && threshold !== null) {
    return { truth: decided.truth, outcome: 'any', ...(decided.predicted === positive ? { at_least: threshold } : { below: threshold }) };
  }
  const range = {
    ...(chosen.credit === 1 ? {} : { k: chosen.credit }),
    ...(isVersus(chosen.outcome) ? { against: chosen.outcome } : {}),
    ...rangeOf(threshold, chosen),
  };
  if (first === undefined) return { outcome, ...range };
  if (second !== undefined) return { truth: first, predicted: second, outcome: isChange(chosen.outcome) ? outcome : 'any', ...range };
  return { ...(chosen.as === 'true' ? { truth: first } : { predicted: first }), outcome, ...range };
}

/** The choices for so many classes: a truth among all of them says nothing, and what two evaluations are compared by is the first one alone. */
export function creditedChoices(chosen: Choices, size: number): Choices {
  const isAlone = isChange(chosen.outcome) || needsOther(chosen) || chosen.credit >= size;
  return isAlone ? { ...chosen, credit: 1 } : chosen;
}

function outcomeOf(outcome: Outcome): 'any' | 'right' | 'wrong' {
  if (isChange(outcome)) return outcome === 'newly_right' ? 'right' : 'wrong';
  return isVersus(outcome) ? 'any' : outcome;
}

/** The cell of a task of two classes in which a threshold, and not the model, decides what is predicted; undefined where none does. */
export function decidedCell(
  { classes, threshold }: Pick<Selection, 'classes' | 'threshold'>,
  chosen: Choices,
  positive: number | undefined,
) {
  const [first, second] = classes;
  const { outcome, confidence, as } = chosen;
  if (positive === undefined || threshold === null || first === undefined || confidence !== undefined) return undefined;
  if (isChange(outcome) || isVersus(outcome) || chosen.agreement !== undefined) return undefined;
  return second === undefined ? cellOf(first, as, outcome) : { truth: first, predicted: second };
}

/** In a task of two classes: the cell of one class's right or wrong ones. */
function cellOf(id: number, as: Choices['as'], outcome: 'right' | 'wrong' | 'any') {
  if (outcome === 'any') return undefined;
  const other = outcome === 'right' ? id : 1 - id;
  return as === 'true' ? { truth: id, predicted: other } : { truth: other, predicted: id };
}

function rangeOf(threshold: number | null, { confidence, side }: Choices): Filter {
  if (confidence !== undefined) {
    // Those that the calibration counts there, in whole numbers of its finest bins.
    const [from, to] = [Math.round(FINEST * confidence.from), Math.round(FINEST * confidence.below)];
    return { confidence_bins: `${from}..${Math.max(from, to - 1)}` };
  }
  if (threshold === null || threshold < 0 || threshold > 1 || side === 'any') return {};
  return side === 'at_least' ? { at_least: threshold } : { below: threshold };
}

function fraction(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
