import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test } from 'vitest';
import { facts, type Logged, MemorySource } from '../memory.fixture';
import { Empty, Partly } from './Empty';

afterEach(() => {
  act(() => render(null, document.body));
});

const scalar = (name: string): Logged => ({ training: 'a', tag: name, name, part: { kind: 'scalars', points: [{ step: 5 }] } });
const statistics: Logged = { training: 'a', tag: 'tensor_stats/norms', part: { kind: 'tensor_stats', points: [{ step: 5 }] } };

async function said(...logged: readonly Logged[]): Promise<string> {
  const [training] = (await new MemorySource(logged).list())?.trainings ?? [];
  if (training === undefined) throw new Error('no training');
  await act(() => render(<Partly view="training" training={training} />, document.body));
  return document.body.textContent ?? '';
}

test('what a training lacks is said with the line that adds it, one thing at a time', async () => {
  // A log of a loop has no `run` to write to: the line is one that adds all of it.
  expect(await said(scalar('loss'))).toBe(
    'Weights, gradients and updates of each layer are not logged, nor is the learning rate. layerscope.torch.watch(model, optimizer, "logs/run-1") adds them.',
  );
  expect(await said(scalar('learning_rate'))).toBe(
    'Weights, gradients and updates of each layer are not logged. layerscope.torch.watch(model, optimizer, "logs/run-1") adds them.',
  );
  expect(await said(scalar('learning_rate'), facts('a', {}))).toContain('callbacks=[Layerscope("logs/run-1")]');
  // The rate is among the statistics.
  expect(await said(scalar('loss'), statistics)).toBe('');
});

test('to a log of Keras’ own callback the line for Keras is told, also where it holds no graph', async () => {
  const keras = (tag: string, name: string): Logged => ({ ...scalar(name), run: 'a/train', tag });
  expect(await said(keras('epoch_loss', 'loss'))).toBe(
    'Weights, gradients and updates of each layer are not logged, nor is the learning rate. callbacks=[Layerscope("logs/run-1")] adds them.',
  );
  expect(await said(keras('epoch_loss', 'loss'), keras('epoch_learning_rate', 'learning_rate'))).toBe(
    'Weights, gradients and updates of each layer are not logged. callbacks=[Layerscope("logs/run-1")] adds them.',
  );
});

test('where another tool wrote of the layers the rest is told, and the learning rate that such scalars do not hold', async () => {
  const theirs: Logged = { ...statistics, tag: 'tensor_stats/scalars', name: 'scalars' };
  expect(await said(scalar('loss'), theirs)).toBe(
    'Of the layers there is only what another tool wrote, and no learning rate. layerscope.torch.watch(model, optimizer, "logs/run-1") adds the rest.',
  );
  expect(await said(scalar('learning_rate'), theirs)).toBe(
    'Of the layers there is only what another tool wrote. layerscope.torch.watch(model, optimizer, "logs/run-1") adds the rest.',
  );
});

test('a training that the Keras callback logs is not told how to log itself; one of PyTorch is told how to add evaluations', async () => {
  const shown = async (logged: Logged): Promise<string> => {
    const [training = null] = (await new MemorySource([logged]).list())?.trainings ?? [];
    await act(() => render(<Empty view="predictions" training={training} />, document.body));
    return document.body.textContent ?? '';
  };
  expect(await shown(facts('a', {}))).not.toContain('These lines log it');
  expect(await shown({ ...facts('a', {}), run: 'a' })).toContain('These lines log it');
});
