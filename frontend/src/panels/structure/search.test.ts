import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readModel } from '../../math/tree';
import { Builder } from './fixtures/build';
import { digits, oddNames, resnet50, siamese, subclassed, transformer, unet } from './fixtures/models';
import { found } from './search';

const MODELS = [digits, resnet50, siamese, subclassed, transformer, unet, oddNames].map((make) => {
  const { structure, parameters } = make();
  return readModel(structure, parameters);
});

test('every layer is the first that its own path finds', () => {
  for (const model of MODELS) for (const layer of model.layers) expect(found(model, layer.path)[0]).toBe(layer.index);
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 }), (names) => {
      const b = new Builder('any');
      for (const name of names) b.add('Dense', name);
      const { structure, parameters } = b.build();
      const model = readModel(structure, parameters);
      for (const layer of model.layers) expect(model.layers[found(model, layer.path)[0] ?? -1]?.path.trim()).toBe(layer.path.trim());
    }),
  );
});

test('more words find no more, and what is found has them all', () => {
  const words = fc.array(fc.constantFrom('conv', 'block', 'bn', '2', 'class:conv', 'shape:64', '>10k', '<1M', 'relu', 'zzz'), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.constantFrom(...MODELS), words, (model, query) => {
      const all = found(model, query.join(' '));
      for (const word of query) {
        const alone = new Set(found(model, word));
        for (const index of all) expect(alone.has(index)).toBe(true);
      }
    }),
  );
});

test('names that begin so come first, then names, paths and classes; classes, shapes and sizes are asked for by name', () => {
  const b = new Builder('ranks');
  const around = b.add('Sequential', 'dense_part');
  b.add('ReLU', 'act', { parent: around });
  b.add('Conv2D', 'my_dense', { outputs: [[-1, 8, 8, 64]], weights: { kernel: [3, 3, 1, 64] } });
  b.add('Dense', 'out', { outputs: [[-1, 10]], weights: { kernel: [64, 10] } });
  b.add('Dense', 'dense', { outputs: [[-1, 64]], weights: { kernel: [2000, 1000] } });
  const { structure, parameters } = b.build();
  const model = readModel(structure, parameters);
  const names = (query: string) => found(model, query).map((index) => model.layers[index]?.name);
  expect(names('DENSE')).toEqual(['dense', 'dense_part', 'my_dense', 'act', 'out']);
  expect(names('class:dense')).toEqual(['out', 'dense']);
  expect(names('shape:64')).toEqual(['my_dense', 'dense']);
  expect(names('shape:8x8x64')).toEqual(['my_dense']);
  expect(names('>1M')).toEqual(['dense']);
  expect(names('class:dense <1k')).toEqual(['out']);
  expect(names('')).toEqual([]);
  expect(names('no such layer')).toEqual([]);
});
