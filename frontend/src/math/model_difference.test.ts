import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Builder, type Built } from '../panels/structure/fixtures/build';
import { chain, dense, digits, resnet50, siamese, subclassed, transformer, twoTowers, unet } from '../panels/structure/fixtures/models';
import { type ModelDifference, modelDifference } from './model_difference';
import { type Model, readModel } from './tree';

// A machine under load is no failure.
vi.setConfig({ testTimeout: 60_000 });

const read = ({ structure, parameters }: Built): Model => readModel(structure, parameters);

/** The same network as a framework names it in a process that has made others before. */
function renamed(model: Model, by = 7): Model {
  const again = (name: string) => name.replace(/(_(\d+))?$/, (_, __, n) => `_${Number(n ?? 0) + by}`);
  return { ...model, layers: model.layers.map((layer) => ({ ...layer, name: again(layer.name), path: again(layer.path) })) };
}

const names = (model: Model, layers: readonly number[]) => layers.map((index) => model.layers[index]?.name);
const isNone = ({ added, removed, changed, moved }: ModelDifference) => added.length + removed.length + changed.length + moved.length === 0;

test.each([
  ['digits', digits()],
  ['resnet50', resnet50()],
  ['transformer', transformer()],
  ['unet', unet()],
  ['two towers', twoTowers()],
  ['siamese', siamese()],
  ['subclassed', subclassed()],
])('%s differs in nothing from itself, whatever its layers are called', (_, built) => {
  const model = read(built);
  expect(isNone(modelDifference(model, model))).toBe(true);
  expect(isNone(modelDifference(renamed(model), model))).toBe(true);
});

/** Layers of a chain: what each is, by its units, and whether an addition takes it and the first. */
const stacks = fc.array(fc.record({ units: fc.integer({ min: 1, max: 4 }), skips: fc.boolean() }), { maxLength: 12 });

function stack(layers: readonly { readonly units: number; readonly skips: boolean }[]): Model {
  const b = new Builder('stack');
  const first = b.add('InputLayer', 'input', { outputs: [[-1, 3]] });
  let x = first;
  layers.forEach(({ units, skips }, k) => {
    x = dense(b, `dense_${k}`, x, 3, units);
    if (skips) x = b.add('Add', `add_${k}`, { from: [first, x], outputs: [[-1, units]] });
  });
  return read(b.build());
}

test('each layer is in one place of the comparison, and each counterpart once', () => {
  fc.assert(
    fc.property(stacks, stacks, (a, b) => {
      const [model, reference] = [stack(a), stack(b)];
      const { counterpart, added, removed } = modelDifference(model, reference);
      const taken = counterpart.filter((other) => other !== -1);
      expect(new Set(taken).size).toBe(taken.length);
      expect(added).toEqual(model.layers.map(({ index }) => index).filter((index) => counterpart[index] === -1));
      expect(removed).toEqual(reference.layers.map(({ index }) => index).filter((index) => !taken.includes(index)));
    }),
  );
});

test('what is added one way is removed the other way', () => {
  fc.assert(
    fc.property(stacks, stacks, (a, b) => {
      const [there, back] = [modelDifference(stack(a), stack(b)), modelDifference(stack(b), stack(a))];
      expect(there.added.length - there.removed.length).toBe(back.removed.length - back.added.length);
      expect(isNone(there)).toBe(isNone(back));
    }),
  );
});

test('nothing is said only of what is the same', () => {
  const signature = (model: Model) =>
    JSON.stringify([
      model.layers.map(({ class: kind, config, weights }) => [kind, config, weights.map((index) => model.weights[index]?.shape)]),
      model.edges,
    ]);
  fc.assert(
    fc.property(stacks, stacks, (a, b) => {
      const [model, reference] = [stack(a), stack(b)];
      expect(isNone(modelDifference(model, reference))).toBe(signature(model) === signature(reference));
    }),
  );
});

test('a layer that is put in is the one thing added, though the names of all behind it change', () => {
  fc.assert(
    fc.property(stacks, fc.nat(), (layers, at) => {
      const place = at % (layers.length + 1);
      const more = [...layers.slice(0, place), { units: 9, skips: false }, ...layers.slice(place)];
      const found = modelDifference(stack(more), stack(layers));
      expect([found.added.length, found.removed.length, found.changed.length, found.moved.length]).toEqual([1, 0, 0, 0]);
    }),
  );
});

test('another head is one change', () => {
  const model = read(transformer());
  const head = model.layers.findLast((layer) => layer.class === 'Dense');
  const wider = {
    ...model,
    layers: model.layers.map((layer) => (layer === head ? { ...layer, config: { ...layer.config, units: 3 } } : layer)),
  };
  const { changed, ...others } = modelDifference(renamed(wider), model);
  expect(changed).toEqual([{ own: head?.index, other: head?.index, changes: [{ name: 'units', from: head?.config.units, to: 3 }] }]);
  expect(isNone({ changed: [], ...others })).toBe(true);
});

test('another wiring of the same layers is told, in the words of the model', () => {
  const build = (skip: boolean) => {
    const b = new Builder('wired');
    const input = b.add('InputLayer', 'input', { outputs: [[-1, 4]] });
    const first = dense(b, 'first', input, 4, 4);
    const second = dense(b, 'second', first, 4, 4);
    b.add('Add', 'sum', { from: [skip ? input : first, second] });
    return read(b.build());
  };
  const { changed, added, removed } = modelDifference(build(true), build(false));
  expect([added, removed]).toEqual([[], []]);
  expect(changed.map(({ changes }) => changes)).toEqual([[{ name: 'inputs', from: 'first, second', to: 'input, second' }]]);
});

