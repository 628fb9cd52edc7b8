/** Pictures of this panel without a server: layers that die, a deep model, a single evaluation. */
import { useState } from 'preact/hooks';
import { axisSeries, parametersOf, tensorSeries } from '../../math/tensor_stats.fixture';
import type { Series } from '../../panel';
import type { ActiveLayer, Activity as Payload } from '../../schema.gen';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { facts } from '../scalars/scalars.fixture';
import { Activity } from './Activity';

interface StageProps {
  readonly activity: Series<'activity'>;
  readonly selected?: Partial<Selection>;
  readonly weights?: readonly Series<'tensor_stats'>[];
  readonly other?: Series<'activity'>;
}

function Stage({ activity, selected = {}, weights = [], other }: StageProps) {
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'training', ...selected });
  return (
    <Activity
      series={{
        activity: other === undefined ? [activity] : [activity, other],
        tensor_stats: weights,
        parameters: weights.length > 0 ? [axisSeries(parametersOf(KERNELS))] : [],
        scalars: [],
        training_facts: [facts('run', 40)],
      }}
      selection={selection}
      focus={activity.training}
      step={selection.step ?? activity.lastStep}
      select={(change) => setSelection((old) => ({ ...old, ...change }))}
      colour={() => 'currentcolor'}
    />
  );
}

/** A series of which each layer is told at each evaluation by its dead units of 64. */
export function made(
  layers: readonly ActiveLayer[],
  evaluations: number,
  dead: (layer: number, evaluation: number) => number,
  notFinite: (layer: number, evaluation: number) => number = () => 0,
): Series<'activity'> {
  const record = (k: number): Payload => {
    const each = (of: (i: number) => number) => Int32Array.from(layers, (_, i) => of(i));
    return {
      kind: 'activity',
      examples: 256,
      layers,
      units: each(() => 64),
      never_positive: each((i) => dead(i, k)),
      values: each(() => 64 * 256),
      zeros: each((i) => 128 * dead(i, k)),
      saturated: each((i) => (layers[i]?.activation === 'sigmoid' ? 9000 : -1)),
      non_finite: each((i) => notFinite(i, k)),
    };
  };
  const points = Array.from({ length: evaluations }, (_, k) => ({
    step: 40 * (k + 1),
    wallTime: 1_700_000_000 + 8 * k,
    payload: record(k),
  }));
  return {
    training: 'run',
    run: 'run/layerscope',
    tag: 'activity',
    kind: 'activity',
    version: 1,
    evaluation: null,
    name: null,
    split: null,
    lastStep: 40 * evaluations,
    lastWallTime: 1_700_000_000 + 8 * evaluations,
    points,
    problems: [],
  };
}

const relu = (path: string): ActiveLayer => ({ path, activation: 'relu', is_output: false });
const small = [relu('stem'), relu('block_1/conv'), relu('block_2/conv'), { path: 'head', activation: 'sigmoid', is_output: true }];
/** Weights of which those of the second layer are NaN from step 200 on, as a log tells it: their sum of squares is infinite. */
const KERNELS = Object.fromEntries(small.map(({ path }) => [`${path}/kernel`, [4, 4]]));
const broken = tensorSeries('tensor_stats/norms', [
  {
    step: Array.from({ length: 48 }, (_, i) => 10 * (i + 1)),
    statistics: ['weight_sum_squares'],
    parameters: small.length,
    value: (_, p, step) => (p === 1 && step >= 200 ? Number.POSITIVE_INFINITY : 1),
  },
]);
const deep = Array.from({ length: 120 }, (_, i) => relu(`stage_${1 + Math.floor(i / 30)}/block_${i % 30}/conv`));

export const fixtures = {
  ordinary: () => <Stage activity={made(small, 12, (i, k) => (i === 1 ? Math.min(60, 6 * k) : i === 3 ? 0 : 4 + i))} />,
  selected: () => <Stage activity={made(small, 12, (i, k) => i * k)} selected={{ layer: 'block_2/conv', step: 200 }} />,
  saturated: () => <Stage activity={made(small, 12, (i) => i)} selected={{ options: { 'activity.measure': 'saturated' } }} />,
  zoomed: () => <Stage activity={made(small, 12, (i, k) => i * k)} selected={{ options: { 'training.zoom': '100_220' } }} />,
  deep: () => <Stage activity={made(deep, 40, (i, k) => (i * k) % 64)} />,
  'not-finite': () => (
    <Stage
      activity={made(
        small,
        12,
        (i, k) => (i === 1 && k > 5 ? 0 : 4 + i),
        (i, k) => (i === 1 && k > 5 ? 64 * 256 : 0),
      )}
    />
  ),
  broken: () => <Stage activity={made(small, 12, (i, k) => (i === 1 && k > 3 ? 64 : 4 + i))} weights={[broken]} />,
  reference: () => (
    <Stage
      activity={made(small, 12, (i, k) => i * k)}
      other={{ ...made(small.slice(1), 6, (i, k) => 2 * (i + 1) * k), training: 'other', run: 'other/layerscope' }}
      selected={{ reference: 'other' }}
    />
  ),
  'other-reference': () => <Stage activity={made(small, 12, (i, k) => i * k)} selected={{ reference: 'other' }} />,
  once: () => <Stage activity={made(small, 1, (i) => 16 * i)} />,
};
