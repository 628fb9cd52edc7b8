import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readModel } from '../../math/tree';
import { Builder, type Built } from './fixtures/build';
import { siamese, unet } from './fixtures/models';
import { reach } from './reach';

function names({ structure, parameters }: Built, path: string) {
  const model = readModel(structure, parameters);
  const { before, after } = reach(model, model.layers.find((layer) => layer.path === path)?.index ?? -1);
  const of = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b).map((index) => model.layers[index]?.path);
  return { before: of(before), after: of(after) };
}

test('reach is what Floyd and Warshall say', () => {
  const graphs = fc.record({ n: fc.integer({ min: 1, max: 12 }), edges: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 30 }) });
  fc.assert(
    fc.property(graphs, ({ n, edges }) => {
      const b = new Builder('any');
      for (let k = 0; k < n; k++) b.add('Dense', `layer_${k}`);
      const all = edges.filter(([from, to]) => from < n && to < n);
      for (const [from, to] of all) b.edge(from, to);
      const leads = Array.from({ length: n }, (_, a) =>
        Array.from({ length: n }, (_, c) => all.some(([from, to]) => from === a && to === c)),
      );
      for (let k = 0; k < n; k++)
        for (const row of leads) if (row[k]) for (let c = 0; c < n; c++) row[c] = row[c] === true || leads[k]?.[c] === true;
      const { structure, parameters } = b.build();
      const model = readModel(structure, parameters);
      for (let k = 0; k < n; k++) {
        const { before, after } = reach(model, k);
        for (let other = 0; other < n; other++) {
          expect(after.has(other)).toBe(leads[k]?.[other] === true);
          expect(before.has(other)).toBe(leads[other]?.[k] === true);
        }
      }
    }),
  );
});

test('the way goes on into a model within the model, and out of it', () => {
  expect(names(siamese(), 'encoder/dense_1')).toEqual({
    before: ['left', 'encoder/input', 'encoder/dense'],
    after: ['subtract', 'absolute', 'score'],
  });
  expect(names(siamese(), 'left').after).toEqual([
    'encoder',
    'encoder/input',
    'encoder/dense',
    'encoder/dense_1',
    'subtract',
    'absolute',
    'score',
  ]);
});

test('what a skip passes by is not on its way', () => {
  const { before } = names(unet(), 'down1_conv2');
  expect(before).toEqual(['image', 'down1_conv1']);
});