test('a layer that is elsewhere has moved, and its neighbours have not changed', () => {
  const build = (order: readonly string[]) => {
    const b = new Builder('order');
    let x = b.add('InputLayer', 'input', { outputs: [[-1, 4]] });
    for (const name of order) x = dense(b, name, x, 4, 4, name === 'odd' ? 'tanh' : 'relu');
    return read(b.build());
  };
  const model = build(['odd', 'a', 'b', 'c']);
  const found = modelDifference(model, build(['a', 'b', 'c', 'odd']));
  expect(
    names(
      model,
      found.moved.map(({ own }) => own),
    ),
  ).toEqual(['odd']);
  expect([found.added, found.removed, found.changed]).toEqual([[], [], []]);
});

test('what is frozen, or of another type, has changed', () => {
  const build = (frozen: boolean) => {
    const b = new Builder('frozen');
    const x = b.add('InputLayer', 'input', { outputs: [[-1, 4]] });
    b.add('Dense', 'dense', { from: [x], weights: { kernel: [4, 2] }, frozen });
    return read(b.build());
  };
  expect(modelDifference(build(true), build(false)).changed[0]?.changes).toEqual([{ name: 'role', from: 'trainable', to: 'frozen' }]);
});

test('a block inside of a layer is compared with the block inside its counterpart', () => {
  const build = (units: readonly number[], name: string) => {
    const b = new Builder('nested');
    const net = b.add('Net', name);
    const block = b.add('Block', 'block', { parent: net });
    let x = b.add('InputLayer', 'input', { parent: block, outputs: [[-1, 4]] });
    units.forEach((width, k) => {
      x = b.add('Dense', `dense_${k}`, { parent: block, from: [x], config: { units: width }, weights: { kernel: [4, width] } });
    });
    return read(b.build());
  };
  const model = build([4, 8, 2], 'net');
  const found = modelDifference(model, build([4, 2], 'net_3'));
  expect(names(model, found.added)).toEqual(['dense_1']);
  expect([found.removed, found.changed, found.moved]).toEqual([[], [], []]);
});

/** A chain of Dense layers by name, width, and whether they are frozen. */
function row(layers: readonly (readonly [name: string, units: number, frozen?: boolean])[]): Model {
  const b = new Builder('row');
  let x = b.add('InputLayer', 'input', { outputs: [[-1, 4]] });
  for (const [name, units, frozen = false] of layers) {
    x = b.add('Dense', name, { from: [x], config: { units }, weights: { kernel: [4, units] }, frozen });
  }
  return read(b.build());
}

test('of layers that have changed names decide which is which', () => {
  const [model, reference] = [
    row([['head', 9]]),
    row([
      ['stem', 4],
      ['head', 8],
    ]),
  ];
  const found = modelDifference(model, reference);
  expect(names(reference, found.removed)).toEqual(['stem']);
  expect(found.changed.map(({ other }) => reference.layers[other]?.name)).toEqual(['head']);
});

test('of layers of one size the one that is trained alike is the same', () => {
  const model = row([
    ['dense', 4, true],
    ['dense_1', 4],
  ]);
  const found = modelDifference(model, row([['dense', 4]]));
  expect([names(model, found.added), found.changed]).toEqual([['dense'], []]);
});

/** Two blocks side by side, and how many equal layers are in each. */
function blocks(left: number, right: number): Model {
  const b = new Builder('blocks');
  for (const [name, n] of [
    ['left', left],
    ['right', right],
  ] as const) {
    const block = b.add('Block', name);
    // Each has something of its own.
    b.add(name, 'own', { parent: block });
    for (let k = 0; k < n; k++) b.add('Dense', k === 0 ? 'dense' : `dense_${k}`, { parent: block, weights: { kernel: [4, 4] } });
  }
  return read(b.build());
}

test('which of several equal layers has moved is not guessed', () => {
  const several = modelDifference(blocks(0, 2), blocks(2, 0));
  expect([several.moved.length, several.added.length, several.removed.length]).toEqual([0, 2, 2]);
  const one = modelDifference(blocks(0, 1), blocks(1, 0));
  expect([one.moved.length, one.added.length, one.removed.length]).toEqual([1, 0, 0]);
});

test('a block that is wired otherwise has not merely moved', () => {
  const build = (isFirst: boolean, skips: boolean) => {
    const b = new Builder('order');
    const block = () => {
      const around = b.add('Block', 'block');
      const x = b.add('Dense', 'x', { parent: around, weights: { kernel: [4, 4] } });
      const y = b.add('Dense', 'y', { parent: around, from: [x], weights: { kernel: [4, 4] } });
      b.add('Add', 'sum', { parent: around, from: skips ? [x, y] : [y, y] });
    };
    if (isFirst) block();
    b.add('Dense', 'first', { weights: { kernel: [4, 3] } });
    b.add('Dense', 'second', { weights: { kernel: [3, 4] } });
    if (!isFirst) block();
    return read(b.build());
  };
  expect(modelDifference(build(false, true), build(true, true)).moved.length).toBe(1);
  const model = build(false, true);
  const other = modelDifference(model, build(true, false));
  expect(
    names(
      model,
      other.moved.map(({ own }) => own),
    ),
  ).not.toContain('block');
  expect(names(model, other.added)).toContain('block');
});

test('10,000 layers are compared', () => {
  const model = read(chain(10_000, 3));
  expect(isNone(modelDifference(renamed(model), model))).toBe(true);
  expect(isNone(modelDifference(model, read(chain(9_000, 3))))).toBe(false);
});
