import { expect, test } from 'vitest';
import { fold } from '../../math/folding';
import { readModel } from '../../math/tree';
import { Builder, type Built, type LayerOptions } from './fixtures/build';
import { digits, resnet50 } from './fixtures/models';
import { costOf, dtypesIn, dtypesOf, paint, share, toldBy } from './paint';
import type { Read } from './read_structure';
import { parametersText } from './words';

function read({ structure, parameters }: Built): Read {
  const model = readModel(structure, parameters);
  return { model, boxes: fold(model), since: 0, identity: '' };
}

function box(own: Read, key: string) {
  const found = own.boxes.list.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no box ${key}`);
  return found;
}

test('by cost boxes say their multiply-adds, which add up to the whole', () => {
  const own = read(resnet50());
  expect(costOf(own.boxes)).toEqual({ macs: 3_857_973_248, isWhole: true });
  const dense = read(digits());
  expect(['dense', 'dense_2', 'flatten'].map((key) => toldBy('cost', dense, box(dense, key)))).toEqual(['4\u202f096', '640', undefined]);
  expect(paint('cost', dense, box(dense, 'flatten')).isHatched).not.toBe(true);
});

test('what was not counted is hatched, alone and in a sum', () => {
  const b = new Builder('uncounted');
  const around = b.add('Sequential', 'around');
  const options: LayerOptions = { parent: around };
  b.add('Lambda', 'lambda', { ...options, from: [b.add('Dense', 'dense', { ...options, macs: 24 })] });
  const own = read(b.build());
  expect(costOf(own.boxes)).toEqual({ macs: 24, isWhole: false });
  expect(['around', 'around/dense', 'around/lambda'].map((key) => paint('cost', own, box(own, key)).isHatched === true)).toEqual([
    true,
    false,
    true,
  ]);
  expect(['around', 'around/lambda'].map((key) => toldBy('cost', own, box(own, key)))).toEqual(['≥ 24', 'not counted']);
});

test('parameters of unknown size are in no sum: there are no shares, and what holds them is hatched', () => {
  const b = new Builder('unknown');
  const around = b.add('Sequential', 'around');
  b.add('Dense', 'known', { parent: around, weights: { kernel: [2, 3], scalar: [] } });
  b.add('Dense', 'unknown', { parent: around, weights: { kernel: [] } });
  const { structure, parameters } = b.build();
  const untold = parameters.parameters.map((each) => (each.layer === 'around/unknown' ? { ...each, dtype: '' } : each));
  const own = read({ structure, parameters: { ...parameters, parameters: untold } });
  const keys = ['around', 'around/known', 'around/unknown'];
  expect(own.model.count).toMatchObject({ total: 7, unknown: 1 });
  expect(keys.map((key) => parametersText(box(own, key).count))).toEqual(['≥ 7', '7', 'not known']);
  expect(keys.map((key) => share(own.model, box(own, key)))).toEqual([undefined, undefined, undefined]);
  expect(keys.map((key) => paint('parameters', own, box(own, key)).isHatched === true)).toEqual([true, false, true]);
});

test('by dtype a group has the colour of the type that most of its parameters have, and says how many others', () => {
  const b = new Builder('mixed');
  const around = b.add('Sequential', 'around');
  b.add('Dense', 'small', { parent: around, weights: { kernel: [2, 2] } });
  b.add('Dense', 'large', { parent: around, weights: { kernel: [9, 9] } });
  b.add('ReLU', 're_lu', { parent: around });
  const { structure, parameters } = b.build();
  const types = parameters.parameters.map((parameter, k) => ({ ...parameter, dtype: k === 0 ? 'float32' : 'bfloat16' }));
  const own = read({ structure, parameters: { ...parameters, parameters: types } });
  expect(dtypesOf(own.model)).toEqual(['bfloat16', 'float32']);
  expect(dtypesIn(own.model, own.boxes, box(own, 'around'))).toEqual(['bfloat16', 'float32']);
  const keys = ['around', 'around/small', 'around/large', 'around/re_lu'];
  expect(keys.map((key) => toldBy('dtype', own, box(own, key)))).toEqual(['bfloat16 + 1', 'float32', 'bfloat16', undefined]);
  const fills = keys.map((key) => paint('dtype', own, box(own, key)).fill);
  expect(fills[0]).toBe(fills[2]);
  expect(new Set(fills).size).toBe(3);
});
