import { expect, test } from 'vitest';
import type { TrainingFacts } from '../../schema.gen';
import { facts } from '../scalars/scalars.fixture';
import { groupsOf } from './groups_of';

const known = facts('digits', 40).points[0]?.payload;

test('tells what is known, in groups', () => {
  if (known === undefined) throw new Error('no facts');
  const groups = groupsOf(known);
  expect(groups.map(({ title }) => title)).toEqual(['Set-up', 'Hyperparameters', 'Logged', 'Versions']);
  const lines = Object.fromEntries(groups.flatMap((group) => group.facts.map(({ name, text }) => [name, text])));
  expect(lines).toMatchObject({
    optimizer: 'Adam',
    'batch size': '32',
    'steps an epoch': '40',
    'from logits': 'no',
    width: '64, 64',
    keras: '3.15.1',
  });
  expect(Object.keys(lines)).not.toContain('clipnorm');
  expect(Object.keys(lines)).not.toContain('begins after step');
});

test('has the arguments of optimizer and loss under them, without the names that Keras made', () => {
  if (known === undefined) throw new Error('no facts');
  const made = (optimizer: string, name: string) => {
    const loss = { loss: 'SparseCategoricalCrossentropy', loss_config: { name: 'sparse_categorical_crossentropy', from_logits: true } };
    const [setUp] = groupsOf({ ...known, ...loss, optimizer, optimizer_config: { name, momentum: 0.9 } });
    return setUp?.facts.flatMap(({ name: line, text, of }) => (of === undefined ? [] : [`${of}: ${line} ${text}`]));
  };
  const automatic = ['optimizer: momentum 0.9', 'loss: from logits yes'];
  expect(made('SGD', 'sgd')).toEqual(automatic);
  expect(made('AdamW', 'adam_w_1')).toEqual(automatic);
  expect(made('SGD', 'slow')).toEqual(['optimizer: name slow', ...automatic]);
});

test('lists of an optimizer what somebody chose; what is as it comes is counted', () => {
  if (known === undefined) throw new Error('no facts');
  const made = (framework: string, optimizer: string, optimizer_config: TrainingFacts['optimizer_config']) =>
    groupsOf({ ...known, framework, optimizer, optimizer_config })[0]?.facts.flatMap(({ name, text, whole, of }) =>
      of === 'optimizer' ? [[name, text, whole]] : [],
    );
  expect(made('keras/tensorflow', 'AdamW', { learning_rate: 0.01, beta_1: 0.9, beta_2: 0.95, weight_decay: 0.004 })).toEqual([
    ['learning rate', '0.01', '0.01'],
    ['beta 2', '0.95', '0.95'],
    ['others', '2 at their defaults', 'beta 1 0.9, weight decay 0.004'],
  ]);
  expect(made('torch', 'AdamW', { lr: 0.01, betas: [0.9, 0.999], weight_decay: 0.004, foreach: null })).toEqual([
    ['lr', '0.01', '0.01'],
    ['weight decay', '0.004', '0.004'],
    ['others', '1 at their defaults', 'betas 0.9, 0.999'],
  ]);
  expect(made('torch', 'Mine', { lr: 1 })).toEqual([['lr', '1', '1']]);
});

test('says nothing of what is unknown, and all of what is odd', () => {
  const nothing: TrainingFacts = {
    kind: 'training_facts',
    framework: '',
    optimizer: null,
    optimizer_config: {},
    loss: null,
    loss_config: {},
    baseline_loss: null,
    batch_size: null,
    first_step: 0,
    initial_epoch: 0,
    epoch_offset: 0,
    epochs: null,
    steps_per_epoch: null,
    evaluations: [],
    schedule: {},
    budget: {},
    versions: {},
    hyperparameters: {},
  };
  expect(groupsOf(nothing)).toEqual([]);
  const odd = groupsOf({ ...nothing, first_step: 400, hyperparameters: { nested: { a: [1, null] }, list: [1, [2]], rate: 1 / 3 } });
  expect(odd.flatMap((group) => group.facts.map(({ name, text, whole }) => [name, text, whole]))).toEqual([
    ['begins after step', '400', '400'],
    ['nested', '{"a":[1,null]}', '{"a":[1,null]}'],
    ['list', '[1,[2]]', '[1,[2]]'],
    ['rate', '0.333', String(1 / 3)],
  ]);
});
