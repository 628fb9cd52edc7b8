/**
 * All that a training's records tell of its parameters, as one table: [statistic][parameter, step]. The records come in
 * several series, of which some hold all statistics and others few, and a training that began anew wrote steps twice.
 */
import type { Series } from '../panel';
import type { Parameters, TensorStats } from '../schema.gen';

/** One parameter, as rows are named and grouped. */
export interface TensorRow {
  readonly path: string;
  readonly layer: string;
  /** Undefined where the record of the parameters is not in the log. */
  readonly role: Parameters['parameters'][number]['role'] | undefined;
  /** Undefined where nothing tells it. */
  readonly shape: readonly number[] | undefined;
  /** How many values it has; NaN where nothing tells it. */
  readonly size: number;
}

export interface TensorSeries {
  readonly training: string;
  readonly run: string;
  /** In forward order; those that the training has no longer come last. */
  readonly rows: readonly TensorRow[];
  /** Rising, each once. */
  readonly step: Float64Array;
  /** [parameter, step] of each statistic; NaN where there is nothing to tell. */
  readonly value: ReadonlyMap<string, Float32Array>;
  /** [step] of each statistic: 1 where it was logged. */
  readonly logged: ReadonlyMap<string, Uint8Array>;
  /** [step] NaN where nothing tells them. */
  readonly loss: Float64Array;
  readonly clipFactor: Float64Array;
  /** [step] of each learning rate. */
  readonly learningRate: ReadonlyMap<string, Float64Array>;
  /** [step] 1 where loss scaling left the update out. */
  readonly skipped: Uint8Array;
  /** Records, by the time at which they were written. */
  readonly records: readonly { readonly step: number; readonly wallTime: number }[];
  /** Steps left out, because nothing tells which parameters they are of. */
  readonly unplaced: number;
  /** Made of scalars that another tool wrote: what is not there was not logged, for all that is known. */
  readonly isTheirs: boolean;
}

interface Piece {
  readonly wallTime: number;
  readonly payload: TensorStats;
  /** Places of its steps that stand. */
  readonly kept: readonly number[];
  /** Row of each of its parameters. */
  readonly row: Int32Array;
}

/**
 * The table of one training; undefined when its records hold no step.
 *
 * Where a step was written twice the later wall time wins, for the statistics that it tells. Where a series goes back, as
 * a training does that began anew, what was written before it is cut off from that step on, in every series.
 *
 * @param series Of one training.
 * @param axes The parameters that records refer to, by digest.
 */
export function mergeTensorStats(
  series: readonly Series<'tensor_stats'>[],
  axes: ReadonlyMap<string, Parameters>,
): TensorSeries | undefined {
  const points = series
    .flatMap((each) => each.points)
    .filter(({ payload }) => payload.step.length > 0)
    .sort((a, b) => a.wallTime - b.wallTime);
  const last = points.at(-1)?.payload;
  if (last === undefined) return undefined;
  const cuts = series.flatMap(cutsOf);
  const { rows, rowsOf } = table(
    points.map(({ payload }) => payload),
    last,
    axes,
  );
  let unplaced = 0;
  const pieces = points.flatMap(({ wallTime, payload }): Piece[] => {
    const stands = (step: number) => !cuts.some((cut) => step >= cut.step && wallTime < cut.wallTime);
    const kept = Array.from(payload.step.keys()).filter((i) => stands(payload.step[i] ?? 0));
    const row = rowsOf(payload);
    if (row !== undefined) return [{ wallTime, payload, kept, row }];
    unplaced += kept.length;
    return [];
  });
  const step = Float64Array.from(new Set(pieces.flatMap(({ payload, kept }) => kept.map((i) => payload.step[i] ?? 0)))).sort();
  if (step.length === 0) return undefined;
  return {
    training: series[0]?.training ?? '',
    run: series[0]?.run ?? '',
    rows,
    step,
    ...filled(pieces, rows.length, step),
    records: recordsOf(points),
    unplaced,
    isTheirs: series.every(({ name }) => name === THEIRS),
  };
}

/** The name, in the list of series, of what is made of scalars. */
const THEIRS = 'scalars';

/** Where a series goes back: from which step on, and when. In the order in which it comes: a clock may be set back too. */
function cutsOf({ points }: Series<'tensor_stats'>): readonly { step: number; wallTime: number }[] {
  let furthest = Number.NEGATIVE_INFINITY;
  return points.flatMap(({ wallTime, payload }) => {
    const first = payload.step[0] ?? Number.POSITIVE_INFINITY;
    const isBack = first <= furthest;
    furthest = payload.step.at(-1) ?? furthest;
    return isBack ? [{ step: first, wallTime }] : [];
  });
}

