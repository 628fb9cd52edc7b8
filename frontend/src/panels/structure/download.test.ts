import { expect, it } from 'vitest';
import { fold } from '../../math/folding';
import { readModel } from '../../math/tree';
import { numbers, rows } from './download';
import { digits, oddNames, resnet50 } from './fixtures/models';

function read({ structure, parameters }: ReturnType<typeof digits>) {
  const model = readModel(structure, parameters);
  return { model, boxes: fold(model), since: 0, identity: '' };
}

it('the table has a row for every layer, and its parameters are those of the model', () => {
  const [head, ...layers] = rows(read(digits()));
  expect(head?.slice(0, 3)).toEqual(['path', 'name', 'class']);
  expect(layers.map(([path]) => path)).toEqual(['images', 'flatten', 'dense', 'dense_1', 'dense_2']);
  const total = layers.reduce((sum, row) => sum + Number(row[4]), 0);
  expect(total).toBe(readModel(digits().structure, digits().parameters).count.total);
});

it('edges are told by path', () => {
  expect(numbers(read(digits())).edges).toContainEqual(['dense', 'dense_1']);
});

it.each([resnet50, oddNames])('no layer is left out, or told twice', (make) => {
  const model = read(make());
  const paths = rows(model).slice(1);
  expect(new Set(paths.map(([path]) => path))).toEqual(new Set(model.model.layers.map(({ path }) => path)));
  expect(paths).toHaveLength(model.model.layers.length);
});
