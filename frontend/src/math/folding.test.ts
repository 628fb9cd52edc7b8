import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Builder, type Built } from '../panels/structure/fixtures/build';
import { chain, digits, resnet50, siamese, subclassed, transformer, twoTowers, unet } from '../panels/structure/fixtures/models';
import { type Box, type Boxes, content, fold, MOST_BOXES, overview } from './folding';
import { isFree } from './free_classes';
import { isAutomatic, prefixes } from './names';
import { commonName, RANGE, rangeName } from './repeats';
import { WIDEST } from './sections';
import { readModel } from './tree';

// A machine under load is no failure.
vi.setConfig({ testTimeout: 60_000 });

function folded({ structure, parameters }: Built) {
  const model = readModel(structure, parameters);
  return { model, boxes: fold(model) };
}

/** Boxes on screen: those in open ones, that are not open themselves. */
function shown(boxes: Boxes, open: ReadonlySet<number>): Box[] {
  const found: Box[] = [];
  const stack = [...boxes.top];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const box = boxes.list[id];
    if (box === undefined) continue;
    if (open.has(id)) stack.push(...content(boxes, box, 0));
    else found.push(box);
  }
  return found;
}

const WORDS = ['conv', 'bn', 'block1', 'block2', 'stage_1', 'stage_2', 'a', 'b', '1', '2'];
const CLASSES = ['Dense', 'Conv2D', 'Add', 'ReLU'];

/** Any model: nested, any names, edges between any nodes, cycles included. */
const models = fc
  .array(
    fc.record({
      class: fc.constantFrom(...CLASSES),
      name: fc.oneof(
        fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join('_')),
        fc.string({ maxLength: 12 }),
      ),
      around: fc.nat(30),
      from: fc.array(fc.nat(200), { maxLength: 3 }),
      nested: fc.boolean(),
      size: fc.nat(3),
    }),
    { maxLength: 120 },
  )
  .map((layers) => {
    const b = new Builder('any');
    layers.forEach((layer, k) => {
      const parent = layer.nested && k > 0 ? Math.min(layer.around, k - 1) : -1;
      b.add(layer.class, `${layer.name.replaceAll('/', '_')}_${k}`, { parent, weights: layer.size > 0 ? { kernel: [layer.size, 2] } : {} });
    });
    layers.forEach((layer, k) => {
      for (const from of layer.from) b.edge(from % layers.length, k);
    });
    return b.build();
  });

test('every layer is in exactly one box, and every group in the group around it', () => {
  fc.assert(
    fc.property(models, (built) => {
      const { model, boxes } = folded(built);
      const layers = boxes.list.map((box) => box.layer).filter((layer) => layer >= 0);
      expect(layers.sort((a, b) => a - b)).toEqual(model.layers.map((layer) => layer.index));
      boxes.list.forEach((box, id) => {
        expect(box.id).toBe(id);
        expect(box.parent).toBeLessThan(id);
        for (const child of box.children) expect(boxes.list[child]?.parent).toBe(id);
      });
      expect(new Set(boxes.list.map((box) => box.key)).size).toBe(boxes.list.length);
    }),
  );
});

test('a layer stays inside the layer that was given around it', () => {
  fc.assert(
    fc.property(models, (built) => {
      const { model, boxes } = folded(built);
      for (const layer of model.layers) {
        let around = boxes.list[boxes.of[layer.index] ?? -1]?.parent ?? -1;
        while (around >= 0 && (boxes.list[around]?.layer ?? -1) < 0) around = boxes.list[around]?.parent ?? -1;
        expect(boxes.list[around]?.layer ?? -1).toBe(layer.parent);
      }
    }),
  );
});

test('the overview has at most 40 boxes, whatever the model', () => {
  fc.assert(
    fc.property(models, (built) => {
      const { model, boxes } = folded(built);
      expect(shown(boxes, overview(model, boxes)).length).toBeLessThanOrEqual(MOST_BOXES);
    }),
  );
  for (const built of [resnet50(), transformer(24), unet(), chain(10_000), chain(3_000, 7), chain(2_000, 1)]) {
    const { model, boxes } = folded(built);
    const count = shown(boxes, overview(model, boxes)).length;
    expect(count).toBeLessThanOrEqual(MOST_BOXES);
    expect(count).toBeGreaterThan(0);
    for (const box of boxes.list) if (box.kind !== 'repeat') expect(box.children.length).toBeLessThanOrEqual(WIDEST);
  }
});