/** The rows, and which of them a record's parameters are: those of the last record, then what only earlier ones had. */
function table(
  payloads: readonly TensorStats[],
  last: TensorStats,
  axes: ReadonlyMap<string, Parameters>,
): { rows: readonly TensorRow[]; rowsOf: (payload: TensorStats) => Int32Array | undefined } {
  const places = new Map<string, number>();
  const rows: TensorRow[] = [];
  const byDigest = new Map<string, Int32Array>();
  for (const payload of [last, ...payloads.toReversed()]) {
    if (byDigest.has(payload.parameters)) continue;
    const axis = axes.get(payload.parameters);
    // What has no names can be told apart only by its place among the last ones.
    if (axis === undefined && payload !== last) continue;
    const own = axis === undefined ? unnamed(parametersOf(payload)) : rowsOfAxis(axis);
    const of = own.map((row) => {
      const key = `${row.path} ${row.shape?.join()}`;
      const place = places.get(key) ?? rows.length;
      if (place === rows.length) rows.push(row);
      places.set(key, place);
      return place;
    });
    byDigest.set(payload.parameters, Int32Array.from(of));
  }
  return {
    rows,
    rowsOf: (payload) => {
      const row = byDigest.get(payload.parameters);
      return row?.length === parametersOf(payload) ? row : undefined;
    },
  };
}

function parametersOf({ value, statistics, step }: TensorStats): number {
  return Math.round(value.length / Math.max(1, statistics.length * step.length));
}

function unnamed(count: number): readonly TensorRow[] {
  return Array.from({ length: count }, (_, i) => {
    const path = `parameter ${i + 1}`;
    return { path, layer: path, role: undefined, shape: undefined, size: Number.NaN };
  });
}

/** The parameters as rows. */
export function rowsOfAxis({ parameters, shape, shape_end }: Parameters): readonly TensorRow[] {
  return parameters.map(({ path, layer, role, dtype }, i) => {
    if (dtype === '') return { path, layer, role: undefined, shape: undefined, size: Number.NaN };
    const own = Array.from(shape.subarray(i === 0 ? 0 : shape_end[i - 1], shape_end[i]));
    return { path, layer, role, shape: own, size: own.reduce((a, b) => a * b, 1) };
  });
}

function filled(pieces: readonly Piece[], rows: number, step: Float64Array) {
  const at = new Map(Array.from(step, (s, i) => [s, i]));
  const steps = step.length;
  const value = new Map<string, Float32Array>();
  const logged = new Map<string, Uint8Array>();
  const learningRate = new Map<string, Float64Array>();
  const loss = unknown(steps);
  const clipFactor = unknown(steps);
  const skipped = new Uint8Array(steps);
  for (const { payload, kept, row } of pieces) {
    const own = payload.step.length;
    const to = kept.map((i) => at.get(payload.step[i] ?? 0) ?? 0);
    payload.statistics.forEach((name, s) => {
      const all = known(value, name, () => new Float32Array(rows * steps).fill(Number.NaN));
      const has = known(logged, name, () => new Uint8Array(steps));
      kept.forEach((i, k) => {
        const column = to[k] ?? 0;
        has[column] = 1;
        for (let p = 0; p < row.length; p++) {
          all[(row[p] ?? 0) * steps + column] = payload.value[(s * row.length + p) * own + i] ?? Number.NaN;
        }
      });
    });
    kept.forEach((i, k) => {
      const column = to[k] ?? 0;
      loss[column] = payload.loss[i] ?? Number.NaN;
      clipFactor[column] = payload.clip_factor[i] ?? Number.NaN;
      skipped[column] = payload.skipped[i] ?? 0;
      payload.groups.forEach((group, g) => {
        known(learningRate, group, () => unknown(steps))[column] = payload.learning_rate[g * own + i] ?? Number.NaN;
      });
    });
  }
  return { value, logged, learningRate, loss, clipFactor, skipped };
}

function unknown(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}

function known<T>(map: Map<string, T>, name: string, make: () => T): T {
  const found = map.get(name) ?? make();
  map.set(name, found);
  return found;
}

function recordsOf(points: readonly { readonly step: number; readonly wallTime: number }[]) {
  return points.map(({ step, wallTime }) => ({ step, wallTime })).sort((a, b) => a.step - b.step);
}
