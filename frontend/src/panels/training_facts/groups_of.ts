/** What is known of a training's set-up, in groups of named lines: pure. Nothing unknown has a line. */
import { count, exact, number } from '../../math/format';
import type { Json, TrainingFacts } from '../../schema.gen';
import { isDefault } from './optimizer_defaults';

export interface Fact {
  readonly name: string;
  readonly text: string;
  /** In full, where the text is shortened. */
  readonly whole: string;
  /** Of which line this is an argument; it stands under it. */
  readonly of?: string;
}

export interface Group {
  readonly title: string;
  readonly facts: readonly Fact[];
}

type Config = { readonly [name: string]: Json };

export function groupsOf(facts: TrainingFacts): readonly Group[] {
  const groups: readonly Group[] = [
    {
      title: 'Set-up',
      facts: [
        ...one('optimizer', facts.optimizer),
        ...chosenOf(facts),
        ...one('loss', facts.loss),
        ...argumentsOf('loss', facts.loss, facts.loss_config),
        ...one('loss of the best constant prediction', facts.baseline_loss),
        ...one('batch size', facts.batch_size),
        ...one('steps an epoch', facts.steps_per_epoch),
        ...one('epochs', facts.epochs),
        ...(facts.first_step > 0 ? one('begins after step', facts.first_step) : []),
      ],
    },
    { title: 'Hyperparameters', facts: each(facts.hyperparameters) },
    { title: 'Logged', facts: each(facts.schedule) },
    { title: 'Versions', facts: [...one('framework', facts.framework), ...each(facts.versions)] },
  ];
  return groups.filter((group) => group.facts.length > 0);
}

/** The arguments of the optimizer that somebody chose, and how many others are as they come. */
function chosenOf({ framework, optimizer, optimizer_config: config }: TrainingFacts): readonly Fact[] {
  const isUsual = ([argument, value]: readonly [string, Json]) => isDefault(framework, optimizer, argument, value);
  const entries = Object.entries(config);
  const usual = entries.filter(isUsual).flatMap(([name, value]) => one(name.replaceAll('_', ' '), value));
  const others: Fact = {
    name: 'others',
    text: `${count(usual.length)} at their defaults`,
    whole: usual.map(({ name, whole }) => `${name} ${whole}`).join(', '),
    of: 'optimizer',
  };
  const chosen = Object.fromEntries(entries.filter((entry) => !isUsual(entry)));
  return [...argumentsOf('optimizer', optimizer, chosen), ...(usual.length > 0 ? [others] : [])];
}

/** How an optimizer or a loss was made. A name that was made from its class says nothing new, and has no line. */
function argumentsOf(of: string, made: string | null, { name = null, ...config }: Config): readonly Fact[] {
  const given = typeof name === 'string' && bare(name.replace(/_\d+$/, '')) === bare(made ?? '') ? null : name;
  return each({ name: given, ...config }).map((fact) => ({ ...fact, of }));
}

/** Without what snake case adds to a class: `SparseCategoricalCrossentropy` and `sparse_categorical_crossentropy` are one. */
function bare(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function each(values: Config): readonly Fact[] {
  return Object.entries(values).flatMap(([name, value]) => one(name.replaceAll('_', ' '), value));
}

function one(name: string, value: Json): readonly Fact[] {
  if (value === null || value === '') return [];
  return [{ name, text: written(value), whole: typeof value === 'number' ? exact(value) : written(value) }];
}

function written(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? count(value) : number(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.map(written).join(', ');
  return JSON.stringify(value);
}
