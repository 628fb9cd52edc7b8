import { expect, test } from 'vitest';
import { Builder } from '../panels/structure/fixtures/build';
import { oddNames, siamese } from '../panels/structure/fixtures/models';
import { elements, exampleShape, shape } from './shapes';
import { readModel } from './tree';

test('a layer knows its neighbours, shapes, calls and parameters', () => {
  const { structure, parameters } = siamese();
  const model = readModel(structure, parameters);
  const encoders = model.layers.filter((layer) => layer.layer === 'encoder');
  expect(encoders.map((layer) => [layer.path, layer.call, layer.calls])).toEqual([
    ['encoder', 0, 2],
    ['encoder#2', 1, 2],
  ]);
  const dense = model.layers.find((layer) => layer.path === 'encoder/dense');
  expect(dense?.name).toBe('dense');
  expect(dense?.weights.map((weight) => model.weights[weight]?.path)).toEqual(['encoder/dense/kernel', 'encoder/dense/bias']);
  expect(dense?.inputs.map((tensor) => tensor.shape)).toEqual([[-1, 64]]);
  expect(dense?.outputs).toEqual([{ shape: [-1, 32], dtype: 'float32' }]);
});

test('a tied parameter counts once and state is in no count', () => {
  const b = new Builder('tied');
  b.add('Embedding', 'embed', { weights: { embeddings: [10, 4] } });
  b.add('Dense', 'head', { weights: { kernel: [4, 10] } });
  b.add('Dropout', 'dropout', { weights: { seed: [2] } });
  const { structure, parameters } = b.build();
  const changed = parameters.parameters.map((parameter) =>
    parameter.path === 'head/kernel'
      ? { ...parameter, tied_to: 'embed/embeddings' }
      : parameter.path === 'dropout/seed'
        ? { ...parameter, role: 'state' as const }
        : parameter,
  );
  const model = readModel(structure, { ...parameters, parameters: changed });
  expect(model.count).toEqual({ total: 40, trainable: 40, frozen: 0, other: 0, unknown: 0 });
});

test('parameters of a part that is not in the structure belong to the layer around it; those of no layer are listed', () => {
  const b = new Builder('parts');
  b.add('LSTM', 'lstm', { weights: { kernel: [2, 2] } });
  const { structure, parameters } = b.build();
  const [kernel] = parameters.parameters;
  if (kernel === undefined) throw new Error('no kernel');
  const list = [
    { ...kernel, layer: 'lstm/lstm_cell', path: 'lstm/lstm_cell/kernel' },
    { ...kernel, layer: 'other', path: 'other/kernel' },
  ];
  const model = readModel(structure, {
    kind: 'parameters',
    parameters: list,
    shape: Int32Array.of(2, 2, 3),
    shape_end: Int32Array.of(2, 3),
  });
  expect(model.layers[0]?.weights).toEqual([0]);
  expect(model.missing).toEqual([1]);
  expect(model.count.total).toBe(7);
  expect(readModel(structure, undefined).count.total).toBe(0);
});

test('inputs come in the order of slots, and unknown sizes are said', () => {
  const b = new Builder('slots');
  const [x, y] = [b.add('InputLayer', 'x', { outputs: [[-1, 2]] }), b.add('InputLayer', 'y', { outputs: [[-1, 3]] })];
  const sum = b.add('Concatenate', 'c');
  b.edge(x, sum, 1_000_000_000);
  b.edge(y, sum, 0);
  const { structure, parameters } = b.build();
  expect(readModel(structure, parameters).layers[sum]?.inputs.map((tensor) => tensor.shape)).toEqual([
    [-1, 3],
    [-1, 2],
  ]);
  expect(readModel(oddNames().structure, undefined).layers[0]?.name).toBe('<img src=x onerror=alert(1)>');
});

test('shapes name the batch and what is not known', () => {
  expect(shape([-1, 32, 32, 3])).toBe('batch × 32 × 32 × 3');
  expect(exampleShape([-1, 32, -1, 3])).toBe('32 × ? × 3');
  expect(exampleShape([-1])).toBe('scalar');
  expect(exampleShape([5, 3])).toBe('5 × 3');
  expect(shape([])).toBe('scalar');
  expect(elements([2, 3])).toBe(6);
  expect(elements([])).toBe(1);
  expect(elements([-1, 3])).toBeUndefined();
});
