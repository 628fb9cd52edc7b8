/** Pictures of this panel without a server: an ordinary training, a sick one, samples, and a log of Keras' own histograms. */
import { useState } from 'preact/hooks';
import { axisSeries, parametersOf, tensorSeries } from '../../math/tensor_stats.fixture';
import type { Series } from '../../panel';
import type { Distributions as Payload, Histograms as Theirs } from '../../schema.gen';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { facts, noise } from '../scalars/scalars.fixture';
import { Distributions, Histograms } from './Distributions';

interface StageProps {
  readonly distributions?: readonly Series<'distributions'>[];
  readonly histograms?: readonly Series<'histograms'>[];
  readonly parameters?: readonly Series<'parameters'>[];
  readonly stats?: readonly Series<'tensor_stats'>[];
  readonly selected?: Partial<Selection>;
}

function Stage({ distributions = [], histograms = [], parameters = [], stats = [], selected = {} }: StageProps) {
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'training', ...selected });
  const series = { distributions, histograms, tensor_stats: stats, parameters, scalars: [], training_facts: [facts('run', 40)] };
  const props = {
    series,
    selection,
    step: selection.step ?? Math.max(0, ...distributions.map((each) => each.lastStep), ...histograms.map((each) => each.lastStep)),
    select: (change: Partial<Selection>) => setSelection((old) => ({ ...old, ...change })),
    focus: 'run',
    colour: (training: string) => (training === 'run' ? '#ff7043' : '#009688'),
  };
  return distributions.length > 0 ? <Distributions {...props} /> : <Histograms {...props} />;
}

const info = <K extends 'distributions' | 'histograms'>(
  kind: K,
  tag: string,
  name: string | null,
  split: string | null,
  lastStep: number,
) => ({
  training: 'run',
  run: kind === 'distributions' ? 'run/layerscope' : 'run/train',
  tag,
  kind,
  version: 1,
  evaluation: null,
  name,
  split,
  lastStep,
  lastWallTime: 1_700_000_000 + lastStep,
  problems: [],
});

/** The code of a value. */
function codeOf(x: number): number {
  if (Number.isNaN(x)) return -32_768;
  if (!Number.isFinite(x)) return Math.sign(x) * 32_767;
  return x === 0 ? 0 : Math.sign(x) * (2000 + Math.floor(Math.log2(Math.abs(x))));
}