test('groups side by side make no cycle: their producers come first', () => {
  fc.assert(
    fc.property(models, (built) => {
      const { model, boxes } = folded(built);
      // Edges that go on in the order of boxes must outnumber nothing when the model has no cycle.
      const acyclic = model.edges.every((edge) => edge.from < edge.to);
      if (!acyclic) return;
      const path = (id: number) => {
        const ids: number[] = [];
        for (let at = id; at >= 0; at = boxes.list[at]?.parent ?? -1) ids.unshift(at);
        return ids;
      };
      const around = (index: number) => {
        const ids: number[] = [];
        for (let at = index; at >= 0; at = model.layers[at]?.parent ?? -1) ids.unshift(at);
        return ids;
      };
      // Nesting that was given may make a cycle of its own (a layer outside between two inside); only flat models are judged.
      if (model.layers.some((layer) => layer.parent >= 0)) return;
      for (const edge of model.edges) {
        expect(around(edge.from)).not.toEqual(around(edge.to));
        const [a, b] = [path(boxes.of[edge.from] ?? -1), path(boxes.of[edge.to] ?? -1)];
        const split = a.findIndex((id, k) => id !== b[k]);
        expect(a[split] ?? 0).toBeLessThan(b[split] ?? 0);
      }
    }),
  );
});

test('parameters of a box are those of the layers inside, shared ones once', () => {
  fc.assert(
    fc.property(models, (built) => {
      const { model, boxes } = folded(built);
      for (const box of boxes.list) {
        const inside = new Set<number>();
        const stack = [box];
        for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
          for (const weight of model.layers[next.layer]?.weights ?? []) inside.add(weight);
          stack.push(...next.children.flatMap((id) => boxes.list[id] ?? []));
        }
        expect(box.count.total).toBe([...inside].reduce((sum, weight) => sum + (model.weights[weight]?.size ?? 0), 0));
      }
    }),
  );
});

test('multiply-adds are whole just where all that is inside was counted or is known to be free', () => {
  const kinds = fc.record({
    class: fc.constantFrom('Dense', 'Add', 'Matmul', 'Lambda', 'Relu', 'Block'),
    macs: fc.constantFrom(-1, 0, 24),
    around: fc.nat(30),
    nested: fc.boolean(),
    known: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(kinds, { maxLength: 60 }), (layers) => {
      const b = new Builder('costs');
      layers.forEach((layer, k) => {
        const parent = layer.nested && k > 0 ? Math.min(layer.around, k - 1) : -1;
        b.add(layer.class, `layer_${k}`, { parent, macs: layer.macs, edgesKnown: layer.known, operation: layer.class === 'Matmul' });
      });
      const { model, boxes } = folded(b.build());
      const isWhole = (index: number): boolean => {
        const layer = model.layers[index];
        if (layer === undefined || layer.macs !== undefined) return true;
        if (layer.children.length === 0) return layer.class === 'Add' || layer.class === 'Relu';
        return layer.edgesKnown && layer.children.every(isWhole);
      };
      for (const layer of model.layers) expect(boxes.list[boxes.of[layer.index] ?? -1]?.macsWhole).toBe(isWhole(layer.index));
    }),
  );
});

test('what nobody counted makes a sum a least number, with or without parameters', () => {
  const b = new Builder('attention', 'torch');
  const x = b.add('Linear', 'query', { outputs: [[-1, 8]], weights: { weight: [8, 8] }, macs: 64 });
  const product = b.add('Matmul', 'matmul', { from: [x, x], operation: true });
  b.add('Relu', 'relu', { from: [product], operation: true });
  const { boxes } = folded(b.build());
  const whole = (key: string) => boxes.list.find((box) => box.key === key)?.macsWhole;
  expect([whole('query'), whole('matmul'), whole('relu')]).toEqual([true, false, true]);
  for (const free of [
    'InputLayer',
    'BatchNorm2d',
    'BatchNormalization',
    'GlobalAveragePooling2D',
    'LayerNorm',
    'Getitem',
    'Dropout',
    'GELU',
  ])
    expect(isFree({ class: free, layer: '' })).toBe(true);
  for (const costly of ['Conv2d', 'MyBatchNormConv', 'SpectralNormalization', 'Einsum', 'ScaledDotProductAttention', 'Lambda', 'Sub'])
    expect(isFree({ class: costly, layer: costly })).toBe(false);
});

test('the digits model is shown as it is', () => {
  const { model, boxes } = folded(digits());
  expect(
    shown(boxes, overview(model, boxes))
      .map((box) => box.name)
      .reverse(),
  ).toEqual(['images', 'flatten', 'dense', 'dense_1', 'dense_2']);
  expect(model.count).toEqual({ total: 8970, trainable: 8970, frozen: 0, other: 0, unknown: 0 });
});

