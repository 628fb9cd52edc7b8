/** What the records of a training tell of its layers: one row a layer, one value an evaluation. Pure. */
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

/** The table of one series. */
export function tableOf({ training, points }: Series<'activity'>, measure: Measure): Table {
  const records = points.map(({ payload }) => payload);
  const layers = new Map(
    [...records.toReversed()].flatMap((record) => record.layers.map((layer) => [layer.path, layer] as const)).reverse(),
  );
  const last = records.at(-1)?.layers ?? [];
  const ordered = [...last, ...[...layers.values()].filter(({ path }) => !last.some((layer) => layer.path === path))];
  const places = records.map((record) => new Map(record.layers.map(({ path }, i) => [path, i])));
  const [part, of] = PARTS[measure];
  const rows = ordered.map(({ path, activation, is_output }): Row => {
    const told = (name: typeof part | typeof of) =>
      Float64Array.from(records, (record: Activity, k) => {
        const i = places[k]?.get(path);
        const n = i === undefined ? undefined : record[name][i];
        return n === undefined || n < 0 ? Number.NaN : n;
      });
    return { path, activation, isOutput: is_output, counted: told(part), of: told(of) };
  });
  return {
    training,
    step: Float64Array.from(points, ({ step }) => step),
    wall: Float64Array.from(points, ({ wallTime }) => wallTime),
    examples: records.at(-1)?.examples ?? 0,
    rows: rows.filter(({ counted }) => counted.some((n) => !Number.isNaN(n))),
  };
}

/** The share at an evaluation; NaN where nothing is told, or there is nothing to have a share of. */
export function shareAt({ counted, of }: Row, i: number): number {
  return (counted[i] ?? Number.NaN) / (of[i] ?? Number.NaN);
}
