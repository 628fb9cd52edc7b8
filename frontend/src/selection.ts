/** What is looked at: the one state of the page, kept in the URL so that a link opens the same picture. */

export type View = 'model' | 'training' | 'predictions';

export interface Selection {
  readonly view: View;
  /** Names of the trainings shown; the first is in focus. Empty: the newest one. */
  readonly trainings: readonly string[];
  readonly reference: string | null;
  readonly evaluation: string | null;
  /** Null follows the latest. */
  readonly step: number | null;
  /** Path of a layer, as in the structure's nodes. */
  readonly layer: string | null;
  /** Class ids: one for a class, two (true, predicted) for a cell. */
  readonly classes: readonly number[];
  readonly threshold: number | null;
  /** Choices of single panels by `<panel>.<choice>`, absent at their default. */
  readonly options: Readonly<Record<string, string>>;
}

export const NOTHING_SELECTED: Selection = {
  view: 'model',
  trainings: [],
  reference: null,
  evaluation: null,
  step: null,
  layer: null,
  classes: [],
  threshold: null,
  options: {},
};
