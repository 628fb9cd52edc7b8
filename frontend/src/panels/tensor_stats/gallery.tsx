/** Pictures of this panel without a server: few layers and many, a sick training, a reference, an odd log. */
import { useMemo, useState } from 'preact/hooks';
import { categorical, css } from '../../charts/colour';
import { axisSeries, namesOnly, parametersOf, type Told, tensorSeries, theirSeries } from '../../math/tensor_stats.fixture';
import type { Series } from '../../panel';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { Scalars } from '../scalars/Scalars';
import { facts, noise, scalar } from '../scalars/scalars.fixture';
import { TensorStats } from './TensorStats';

interface Training {
  readonly stats: readonly Series<'tensor_stats'>[];
  readonly axes: readonly Series<'parameters'>[];
  readonly scalars: readonly Series<'scalars'>[];
}

interface StageProps {
  readonly trainings: readonly Training[];
  readonly selected?: Partial<Selection>;
}

/** The panel below the charts with which it shares an axis, with a selection that works. */
function Stage({ trainings, selected = {} }: StageProps) {
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'training', ...selected });
  const series = useMemo(
    () => ({
      tensor_stats: trainings.flatMap(({ stats }) => stats),
      parameters: trainings.flatMap(({ axes }) => axes),
      scalars: trainings.flatMap(({ scalars }) => scalars),
      training_facts: [facts('run', 40)],
    }),
    [trainings],
  );
  const last = Math.max(0, ...series.tensor_stats.map((each) => each.lastStep), ...series.scalars.map((each) => each.lastStep));
  const names = useMemo(() => [...new Set(series.tensor_stats.map(({ training }) => training))], [series]);
  const colour = useMemo(() => (training: string) => css(categorical(names.indexOf(training))), [names]);
  const props = {
    series,
    selection,
    focus: names[0] ?? '',
    step: selection.step ?? last,
    select: (change: Partial<Selection>) => setSelection((old) => ({ ...old, ...change })),
    colour,
  };
  return (
    <div>
      <Scalars {...props} />
      <TensorStats {...props} />
    </div>
  );
}

const NORMS = ['weight_sum_squares', 'gradient_sum_squares', 'update_sum_squares'];
const FULL = [...NORMS, 'weight_non_finite', 'gradient_non_finite'];

interface Making {
  readonly training?: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly steps: readonly number[];
  readonly rate?: number;
  /** Another value for a parameter's statistic at a step; undefined: the usual one. */
  readonly odd?: (statistic: string, path: string, step: number) => number | undefined;
  readonly charts?: boolean;
}

/** A training whose gradients shrink, whose rate warms up, and whose norms all wander a little. */
function make({ training = 'run', shapes, steps, rate = 0.001, odd, charts = true }: Making): Training {
  const random = noise(training.length + 3);
  const paths = Object.keys(shapes);
  const sizes = Object.values(shapes).map((shape) => shape.reduce((a, b) => a * b, 1));
  const wobble = paths.map(() => 0.5 + random());
  const usual = (statistic: string, p: number, step: number) => {
    const size = sizes[p] ?? 1;
    const warm = Math.min(1, (step + 1) / 120);
    const weight = size * 0.004 * (1 + step / 3000);
    if (statistic === 'weight_sum_squares') return weight;
    const gradient = 0.02 * (wobble[p] ?? 1) * Math.exp(-step / 300) * (0.7 + 0.6 * random()) + 1e-5;
    if (statistic === 'gradient_sum_squares') return gradient;
    if (statistic === 'update_sum_squares') return weight * (rate * warm * (wobble[p] ?? 1) * (0.8 + 0.4 * random())) ** 2;
    return 0;
  };
  const value: Told['value'] = (statistic, p, step) => odd?.(statistic, paths[p] ?? '', step) ?? usual(statistic, p, step);
  const record = (step: readonly number[], statistics: readonly string[]): Told => ({ step, statistics, value, parameters: paths.length });
  const isFull = (_: number, i: number) => i % 8 === 0;
  const chunks = (all: readonly number[]) => Array.from({ length: Math.ceil(all.length / 64) }, (_, k) => all.slice(64 * k, 64 * (k + 1)));
  return {
    stats: [
      tensorSeries(
        'tensor_stats/norms',
        chunks(steps.filter((step, i) => !isFull(step, i))).map((part) => record(part, NORMS)),
        training,
      ),
      tensorSeries(
        'tensor_stats/full',
        chunks(steps.filter(isFull)).map((part) => record(part, FULL)),
        training,
      ),
    ],
    axes: [axisSeries(parametersOf(shapes), 'd', training)],
    scalars: charts ? chartsOf(training, steps, rate) : [],
  };
}