/** A record of the values that a function gives for each parameter. */
export function record(values: readonly (readonly number[])[], sampled: readonly number[] | null = null): Payload {
  const found = values.map((own) => {
    const counts = new Map<number, number>();
    for (const x of own) counts.set(codeOf(x), (counts.get(codeOf(x)) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => a - b);
  });
  let end = 0;
  return {
    kind: 'distributions',
    parameters: 'd',
    sampled,
    bucket_end: Int32Array.from(found, (own) => {
      end += own.length;
      return end;
    }),
    exponent: Int32Array.from(found.flatMap((own) => own.map(([code]) => code))),
    count: Int32Array.from(found.flatMap((own) => own.map(([, n]) => n))),
  };
}

const random = noise(5);
/** About normal: the sum of twelve. */
const normal = () => Array.from({ length: 12 }, random).reduce((a, b) => a + b, 0);

const SHAPES = {
  'stem/kernel': [3, 3, 3, 16],
  'stem/bias': [16],
  'block_1/conv/kernel': [3, 3, 16, 16],
  'block_1/conv/bias': [16],
  'head/kernel': [64, 10],
  'head/bias': [10],
};
const STEPS = Array.from({ length: 30 }, (_, i) => 20 * i);
const axes = [axisSeries(parametersOf(SHAPES))];

function made(
  of: 'weights' | 'gradients',
  odd: (path: string, step: number, x: number) => number = (_p, _s, x) => x,
): Series<'distributions'> {
  const points = STEPS.map((step) => ({
    step,
    wallTime: 1_700_000_000 + step,
    payload: record(
      Object.entries(SHAPES).map(([path, shape]) => {
        const size = Math.min(
          600,
          shape.reduce((a, b) => a * b, 1),
        );
        const spread = of === 'weights' ? 0.1 * (1 + step / 400) : 0.01 * Math.exp(-step / 200);
        return Array.from({ length: size }, () => odd(path, step, path.endsWith('bias') && step === 0 ? 0 : spread * normal()));
      }),
      of === 'gradients' ? [1, 1, 7, 1, 1, 1] : null,
    ),
  }));
  return { ...info('distributions', `distributions/${of}`, null, null, STEPS.at(-1) ?? 0), points };
}

const ordinary = [made('weights'), made('gradients')];
const sick = [
  made('weights', (path, step, x) => {
    if (path === 'head/kernel' && step > 400 && x > 0.2) return Number.NaN;
    if (path === 'stem/kernel' && step > 300) return Math.min(x, 0);
    return path === 'block_1/conv/kernel' && step === 200 && x > 0.4 ? 1e9 : x;
  }),
];

/** One parameter is NaN from a step on, another is not finite at one step alone. */
const broken = [
  made('weights', (path, step, x) => {
    if (path === 'head/kernel' && step >= 300) return Number.NaN;
    if (path === 'stem/kernel' && step === 120) return x > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    return x;
  }),
];

const reference = made('weights', (_, step, x) => x * (1 + step / 300) + step / 4000);
const compared = [...ordinary, { ...reference, training: 'other', run: 'other/layerscope' }];
/** The sums of what is drawn, near enough. */
const sums = tensorSeries('tensor_stats/full', [
  {
    step: Array.from({ length: 60 }, (_, i) => 10 * i),
    statistics: ['weight_sum', 'weight_sum_squares', 'weight_non_finite'],
    parameters: Object.keys(SHAPES).length,
    value: (name, p, step) => {
      const size = Object.values(SHAPES)[p]?.reduce((a, b) => a * b, 1) ?? 0;
      const mean = 0.03 * Math.sin(step / 60);
      return name === 'weight_non_finite' ? 0 : name === 'weight_sum' ? size * mean : size * (mean ** 2 + (0.1 * (1 + step / 400)) ** 2);
    },
  },
]);
function keras(path: string): Series<'histograms'> {
  const epochs = Array.from({ length: 8 }, (_, i) => i);
  const edges = epochs.flatMap((epoch) =>
    Array.from({ length: 30 }, (_, k) => [(-1 + k / 15) * (0.3 + epoch / 20), (-1 + (k + 1) / 15) * (0.3 + epoch / 20)]),
  );
  const payload: Theirs = {
    kind: 'histograms',
    path,
    layer: path.split('/').slice(0, -1).join('/'),
    of: 'weights',
    axis: 'epoch',
    step: Float64Array.from(epochs),
    wall_time: Float64Array.from(epochs, (epoch) => 1_700_000_000 + epoch),
    bucket_end: Int32Array.from(epochs, (epoch) => 30 * (epoch + 1)),
    left: Float64Array.from(edges, ([left]) => left ?? 0),
    right: Float64Array.from(edges, ([, right]) => right ?? 0),
    count: Float64Array.from(edges, (_, k) => 1 + Math.round(200 * Math.exp(-(((k % 30) - 15) ** 2) / 30))),
  };
  return { ...info('histograms', `${path}/histogram`, path, 'weights', 7), points: [{ step: 7, wallTime: 1_700_000_007, payload }] };
}

const theirs = ['dense/kernel', 'dense/bias', 'dense_1/kernel'].map(keras);
const mixed = {
  ...info('histograms', 'kernel/histogram', 'kernel', 'weights', 3),
  points: [],
  problems: [{ error: 'every layer’s histogram was written under this one tag', fix: 'Upgrade Keras.' }],
};
const option = (name: string, value: string) => ({ options: { [`distributions.${name}`]: value } });

export const fixtures = {
  ordinary: () => <Stage distributions={ordinary} parameters={axes} />,
  layer: () => <Stage distributions={ordinary} parameters={axes} selected={{ layer: 'stem', step: 300 }} />,
  gradients: () => <Stage distributions={ordinary} parameters={axes} selected={{ layer: 'block_1', ...option('of', 'gradients') }} />,
  ridges: () => (
    <Stage distributions={ordinary} parameters={axes} selected={{ layer: 'stem', step: 300, ...option('picture', 'ridges') }} />
  ),
  sick: () => <Stage distributions={sick} parameters={axes} />,
  'sick-ridges': () => <Stage distributions={sick} parameters={axes} selected={{ layer: 'stem', ...option('picture', 'ridges') }} />,
  broken: () => <Stage distributions={broken} parameters={axes} />,
  'broken-ridges': () => <Stage distributions={broken} parameters={axes} selected={option('picture', 'ridges')} />,
  means: () => <Stage distributions={ordinary} parameters={axes} stats={[sums]} selected={{ layer: 'stem', step: 300 }} />,
  reference: () => (
    <Stage distributions={compared} parameters={axes} stats={[sums]} selected={{ layer: 'stem', step: 300, reference: 'other' }} />
  ),
  'reference-ridges': () => (
    <Stage
      distributions={compared}
      parameters={axes}
      selected={{ layer: 'stem', step: 300, reference: 'other', ...option('picture', 'ridges') }}
    />
  ),
  'other-reference': () => <Stage distributions={ordinary} parameters={axes} selected={{ reference: 'other' }} />,
  zoomed: () => <Stage distributions={ordinary} parameters={axes} selected={{ layer: 'head', options: { 'training.zoom': '100_300' } }} />,
  'without-names': () => <Stage distributions={ordinary} />,
  keras: () => <Stage histograms={[...theirs, mixed]} />,
  'keras-ridges': () => <Stage histograms={theirs} selected={{ layer: 'model/dense', ...option('picture', 'ridges') }} />,
};
