/** The values as they are saved: each cell in a row of its own. */
import type { Field } from '../../components/download';
import type { WeightCells } from '../../math/weight_cells';

export interface Named {
  readonly path: string;
  readonly cells: WeightCells;
}

/** Under a row of names; of blocks with their least and greatest value. */
export function* rows(all: readonly Named[]): Generator<readonly Field[]> {
  yield ['parameter', 'row', 'column', 'value', 'low', 'high'];
  for (const { path, cells } of all) {
    for (let k = 0; k < cells.value.length; k++) {
      yield [path, Math.floor(k / cells.columns), k % cells.columns, cells.value[k], cells.low?.[k], cells.high?.[k]];
    }
  }
}

export function object(all: readonly Named[], step: number) {
  return {
    step,
    parameters: all.map(({ path, cells }) => ({ path, ...cells, low: cells.low ?? null, high: cells.high ?? null })),
  };
}
