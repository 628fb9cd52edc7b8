/** Made-up scalar series, for pictures and tests. */
import type { Series } from '../../panel';
import { KINDS, type Scalars, type TrainingFacts } from '../../schema.gen';

interface Made {
  readonly training: string;
  readonly name: string;
  readonly split: string | null;
  readonly tag: string;
  readonly n: number;
  readonly step: (i: number) => number;
  readonly value: (i: number) => number;
}

/** Seconds since 1970 at which the made-up trainings began. */
export const BEGAN = 1_700_000_000;

/** A series of `n` points, two seconds apart for each ten steps. */
export function scalar({ training, name, split, tag, n, step, value }: Made): Series<'scalars'> {
  const steps = Float64Array.from({ length: n }, (_, i) => step(i));
  const payload: Scalars = {
    kind: 'scalars',
    axis: 'step',
    step: steps,
    wall_time: steps.map((at) => BEGAN + at / 5),
    value: Float64Array.from({ length: n }, (_, i) => value(i)),
  };
  const lastStep = steps.at(-1) ?? 0;
  return {
    training,
    run: `${training}/${split ?? 'layerscope'}`,
    tag,
    kind: 'scalars',
    version: KINDS.scalars.version,
    evaluation: null,
    name,
    split,
    lastStep,
    lastWallTime: BEGAN + lastStep / 5,
    points: [{ step: lastStep, wallTime: BEGAN, payload }],
    problems: [],
  };
}

/** What a training says of itself, with so many steps an epoch. */
export function facts(training: string, stepsPerEpoch: number | null): Series<'training_facts'> {
  const payload: TrainingFacts = {
    kind: 'training_facts',
    framework: 'keras/tensorflow',
    optimizer: 'Adam',
    optimizer_config: { learning_rate: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, clipnorm: null, amsgrad: false },
    loss: 'sparse_categorical_crossentropy',
    loss_config: { from_logits: false },
    baseline_loss: Math.LN10,
    batch_size: 32,
    first_step: 0,
    initial_epoch: 0,
    epoch_offset: 0,
    epochs: 30,
    steps_per_epoch: stepsPerEpoch,
    evaluations: ['validation'],
    schedule: { learning_rate: 'the first 100 steps, then every 10th' },
    budget: { evaluations: 4_000_000 },
    versions: { keras: '3.15.1', tensorflow: '2.21.0', layerscope: '0.1.0' },
    hyperparameters: { width: [64, 64], seed: 0, note: 'baseline of the week' },
  };
  return {
    training,
    run: `${training}/layerscope`,
    tag: 'training_facts',
    kind: 'training_facts',
    version: 1,
    evaluation: null,
    name: null,
    split: null,
    lastStep: 0,
    lastWallTime: BEGAN,
    points: [{ step: 0, wallTime: BEGAN, payload }],
    problems: [],
  };
}

/** Numbers from −0.5 to 0.5 that are the same each time (mulberry32). */
export function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296 - 0.5;
  };
}
