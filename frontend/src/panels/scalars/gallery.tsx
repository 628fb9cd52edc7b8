/** Pictures of this panel without a server: ordinary, large and odd trainings. */
import { useMemo, useState } from 'preact/hooks';
import { categorical, css } from '../../charts/colour';
import { tensorSeries } from '../../math/tensor_stats.fixture';
import type { Series } from '../../panel';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { TrainingFactsPanel } from '../training_facts/TrainingFactsPanel';
import { Scalars } from './Scalars';
import { facts, noise, scalar } from './scalars.fixture';

interface StageProps {
  readonly scalars: readonly Series<'scalars'>[];
  readonly told?: readonly Series<'training_facts'>[];
  readonly stats?: readonly Series<'tensor_stats'>[];
  /** The first of the scalars' by default. */
  readonly focus?: string | undefined;
  readonly selected?: Partial<Selection>;
}

const NONE: readonly Series<'tensor_stats'>[] = [];

/** The panels beside each other, with a selection that works. */
function Stage({ scalars, told = [], stats = NONE, focus = scalars[0]?.training ?? '', selected = {} }: StageProps) {
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'training', ...selected });
  const colour = useMemo(() => {
    const trainings = [...new Set(scalars.map(({ training }) => training))];
    return (training: string) => css(categorical(trainings.indexOf(training)));
  }, [scalars]);
  const series = useMemo(() => ({ scalars, training_facts: told, tensor_stats: stats, parameters: [] }), [scalars, told, stats]);
  const props = {
    series,
    selection,
    focus,
    step: selection.step ?? Math.max(0, ...stats.map((each) => each.lastStep), ...scalars.map((each) => each.lastStep)),
    select: (change: Partial<Selection>) => setSelection((old) => ({ ...old, ...change })),
    colour,
  };
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: '20px 28px' }}>
      <div style={{ flex: '1 1 560px', minWidth: 0 }}>
        <Scalars {...props} />
      </div>
      <div style={{ flex: '0 1 300px' }}>{told.length === 0 ? null : <TrainingFactsPanel {...props} />}</div>
    </div>
  );
}

/** A training as one meets it: losses each epoch, accuracy, a learning rate that warms up and falls. */
function ordinary(training = 'digits', { epochs = 30, best = 20, seed = 1, rate = 0.001, every = 10 } = {}): readonly Series<'scalars'>[] {
  const spe = 40;
  const random = noise(seed);
  const per = (name: string, split: string, y: (epoch: number) => number) =>
    scalar({ training, name, split, tag: `epoch_${name}`, step: (i) => (i + 1) * spe, value: y, n: epochs });
  return [
    per('loss', 'train', (e) => 2.3 * Math.exp(-e / 6) + 0.012 + 0.01 * random() * Math.exp(-e / 20)),
    per('loss', 'validation', (e) => 2.32 * Math.exp(-e / 5.5) + 0.09 + Math.max(0, e - best) * 0.004 + 0.012 * random()),
    per('accuracy', 'train', (e) => 1 - 0.9 * Math.exp(-e / 4)),
    per('accuracy', 'validation', (e) => 0.965 - 0.85 * Math.exp(-e / 4) + 0.006 * random()),
    scalar({
      training,
      name: 'learning_rate',
      split: null,
      tag: 'learning_rate',
      n: Math.floor((epochs * spe) / every),
      step: (i) => i * every,
      value: (i) => rate * Math.min(1, (i + 1) / 12) * 0.5 * (1 + Math.cos((Math.PI * i * every) / (epochs * spe))),
    }),
    // Keras' own callback logs it once an epoch: the same again.
    scalar({
      training,
      name: 'learning_rate',
      split: null,
      tag: 'epoch_learning_rate',
      n: epochs,
      step: (i) => (i + 1) * spe,
      value: () => rate,
    }),
    scalar({
      training,
      name: 'gradient_norm',
      split: null,
      tag: 'gradient_norm',
      n: Math.floor((epochs * spe) / every),
      step: (i) => i * every,
      value: (i) => 1.8 * Math.exp(-i / 50) * (0.8 + 0.4 * random()) + 0.1,
    }),
  ];
}

const statistics = tensorSeries('tensor_stats/norms', [
  {
    statistics: ['gradient_sum_squares'],
    parameters: 2,
    value: (_, p, step) => (p + 1) / (1 + step / 9),
    step: Array.from({ length: 60 }, (_, i) => 5 * i),
    loss: (step) => 2 / (1 + step / 40),
    rate: (step) => 0.01 / (1 + step / 100),
  },
]);
const five = ['dense-64-64', 'dense-64-64-lr10', 'conv-small', 'conv-small-bn', 'a-name-that-is-much-longer-than-there-is-room-for-it'];

function spiky(n: number): readonly Series<'scalars'>[] {
  const random = noise(7);
  const value = (i: number) => (i === 61_803 ? 9 : 1 / (1 + i / 4000) + 0.15 * random());
  return [scalar({ training: 'long', name: 'loss', split: 'train', tag: 'loss', n, step: (i) => i, value })];
}

