/** One sample of a regression, and what is asked for: pure but for the source. */
import type { SeriesInfo } from '../../panel';
import type { NumberSampleList } from '../../schema.gen';
import type { Selection } from '../../selection';
import type { NumberChoice, Source } from '../../source';
import { MOST } from '../predictions/asking';

export interface NumberSample {
  /** Its id; where ids are no texts, its number as digits. */
  readonly id: string;
  readonly truth: number;
  readonly predicted: number;
  /** Place of its example; −1 where none is stored. */
  readonly example: number;
}

/** The sample at a place of a list. */
export function numberSampleAt(list: NumberSampleList, i: number): NumberSample {
  return {
    id: list.ids?.[i] ?? String(list.number[i]),
    truth: list.truth[i] ?? Number.NaN,
    predicted: list.predicted[i] ?? Number.NaN,
    example: list.example[i] ?? -1,
  };
}

/** A cell of the picture: bins of the truth and of the prediction, from 0 to 65. */
export interface Cell {
  readonly truth: number;
  readonly predicted: number;
}

const CELL = 'number_predictions.cell';
const LAST = 65;

/** The cell that is chosen; undefined where none is. */
export function chosenCell(options: Selection['options']): Cell | undefined {
  const [, truth = '', predicted = ''] = /^(\d{1,2}),(\d{1,2})$/.exec(options[CELL] ?? '') ?? [];
  const cell = { truth: Number(truth), predicted: Number(predicted) };
  return truth === '' || cell.truth > LAST || cell.predicted > LAST ? undefined : cell;
}

/** The options with a cell chosen, or, where it is chosen already, none. */
export function withCell(options: Selection['options'], { truth, predicted }: Cell): Selection['options'] {
  const { [CELL]: before, ...others } = options;
  const text = `${truth},${predicted}`;
  return before === text ? others : { ...others, [CELL]: text };
}

/** What the server is asked for. */
export function choiceOf(target: number, cell: Cell | undefined): NumberChoice {
  if (cell === undefined) return { target, sort: 'loss' };
  const { truth, predicted } = cell;
  return { target, sort: 'loss', truth_bins: `${truth}..${truth}`, predicted_bins: `${predicted}..${predicted}` };
}

/** All of a list. */
export async function allNumberSamples(
  source: Source,
  series: SeriesInfo,
  step: number,
  choice: NumberChoice,
  signal?: AbortSignal,
  progress?: (done: number, of: number) => void,
): Promise<readonly NumberSample[]> {
  const found: NumberSample[] = [];
  for (;;) {
    const { payload } = await source.numberSamples(series, step, { ...choice, first: found.length, count: MOST }, signal);
    const told = Array.from(payload.number, (_, i) => numberSampleAt(payload, i));
    found.push(...told);
    progress?.(found.length, payload.matching);
    if (told.length === 0 || found.length >= payload.matching) return found;
  }
}