test('ResNet-50 has its stages and its blocks, equal ones folded, and the parameters Keras counts', () => {
  const { model, boxes } = folded(resnet50());
  expect(model.layers).toHaveLength(177);
  expect(model.count).toEqual({ total: 25_636_712, trainable: 25_583_592, frozen: 0, other: 53_120, unknown: 0 });
  const names = boxes.list.filter((box) => box.kind === 'scope' && box.depth === 0).map((box) => box.name);
  expect(names).toEqual(['conv1', 'pool1', 'conv2', 'conv3', 'conv4', 'conv5']);
  const repeats = boxes.list.filter((box) => box.kind === 'repeat' && box.depth === 1).map((box) => [box.name, box.children.length]);
  expect(repeats).toEqual([
    [`block2${RANGE}3`, 2],
    [`block2${RANGE}4`, 3],
    [`block2${RANGE}6`, 5],
    [`block2${RANGE}3`, 2],
  ]);
});

test('the blocks of a transformer with automatic names are one box, × n', () => {
  const { boxes } = folded(transformer(24));
  const repeat = boxes.list.find((box) => box.kind === 'repeat');
  expect(repeat?.children).toHaveLength(24);
  expect(repeat?.similar).toBe(false);
  expect(boxes.top.length).toBeLessThanOrEqual(5);
});

test('one block of another width is not folded with the others', () => {
  const b = new Builder('odd');
  let x = b.add('InputLayer', 'input');
  for (let k = 0; k < 30; k++)
    x = b.add('Dense', `dense_${k}`, { from: [x], config: { units: k === 12 ? 9 : 8 }, weights: { kernel: [8, 8] } });
  const { boxes } = folded(b.build());
  expect(boxes.top.map((id) => [boxes.list[id]?.kind, boxes.list[id]?.children.length])).toEqual([
    ['layer', 0],
    ['repeat', 12],
    ['layer', 0],
    ['repeat', 17],
  ]);
});

test('layers that look alike and are wired differently are not folded', () => {
  const b = new Builder('wiring');
  let x = b.add('InputLayer', 'input');
  for (let k = 0; k < 8; k++) {
    const y = b.add('Dense', `dense_${2 * k}`, { from: [x] });
    const z = b.add('Dense', `dense_${2 * k + 1}`, { from: [y] });
    x = b.add('Add', `add_${k}`, { from: k % 4 === 3 ? [y, z] : [x, z] });
  }
  const { boxes } = folded(b.build());
  expect(boxes.list.filter((box) => box.kind === 'repeat').every((box) => box.children.length <= 3)).toBe(true);
});

test('towers are scopes, though their layers come in turns', () => {
  const { boxes } = folded(twoTowers());
  expect(boxes.top.map((id) => boxes.list[id]?.name)).toEqual(['user', 'item', 'score', 'rating']);
});

test('shared layers count once, also in the whole', () => {
  const { model, boxes } = folded(siamese());
  expect(model.count.total).toBe(64 * 32 + 32 + 32 * 16 + 16 + 17);
  const of = (path: string) => boxes.list.find((box) => box.key === path)?.count.total;
  expect([of('encoder'), of('encoder#2'), of('score')]).toEqual([2608, 2608, 17]);
});

test('a model without edges is shown, what it holds too', () => {
  const { model, boxes } = folded(subclassed());
  expect(boxes.top).toHaveLength(1);
  expect(shown(boxes, overview(model, boxes))).toHaveLength(5);
});

