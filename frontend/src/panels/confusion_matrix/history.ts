import { cellValue, recall } from '../../math/confusion';
import { type Evaluation, type Matched, there } from './evaluation';
import type { Cell } from './grid';
import type { Kept } from './use_pinned';

export interface Moment {
  readonly step: number;
  /** Undefined where the class had no examples, or did not exist. */
  readonly value: number | undefined;
}

/** What became of each class and each cell over the kept steps of a training. */
export interface History {
  /** Recall of a class. */
  readonly recall: (k: number) => readonly Moment[];
  /** Share of its row that a cell has. */
  readonly cell: (cell: Cell) => readonly Moment[];
}

/** Classes, and groups of them, are found again by name where their set has changed. */
export function historyOf(picture: Pick<Evaluation, 'series' | 'labels' | 'groups'>, kept: readonly Kept[]): History {
  const { series, labels } = picture;
  const own = kept.filter((each) => each.training === series.training);
  let made: readonly ({ readonly step: number } & Matched)[] | undefined;
  // Made when the first class is asked for: with groups it is a matrix more for each step.
  const steps = () => {
    made ??= own.map((each) => ({ step: each.step, ...there(picture, each) }));
    return made;
  };
  const recalls = new Map<number, readonly Moment[]>();
  return {
    recall: (k) => {
      let moments = recalls.get(k);
      if (moments === undefined) {
        moments = steps().map(({ step, confusion: c, ids }) => ({ step, value: recall(c, ids[k] ?? -1) }));
        recalls.set(k, moments);
      }
      return moments;
    },
    cell: ({ truth, predicted }) =>
      steps().map(({ step, confusion: c, ids }) => {
        const inStep = (id: number) => (id === labels.length ? c.size : (ids[id] ?? -1));
        const [row, column] = [inStep(truth), inStep(predicted)];
        return { step, value: row < 0 || column < 0 ? undefined : cellValue(c, row, column, 'row') };
      }),
  };
}