function chartsOf(training: string, steps: readonly number[], rate: number): readonly Series<'scalars'>[] {
  const of = (name: string, split: string | null, value: (i: number) => number) =>
    scalar({ training, name, split, tag: name, n: steps.length, step: (i) => steps[i] ?? 0, value });
  const random = noise(9);
  return [
    of('loss', 'train', (i) => 2.3 * Math.exp(-(steps[i] ?? 0) / 160) + 0.04 + 0.03 * random()),
    of('learning_rate', null, (i) => rate * Math.min(1, ((steps[i] ?? 0) + 1) / 120)),
    of('gradient_norm', null, (i) => 1.8 * Math.exp(-(steps[i] ?? 0) / 300) * (0.8 + 0.4 * random())),
  ];
}

const layer = (name: string, size: number): readonly [string, readonly number[]][] => [
  [`${name}/kernel`, [3, 3, size, size]],
  [`${name}/bias`, [size]],
];

const network = (stages: number, blocks: number): Record<string, readonly number[]> =>
  Object.fromEntries([
    ...layer('stem', 16),
    ...Array.from({ length: stages }, (_, s) =>
      Array.from({ length: blocks }, (_, b) =>
        ['conv_1', 'conv_2'].flatMap((conv) => layer(`stage_${s + 1}/block_${b + 1}/${conv}`, 16 << Math.min(3, s))),
      ).flat(),
    ).flat(),
    ['head/dense/kernel', [64, 10]],
    ['head/dense/bias', [10]],
  ]);

const range = (n: number, every: number) => Array.from({ length: n }, (_, i) => i * every);
const small = network(2, 2);

const sick = make({
  shapes: { 'frozen_base/kernel': [3, 3, 3, 16], ...small, 'unused/kernel': [8, 8] },
  steps: range(120, 5),
  odd: (statistic, path, step) => {
    if ((path.startsWith('frozen') || path.startsWith('unused')) && !statistic.startsWith('weight')) return Number.NaN;
    if (path === 'stage_2/block_1/conv_1/kernel' && statistic === 'gradient_sum_squares' && step === 300) return Number.POSITIVE_INFINITY;
    if (path === 'head/dense/kernel' && statistic === 'gradient_sum_squares' && step > 400) return 0;
    if (path === 'stage_1/block_2/conv_2/kernel' && statistic === 'update_sum_squares' && step > 200) return 40 * 1.1 ** ((step - 200) / 5);
    return undefined;
  },
});

