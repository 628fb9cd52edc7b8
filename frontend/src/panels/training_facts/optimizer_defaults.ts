/** What the arguments of optimizers are where nobody chose them; `*` is for all that say nothing else. Rates are not among them: they are always told. */
import type { Json } from '../../schema.gen';

type Defaults = Readonly<Record<string, { readonly [argument: string]: Json }>>;

const KERAS: Defaults = {
  '*': {
    amsgrad: false,
    beta_1: 0.9,
    beta_2: 0.999,
    centered: false,
    ema_momentum: 0.99,
    epsilon: 1e-7,
    initial_accumulator_value: 0.1,
    is_legacy_optimizer: false,
    momentum: 0,
    nesterov: false,
    rho: 0.9,
    use_ema: false,
  },
  Adadelta: { rho: 0.95 },
  Adafactor: { beta_2_decay: -0.8, clip_threshold: 1, epsilon_1: 1e-30, epsilon_2: 0.001, relative_step: true },
  AdamW: { weight_decay: 0.004 },
  Ftrl: {
    beta: 0,
    l1_regularization_strength: 0,
    l2_regularization_strength: 0,
    l2_shrinkage_regularization_strength: 0,
    learning_rate_power: -0.5,
  },
  Lion: { beta_2: 0.99 },
  Muon: {
    adam_beta_1: 0.9,
    adam_beta_2: 0.999,
    adam_lr_ratio: 1,
    adam_weight_decay: 0.004,
    exclude_embeddings: true,
    exclude_layers: [],
    momentum: 0.95,
    muon_a: 3.4445,
    muon_b: -4.775,
    muon_c: 2.0315,
    nesterov: true,
    ns_steps: 5,
    rms_rate: 0.2,
    weight_decay: 0.004,
  },
  ScheduleFreeAdamW: { epsilon: 1e-8, warmup_steps: 0 },
};

const TORCH: Defaults = {
  '*': {
    amsgrad: false,
    betas: [0.9, 0.999],
    capturable: false,
    centered: false,
    dampening: 0,
    decoupled_weight_decay: false,
    differentiable: false,
    eps: 1e-8,
    initial_accumulator_value: 0,
    lr_decay: 0,
    maximize: false,
    momentum: 0,
    nesterov: false,
    weight_decay: 0,
  },
  ASGD: { alpha: 0.75, lambd: 1e-4, t0: 1e6 },
  Adadelta: { eps: 1e-6, rho: 0.9 },
  Adagrad: { eps: 1e-10 },
  AdamW: { decoupled_weight_decay: true, weight_decay: 0.01 },
  NAdam: { momentum_decay: 0.004 },
  RMSprop: { alpha: 0.99 },
  Rprop: { etas: [0.5, 1.2], step_sizes: [1e-6, 50] },
};

/** Whether an argument of an optimizer is what it is without being chosen. */
export function isDefault(framework: string, optimizer: string | null, argument: string, value: Json): boolean {
  const all = framework.startsWith('torch') ? TORCH : KERAS;
  const own = all[optimizer ?? ''] ?? {};
  const usual = Object.hasOwn(own, argument) ? own[argument] : all['*']?.[argument];
  return usual !== undefined && JSON.stringify(usual) === JSON.stringify(value);
}