const broken = (i: number) => (i === 12 ? Number.NaN : i === 14 || i > 40 ? Number.NaN : i > 36 ? Number.POSITIVE_INFINITY : 2 - i / 20);

const kept = ordinary();
const told = [facts('digits', 40)];
const compared = five.flatMap((training, k) => ordinary(training, { seed: k + 2, best: 8 + 5 * k, rate: 0.001 * (k + 1) }));
const epochsOnly = ordinary('keras-only')
  .slice(0, 4)
  .map((each) => ({
    ...each,
    points: each.points.map((point) => ({
      ...point,
      payload: { ...point.payload, axis: 'epoch', step: point.payload.step.map((_, i) => i) },
    })),
    lastStep: 29,
  }));

const still = {
  nan: [
    scalar({ training: 'sick', name: 'loss', split: 'train', tag: 'loss', n: 60, step: (i) => i, value: broken }),
    scalar({ training: 'sick', name: 'never', split: 'train', tag: 'never', n: 60, step: (i) => i, value: () => Number.NaN }),
    scalar({ training: 'sick', name: 'signed_loss', split: 'train', tag: 'signed', n: 60, step: (i) => i, value: (i) => 20 - i }),
  ],
  one: [
    scalar({ training: 'short', name: 'loss', split: 'train', tag: 'loss', n: 1, step: () => 40, value: () => 0.7 }),
    scalar({ training: 'short', name: 'loss', split: 'validation', tag: 'val', n: 1, step: () => 40, value: () => 0.9 }),
    scalar({
      training: 'short',
      name: 'accuracy',
      split: 'train',
      tag: 'acc',
      n: 2,
      step: (i) => 40 * (i + 1),
      value: (i) => 0.5 + i / 10,
    }),
    scalar({ training: 'short', name: 'constant', split: null, tag: 'constant', n: 9, step: (i) => 10 * i, value: () => 0.1 }),
  ],
  alternating: [
    scalar({
      training: 'sick',
      name: 'loss',
      split: 'train',
      tag: 'loss',
      n: 90,
      step: (i) => i,
      value: (i) => (i % 2 === 1 && i < 60 ? Number.NaN : 2 - i / 60),
    }),
    scalar({ training: 'sick', name: 'huge', split: 'train', tag: 'huge', n: 90, step: (i) => i, value: (i) => (i - 30) * 1e35 }),
    scalar({ training: 'sick', name: 'huge_loss', split: 'train', tag: 'huge_loss', n: 90, step: (i) => i, value: (i) => 10 ** (i - 10) }),
    scalar({ training: 'sick', name: 'tiny', split: 'train', tag: 'tiny', n: 90, step: (i) => i, value: (i) => i * 1e-40 }),
  ],
  long: spiky(100_000),
  many: Array.from({ length: 40 }, (_, k) =>
    scalar({
      training: 'many',
      name: `metric_${k}`,
      split: 'train',
      tag: `m${k}`,
      n: 50,
      step: (i) => i,
      value: (i) => Math.sin(i / (k + 2)),
    }),
  ),
  strange: [
    scalar({ training: '<b>bold</b> שלום', name: 'loss', split: '<i>odd</i>', tag: 'x', n: 30, step: (i) => i, value: (i) => 1 / (i + 1) }),
    scalar({
      training: '<b>bold</b> שלום',
      name: 'x'.repeat(300),
      split: 'train',
      tag: 'y',
      n: 30,
      step: (i) => 1e12 + i,
      value: (i) => i * 1e-30,
    }),
  ],
};

export const fixtures = {
  ordinary: () => <Stage scalars={kept} told={told} />,
  'step-chosen': () => <Stage scalars={kept} told={told} selected={{ step: 660 }} />,
  live: () => <Stage scalars={kept} told={told} selected={{ step: 1240 }} />,
  smoothed: () => <Stage scalars={kept} told={told} selected={{ options: { 'scalars.smoothing': '0.8' } }} />,
  epochs: () => <Stage scalars={kept} told={told} selected={{ step: 660, options: { 'training.axis': 'epoch' } }} />,
  time: () => <Stage scalars={kept} told={told} selected={{ step: 660, options: { 'training.axis': 'time' } }} />,
  zoomed: () => <Stage scalars={kept} told={told} selected={{ step: 200, options: { 'training.zoom': '120_480' } }} />,
  'five-trainings': () => <Stage scalars={compared} />,
  reference: () => <Stage scalars={compared} selected={{ reference: 'conv-small' }} />,
  'nan-and-infinity': () => <Stage scalars={still.nan} selected={{ options: { 'scalars.log': 'signed_loss' } }} />,
  'alternating-and-huge': () => <Stage scalars={still.alternating} />,
  'one-point': () => <Stage scalars={still.one} />,
  '100000-points': () => <Stage scalars={still.long} />,
  'epochs-only': () => <Stage scalars={epochsOnly} />,
  'statistics-only': () => <Stage scalars={kept} stats={[statistics]} focus="run" selected={{ reference: 'digits' }} />,
  'many-charts': () => <Stage scalars={still.many} />,
  'strange-names': () => <Stage scalars={still.strange} />,
};