const ordinary = make({ shapes: small, steps: range(120, 5) });
const many = make({ shapes: network(5, 30), steps: range(1000, 10), rate: 0.002 });
const faster = make({ training: 'run-lr10', shapes: small, steps: range(90, 7), rate: 0.01 });
const resumed = make({ training: 'run-resumed', shapes: small, steps: range(90, 7).map((step) => 1000 + step) });
const spike = make({
  shapes: small,
  steps: range(20_000, 1),
  odd: (statistic, path, step) => (statistic === 'update_sum_squares' && path.startsWith('stem') && step === 12_345 ? 1e3 : undefined),
});
/** The last record of one of its series says that three were written before it that are not there. */
const gaps = {
  ...ordinary,
  stats: ordinary.stats.map((series, k) => ({
    ...series,
    points: series.points.map((point, ordinal) => ({
      ...point,
      record: { writer: 'w', ordinal: k === 0 && ordinal === series.points.length - 1 ? ordinal + 3 : ordinal },
    })),
  })),
};
/** As Lightning's grad_norm logs it: norms of gradients alone, some steps late, and of one layer not all the time. */
function theirs(training: string, statistics: readonly string[]): Training {
  const paths = Object.keys(small).map((path) => path.replace('kernel', 'weight'));
  const random = noise(5);
  const steps = range(60, 10);
  const value = (name: string, p: number, step: number) => {
    if (paths[p]?.startsWith('head') === true && step < 150) return Number.NaN;
    if (paths[p]?.startsWith('stage_1/block_2') === true && step > 300 && step < 400) return Number.NaN;
    if (name.endsWith('mean')) return 0.02 * Math.sin(p + step / 90) * (0.8 + 0.4 * random());
    return 0.02 * Math.exp(-step / 300 - p / 9) * (0.7 + 0.6 * random());
  };
  return {
    stats: [theirSeries({ step: steps, statistics, value, parameters: paths.length }, training)],
    axes: [axisSeries(namesOnly(paths), 'd', training)],
    scalars: chartsOf(training, steps, 0.001),
  };
}
const long = make({
  shapes: { [`encoder/${'a_very_long_block_name/'.repeat(5)}attention_output_dense/kernel`]: [8, 8], 'short/kernel': [8, 2] },
  steps: range(20, 5),
});
const measure = (value: string) => ({ options: { 'tensors.measure': value } });

export const fixtures = {
  ordinary: () => <Stage trainings={[ordinary]} />,
  gradient: () => <Stage trainings={[ordinary]} selected={{ step: 250, layer: 'stage_2/block_1/conv_1', ...measure('gradient_rms') }} />,
  groups: () => <Stage trainings={[ordinary]} selected={{ options: { 'tensors.fold': 'groups' } }} />,
  sick: () => <Stage trainings={[sick]} selected={measure('gradient_norm')} />,
  'sick-updates': () => <Stage trainings={[sick]} />,
  'not-finite': () => <Stage trainings={[sick]} selected={measure('non_finite')} />,
  zoomed: () => <Stage trainings={[ordinary]} selected={{ step: 250, options: { 'training.zoom': '200_300' } }} />,
  'records-missing': () => <Stage trainings={[gaps]} />,
  '300-layers': () => <Stage trainings={[many]} selected={{ options: { 'tensors.fold': 'layers' } }} />,
  '300-layers-folded': () => <Stage trainings={[many]} />,
  reference: () => <Stage trainings={[ordinary, faster]} selected={{ reference: 'run-lr10' }} />,
  'relative-steps': () => (
    <Stage trainings={[ordinary, resumed]} selected={{ step: 250, reference: 'run-resumed', options: { 'training.axis': 'relative' } }} />
  ),
  'times-reference': () => (
    <Stage trainings={[ordinary, faster]} selected={{ reference: 'run-lr10', options: { 'tensors.compare': 'times' } }} />
  ),
  'one-spike-in-20000-steps': () => <Stage trainings={[spike]} />,
  alone: () => <Stage trainings={[make({ shapes: small, steps: [0, 1, 2], charts: false })]} />,
  'long-names': () => <Stage trainings={[long]} />,
  theirs: () => <Stage trainings={[theirs('run', ['gradient_sum_squares'])]} />,
  'their-means': () => <Stage trainings={[theirs('run', ['weight_mean', 'gradient_sum_squares'])]} selected={measure('weight_mean')} />,
  'without-names': () => <Stage trainings={[{ ...ordinary, axes: [] }]} />,
};
