/** Records of `tensor_stats` as the page gets them, for tests and pictures without a server. */
import type { Series } from '../panel';
import type { Parameters, TensorStats } from '../schema.gen';

export interface Told {
  readonly step: readonly number[];
  readonly statistics: readonly string[];
  /** Of a statistic, a parameter's place and a step. */
  readonly value: (statistic: string, parameter: number, step: number) => number;
  readonly parameters: number;
  readonly digest?: string;
  readonly wallTime?: number;
  readonly loss?: (step: number) => number;
  readonly clip?: (step: number) => number;
  readonly rate?: (step: number) => number;
}

/** A record. */
export function record({ step, statistics, value, parameters, digest = 'd', loss, clip, rate }: Told): TensorStats {
  const each = (of: ((step: number) => number) | undefined) => Float64Array.from(step, (s) => of?.(s) ?? Number.NaN);
  return {
    kind: 'tensor_stats',
    parameters: digest,
    statistics,
    groups: [''],
    sampled: null,
    step: Int32Array.from(step),
    value: Float32Array.from(
      statistics.flatMap((name) => Array.from({ length: parameters }, (_, p) => step.map((s) => value(name, p, s))).flat()),
    ),
    loss: each(loss),
    batch_examples: new Int32Array(step.length).fill(32),
    epoch: each(undefined),
    loss_scale: new Float64Array(step.length).fill(1),
    clip_factor: each(clip),
    skipped: new Uint8Array(step.length),
    learning_rate: each(rate),
  };
}

/** A series of records. */
export function tensorSeries(tag: string, records: readonly Told[], training = 'run'): Series<'tensor_stats'> {
  const points = records.map((told, k) => ({
    step: told.step.at(-1) ?? 0,
    wallTime: told.wallTime ?? 1_700_000_000 + k,
    payload: record(told),
  }));
  const last = points.at(-1);
  return {
    training,
    run: `${training}/layerscope`,
    tag,
    kind: 'tensor_stats',
    version: 1,
    evaluation: null,
    name: null,
    split: null,
    lastStep: last?.step ?? 0,
    lastWallTime: last?.wallTime ?? 0,
    points,
    problems: [],
  };
}

/** The axis: parameters by path, with their shapes; a layer's path is all but the last part. */
export function parametersOf(shapes: Readonly<Record<string, readonly number[]>>): Parameters {
  const all = Object.entries(shapes);
  let end = 0;
  return {
    kind: 'parameters',
    parameters: all.map(([path]) => ({
      path,
      variable_path: path,
      layer: path.split('/').slice(0, -1).join('/'),
      dtype: 'float32',
      role: path.includes('frozen') ? 'frozen' : path.includes('moving') ? 'statistic' : 'trainable',
      tied_to: null,
    })),
    shape: Int32Array.from(all.flatMap(([, shape]) => shape)),
    shape_end: Int32Array.from(all, ([, shape]) => {
      end += shape.length;
      return end;
    }),
  };
}

/** Parameters of which nothing but their names is known, as the server makes them of another tool's scalars. */
export function namesOnly(paths: readonly string[]): Parameters {
  const { parameters } = parametersOf(Object.fromEntries(paths.map((path) => [path, []])));
  return {
    kind: 'parameters',
    parameters: parameters.map((each) => ({ ...each, dtype: '' })),
    shape: new Int32Array(0),
    shape_end: new Int32Array(paths.length),
  };
}

/** A series that the server makes of another tool's scalars. */
export function theirSeries(told: Told, training = 'run'): Series<'tensor_stats'> {
  return { ...tensorSeries('tensor_stats/scalars', [told], training), run: training, name: 'scalars' };
}

/** The series of an axis, as its record stands in the log. */
export function axisSeries(parameters: Parameters, digest = 'd', training = 'run'): Series<'parameters'> {
  return {
    training,
    run: `${training}/layerscope`,
    tag: `parameters/${digest}`,
    kind: 'parameters',
    version: 1,
    evaluation: null,
    name: null,
    split: null,
    lastStep: 0,
    lastWallTime: 1_700_000_000,
    points: [{ step: 0, wallTime: 1_700_000_000, payload: parameters }],
    problems: [],
  };
}
