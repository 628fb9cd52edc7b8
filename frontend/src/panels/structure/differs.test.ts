import { expect, test } from 'vitest';
import { fold } from '../../math/folding';
import { readModel } from '../../math/tree';
import { differsIn } from './differs';
import { Builder, type Built } from './fixtures/build';
import { resnet50, transformer } from './fixtures/models';

function told({ structure, parameters }: Built): (readonly [string, readonly string[]])[] {
  const model = readModel(structure, parameters);
  const boxes = fold(model);
  return boxes.list.flatMap((box) =>
    box.kind === 'repeat' ? [[boxes.list[box.parent]?.name ?? '', differsIn(boxes, model, box)] as const] : [],
  );
}

test('the block beside a fold of a ResNet differs by its stride and its projection', () => {
  expect(told(resnet50())).toEqual([
    ['conv2', ['block1 (Conv2D and BatchNorm more)']],
    ['conv3', ['block1 (stride 2, Conv2D and BatchNorm more)']],
    ['conv4', ['block1 (stride 2, Conv2D and BatchNorm more)']],
    ['conv5', ['block1 (stride 2, Conv2D and BatchNorm more)']],
  ]);
});

test('equal blocks that have no odd one beside them differ in nothing', () => {
  expect(told(transformer(12)).flatMap(([, sentences]) => sentences)).toEqual([]);
});

test('copies that are only alike tell what varies: one of them, or from the first to the last', () => {
  const b = new Builder('alike');
  let x = b.add('InputLayer', 'input');
  for (let k = 0; k < 30; k++) {
    x = b.add('Conv2D', `block${k}_conv`, { from: [x], config: { filters: 8 * (k + 1), strides: k === 0 ? [2, 2] : [1, 1] } });
    x = b.add('ReLU', `block${k}_relu`, { from: [x] });
  }
  expect(told(b.build())).toEqual([['', ['filters 8 … 240', 'stride 2 in the first']]]);
});