test('10 000 layers are folded in time that does not grow with their square', () => {
  const { structure, parameters } = chain(10_000, 3);
  const start = performance.now();
  const model = readModel(structure, parameters);
  overview(model, fold(model));
  // Half a second when nothing else runs.
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('a box is open that is most of the model, so that no picture is one closed box', () => {
  const b = new Builder('encoder', 'torch');
  const root = b.add('TransformerEncoder', 'encoder', { edgesKnown: false });
  const list = b.add('ModuleList', 'layers', { parent: root, edgesKnown: false });
  for (let k = 0; k < 8; k++) {
    const one = b.add('TransformerEncoderLayer', String(k), { parent: list, edgesKnown: false });
    for (const part of ['linear1', 'dropout', 'linear2', 'norm1', 'norm2', 'dropout1']) b.add(part, part, { parent: one });
  }
  for (const built of [b.build(), transformer(96)]) {
    const { model, boxes } = folded(built);
    expect(shown(boxes, overview(model, boxes)).length).toBeGreaterThanOrEqual(6);
  }
});

test('a layer that owns parameters beside its one part stays closed, and so does a wrapper among others', () => {
  const b = new Builder('attention', 'torch');
  const x = b.add('Input', 'x', { operation: true });
  const attention = b.add('MultiheadAttention', 'm', { from: [x], edgesKnown: false, weights: { in_proj_weight: [48, 16] } });
  b.add('Linear', 'out_proj', { parent: attention, weights: { weight: [16, 16] } });
  const wrapper = b.add('TimeDistributed', 'time_distributed', { from: [attention] });
  b.add('Dense', 'dense', { parent: wrapper });
  const { model, boxes } = folded(b.build());
  expect([...overview(model, boxes)]).toEqual([]);
});

test('folds say which copies they are, scopes and sections what is in them', () => {
  const named = (names: readonly string[]) => {
    const b = new Builder('names');
    let x = b.add('InputLayer', 'input_layer');
    for (const name of names) x = b.add(name.endsWith('bn') ? 'BatchNormalization' : 'Conv2D', name, { from: [x] });
    for (let k = 0; k < 12; k++) x = b.add(`Other${k}`, `z${k}`, { from: [x] });
    return folded(b.build()).boxes;
  };
  // Neither `expanded` nor `conv_1`: a word that all share is not cut.
  const expanded = named([0, 1, 2].flatMap((k) => [`expanded_conv_${k}_a`, `expanded_conv_${k}_bn`]));
  expect(expanded.list.filter((box) => box.layer < 0).map((box) => box.name)).toEqual([
    'expanded_conv',
    'expanded_conv_0',
    `expanded_conv_1${RANGE}2`,
    'expanded_conv_1',
    'expanded_conv_2',
  ]);
  // Blocks with automatic names in two places are told apart.
  const b = new Builder('twice');
  let x = b.add('InputLayer', 'input_layer');
  for (let k = 0; k < 8; k++) {
    if (k === 4) x = b.add('Flatten', 'middle', { from: [x] });
    const units = k < 4 ? 8 : 9;
    x = b.add('ReLU', `re_lu_${k}`, {
      from: [b.add('Dense', `dense_${k}`, { from: [x], config: { units }, weights: { kernel: [8, 8] } })],
    });
  }
  const twice = folded(b.build()).boxes;
  expect(twice.top.map((id) => twice.list[id]?.name)).toEqual(['input_layer', `dense_0${RANGE}3`, 'middle', `dense_4${RANGE}7`]);
  // Numbers alone read as arithmetic.
  const t = new Builder('list', 'torch');
  x = t.add('Input', 'x', { operation: true });
  for (let k = 0; k < 13; k++) x = t.add(k < 5 ? 'Block' : `Class${k}`, String(k), { from: [x] });
  const list = folded(t.build()).boxes;
  expect(list.top.slice(0, 3).map((id) => list.list[id]?.name)).toEqual(['x', `Block 0${RANGE}4`, 'Class5 5']);
});

test('a range of names cuts neither a word nor a number', () => {
  const range = (...names: string[]) => rangeName(names).replaceAll(RANGE, '–');
  expect(range('block2a', 'block4b')).toBe('block2a–4b');
  expect(range('conv2_block19', 'conv2_block20')).toBe('conv2_block19–20');
  expect(range('dense', 'dense_1')).toBe('dense–dense_1');
  expect(range('conv_pad', 'conv_pw')).toBe('conv_pad–pw');
  expect(range('a1', 'b2')).toBe('');
  expect(range('same', 'same')).toBe('same');
  expect(range('stage_0_depthwise_conv', 'stage_1_depthwise_conv')).toBe('');
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (names) => {
      const text = rangeName(names);
      if (text !== '') expect(text.startsWith(names[0] ?? '')).toBe(true);
    }),
  );
});

test('an empty model has no boxes', () => {
  const { model, boxes } = folded(new Builder('empty').build());
  expect(boxes.list).toEqual([]);
  expect([...overview(model, boxes)]).toEqual([]);
});

test('names are read as words, a number with the word before it', () => {
  expect(prefixes('conv2_block1_1_conv')).toEqual(['conv2', 'conv2_block1', 'conv2_block1_1', 'conv2_block1_1_conv']);
  expect(prefixes('block_1/dense_2')).toEqual(['block_1', 'block_1/dense_2']);
  expect(prefixes('__')).toEqual([]);
  expect(isAutomatic('multi_head_attention_3', 'MultiHeadAttention')).toBe(true);
  expect(isAutomatic('conv2d', 'Conv2D')).toBe(true);
  expect(isAutomatic('conv1', 'Conv2D')).toBe(false);
  expect(commonName(['conv2_block2', 'conv2_block3'])).toBe('conv2_block');
  expect(commonName(['layer12', 'layer13'])).toBe('layer');
});
