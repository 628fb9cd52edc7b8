/** What the records of a training tell of its layers: one row a layer, one value an evaluation. Pure. */
import { lastAt } from '../../math/series';
import { IS, track } from '../../math/tensor_measures';
import type { TensorSeries } from '../../math/tensor_series';
import type { Series } from '../../panel';
import type { Activity } from '../../schema.gen';

export type Measure = 'dead' | 'zeros' | 'saturated' | 'activity_non_finite';

export const MEASURES: readonly Measure[] = ['dead', 'zeros', 'saturated', 'activity_non_finite'];

export interface Row {
  readonly path: string;
  readonly activation: string;
  readonly isOutput: boolean;
  /** [evaluation] Units, or values, counted; NaN where nothing is told. */
  readonly counted: Float64Array;
  /** [evaluation] Of how many. */
  readonly of: Float64Array;
  /** [evaluation] Values of the layer that are NaN or infinite; NaN where nothing is told. */
  readonly notFinite: Float64Array;
  /** [evaluation] Of how many. */
  readonly values: Float64Array;
  /** [evaluation] 1 where the layer's own weights were not finite: what it gives out then says nothing of it. */
  readonly isBroken: Uint8Array;
}

export interface Table {
  readonly training: string;
  /** Rising. */
  readonly step: Float64Array;
  readonly wall: Float64Array;
  /** Examples of the probe, at the last evaluation. */
  readonly examples: number;
  /** In the forward order of the last record; layers that only earlier ones had come last. */
  readonly rows: readonly Row[];
}

const PARTS: Readonly<Record<Measure, readonly [part: 'never_positive' | 'zeros' | 'saturated' | 'non_finite', of: 'units' | 'values']>> = {
  dead: ['never_positive', 'units'],
  zeros: ['zeros', 'values'],
  saturated: ['saturated', 'values'],
  activity_non_finite: ['non_finite', 'values'],
};

/**
 * The table of one series.
 *
 * @param weights What is told of the weights of the same training, if anything: a compiled ReLU may make 0 of NaN, so that
 *     the outputs alone do not tell of it.
 */
export function tableOf({ training, points }: Series<'activity'>, measure: Measure, weights?: TensorSeries): Table {
  const records = points.map(({ payload }) => payload);
  const layers = new Map(
    [...records.toReversed()].flatMap((record) => record.layers.map((layer) => [layer.path, layer] as const)).reverse(),
  );
  const last = records.at(-1)?.layers ?? [];
  const ordered = [...last, ...[...layers.values()].filter(({ path }) => !last.some((layer) => layer.path === path))];
  const places = records.map((record) => new Map(record.layers.map(({ path }, i) => [path, i])));
  const [part, of] = PARTS[measure];
  const rows = ordered.map(({ path, activation, is_output }): Row => {
    const told = (name: typeof part | typeof of | 'non_finite') =>
      Float64Array.from(records, (record: Activity, k) => {
        const i = places[k]?.get(path);
        const n = i === undefined ? undefined : record[name][i];
        return n === undefined || n < 0 ? Number.NaN : n;
      });
    return {
      path,
      activation,
      isOutput: is_output,
      counted: told(part),
      of: told(of),
      notFinite: told('non_finite'),
      values: told('values'),
      isBroken: brokenAt(weights, path, points),
    };
  });
  return {
    training,
    step: Float64Array.from(points, ({ step }) => step),
    wall: Float64Array.from(points, ({ wallTime }) => wallTime),
    examples: records.at(-1)?.examples ?? 0,
    rows: rows.filter(({ counted }) => counted.some((n) => !Number.isNaN(n))),
  };
}

/** [evaluation] 1 where a layer's weights, or their last change, were not finite at the last step at or before it. */
function brokenAt(table: TensorSeries | undefined, path: string, points: Series<'activity'>['points']): Uint8Array {
  if (table === undefined) return new Uint8Array(points.length);
  // Calls of one layer are told apart by a number.
  const layer = path.replace(/#\d+$/, '');
  const members = table.rows.flatMap((row, p) => (row.layer === layer ? [p] : []));
  const tracks = (['weight_norm', 'update_ratio'] as const).map((measure) => track(table, members, measure));
  return Uint8Array.from(points, ({ step }) => {
    const i = lastAt(table.step, step);
    return i >= 0 && tracks.some(({ state }) => state[i] === IS.nonFinite) ? 1 : 0;
  });
}

/** Whether there are values that are not finite at an evaluation: those of a unit are then neither dead nor alive, and there is no share. */
export function isNotFinite({ counted, notFinite, isBroken }: Row, i: number): boolean {
  return (notFinite[i] ?? 0) > 0 || (isBroken[i] === 1 && !Number.isNaN(counted[i] ?? Number.NaN));
}

/** The share at an evaluation; NaN where nothing is told, where not all is finite, or there is nothing to have a share of. */
export function shareAt(row: Row, i: number): number {
  return isNotFinite(row, i) ? Number.NaN : (row.counted[i] ?? Number.NaN) / (row.of[i] ?? Number.NaN);
}
