import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type Boxes, fold, overview } from '../../math/folding';
import type { Point } from '../../math/layout';
import { type Model, readModel } from '../../math/tree';
import { Builder, type Built } from './fixtures/build';
import { chain, digits, resnet50, siamese, subclassed, transformer, twoTowers, unet } from './fixtures/models';
import { neighbour } from './moves';
import { type Direction, draw, type Picture } from './picture';

// A machine under load is no failure.
vi.setConfig({ testTimeout: 60_000 });

function read({ structure, parameters }: Built): { model: Model; boxes: Boxes } {
  const model = readModel(structure, parameters);
  return { model, boxes: fold(model) };
}

const MODELS = { digits, resnet50, siamese, subclassed, transformer, twoTowers, unet, chain: () => chain(300, 5) };

/** A model of the list, some of its boxes open, some copies turned. */
const directions = fc.constantFrom<Direction>('down', 'right');
const cases = fc
  .tuple(fc.constantFrom(...Object.values(MODELS)), fc.infiniteStream(fc.nat(2)), directions)
  .map(([make, stream, direction]) => {
    const { model, boxes } = read(make());
    const open = new Set(boxes.list.filter((box) => box.children.length > 0 && stream.next().value !== 0).map((box) => box.id));
    const copies = new Map(boxes.list.filter((box) => box.kind === 'repeat').map((box) => [box.id, stream.next().value ?? 0]));
    return { model, boxes, picture: draw(model, boxes, open, copies, direction) };
  });

/** The visible box that stands for a layer, or the open ones around it. */
function standing(boxes: Boxes, picture: Picture, layer: number): number[] {
  const visible = new Set(picture.placed.map((placed) => placed.box.id));
  const around: number[] = [];
  for (let id = boxes.of[layer] ?? -1; id >= 0; id = boxes.list[id]?.parent ?? -1) if (visible.has(id)) around.push(id);
  return around;
}

test('boxes lie inside the box around them, apart from their neighbours', () => {
  fc.assert(
    fc.property(cases, ({ picture }) => {
      const byId = new Map(picture.placed.map((placed) => [placed.box.id, placed]));
      picture.placed.forEach((a, i) => {
        const frame = byId.get(a.scope) ?? { x: 0, y: 0, width: picture.width, height: picture.height };
        expect(a.x).toBeGreaterThanOrEqual(frame.x - 1e-6);
        expect(a.y).toBeGreaterThanOrEqual(frame.y - 1e-6);
        expect(a.x + a.width).toBeLessThanOrEqual(frame.x + frame.width + 1e-6);
        expect(a.y + a.height).toBeLessThanOrEqual(frame.y + frame.height + 1e-6);
        for (const b of picture.placed.slice(i + 1)) {
          if (b.scope !== a.scope) continue;
          expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
        }
      });
    }),
    { numRuns: 60 },
  );
});

test('every edge of the model is on the page, between the two boxes that stand for its ends', () => {
  fc.assert(
    fc.property(cases, ({ model, boxes, picture }) => {
      const visible = new Map(picture.placed.map((placed) => [placed.box.id, placed]));
      const pairs = new Set(picture.pairs.map((pair) => pair.join()));
      for (const edge of model.edges) {
        const [from] = standing(boxes, picture, edge.from);
        const [to] = standing(boxes, picture, edge.to);
        if (from === undefined || to === undefined) throw new Error('a layer has no box');
        if (from === to) continue;
        // What the port of a model within the model hands on comes from outside: the pair that feeds the model.
        if (boxes.list[boxes.of[edge.from] ?? -1]?.isPort === true) continue;
        // An edge of an open model inside goes on to its own input, or comes from its own last layer.
        const inside = (id: number) => picture.placed.filter(({ box, scope }) => box.id === id || scope === id).map(({ box }) => box.id);
        const ends = [from, ...(visible.get(from)?.open === true ? inside(from) : [])].flatMap((a) =>
          [to, ...(visible.get(to)?.open === true ? inside(to) : [])].map((b) => [a, b].join()),
        );
        expect(ends.some((pair) => pairs.has(pair))).toBe(true);
      }
      for (const [from, to] of picture.pairs) expect(leads(picture, from, to)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

/** Whether pieces of wire lead from one box to the other, each beginning where one before ends. */
function leads(picture: Picture, from: number, to: number): boolean {
  const own = picture.wires.filter((wire) => wire.source === from);
  const isDown = picture.direction === 'down';
  const along = ({ x, y }: Point) => (isDown ? y : x);
  const across = ({ x, y }: Point) => (isDown ? x : y);
  // Pieces meet at borders: at one place of them, and no more than a frame's title apart.
  const start = own.filter((wire) => {
    const box = picture.placed.find((placed) => placed.box.id === from);
    const [first] = wire.points;
    if (box === undefined || first === undefined) return false;
    const size = isDown ? box.width : box.height;
    return across(first) >= across(box) && across(first) <= across(box) + size;
  });
  const seen = new Set(start);
  const queue = [...start];
  for (let wire = queue.pop(); wire !== undefined; wire = queue.pop()) {
    const end = wire.points.at(-1);
    if (wire.target === to || (end !== undefined && touches(picture, to, end))) return true;
    for (const next of own) {
      const [first] = next.points;
      if (seen.has(next) || first === undefined || end === undefined) continue;
      const apart = along(first) - along(end);
      if (Math.abs(across(first) - across(end)) > 1e-6 || apart < -1e-6 || apart > 60) continue;
      seen.add(next);
      queue.push(next);
    }
  }
  return false;
}

/** Whether an edge ends at the far border of a box that it comes from inside of. */
function touches(picture: Picture, id: number, end: Point): boolean {
  const box = picture.placed.find((placed) => placed.box.id === id);
  if (box?.open !== true) return false;
  return Math.abs(picture.direction === 'down' ? box.y + box.height - end.y : box.x + box.width - end.x) < 1e-6;
}

test('all wires of a model without cycles go one way', () => {
  fc.assert(
    fc.property(cases, ({ picture }) => {
      for (const wire of picture.wires) {
        expect(wire.turned).toBe(false);
        wire.points.forEach((point, k) => {
          const axis = picture.direction === 'down' ? 'y' : 'x';
          expect(point[axis]).toBeGreaterThanOrEqual((wire.points[k - 1]?.[axis] ?? -Infinity) - 1e-6);
        });
      }
    }),
    { numRuns: 40 },
  );
});

test('a model within the model has no box for its input: what feeds the model feeds its layers', () => {
  const { model, boxes } = read(siamese());
  const encoder = boxes.list.find((box) => box.key === 'encoder');
  const picture = draw(model, boxes, new Set([encoder?.id ?? -1]), new Map());
  const key = (id: number) => boxes.list[id]?.key;
  expect(picture.placed.map(({ box }) => box.key)).not.toContain('encoder/input');
  expect(picture.pairs.map((pair) => pair.map(key))).toEqual([
    ['left', 'encoder/dense'],
    ['encoder/dense', 'encoder/dense_1'],
    ['right', 'encoder#2'],
    ['encoder/dense_1', 'subtract'],
    ['encoder#2', 'subtract'],
    ['subtract', 'absolute'],
    ['absolute', 'score'],
  ]);
  // A model that nothing feeds keeps its input.
  const alone = read(subclassed());
  expect(alone.boxes.list.some((box) => box.isPort)).toBe(false);
});

test('inputs and outputs stand in the order in which the model tells them', () => {
  const b = new Builder('two ends');
  const [second, first] = [b.add('InputLayer', 'second'), b.add('InputLayer', 'first')];
  const join = b.add('Concatenate', 'join', { from: [first, second] });
  const [z, a] = [b.add('Dense', 'z', { from: [join] }), b.add('Dense', 'a', { from: [join] })];
  const { structure, parameters } = b.build();
  const { model, boxes } = read({ structure: { ...structure, inputs: { first, second }, outputs: { a, z } }, parameters });
  const { placed } = draw(model, boxes, new Set(), new Map());
  const x = (key: string) => placed.find(({ box }) => box.key === key)?.x ?? Number.NaN;
  expect(x('first')).toBeLessThan(x('second'));
  expect(x('a')).toBeLessThan(x('z'));
});

test('the digits model is one straight column', () => {
  const { model, boxes } = read(digits());
  const picture = draw(model, boxes, overview(model, boxes), new Map());
  expect(new Set(picture.placed.map((placed) => placed.x))).toEqual(new Set([0]));
  expect(picture.pairs).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
});

test('opening a box keeps the order of the others', () => {
  for (const make of [resnet50, unet, twoTowers]) {
    for (const direction of ['down', 'right'] as const) {
      const { model, boxes } = read(make());
      const closed = draw(model, boxes, new Set(), new Map(), direction);
      for (const id of boxes.top) {
        const opened = draw(model, boxes, new Set([id]), new Map(), direction);
        const order = (picture: Picture) =>
          picture.placed
            .filter((placed) => placed.scope === -1)
            .sort((a, b) => (direction === 'down' ? a.y - b.y || a.x - b.x : a.x - b.x || a.y - b.y))
            .map((placed) => placed.box.id);
        expect(order(opened)).toEqual(order(closed));
      }
    }
  }
});

test('to the right a chain is one straight row, and arrow keys follow it', () => {
  const { model, boxes } = read(digits());
  const { placed, width, height } = draw(model, boxes, overview(model, boxes), new Map(), 'right');
  expect(new Set(placed.map(({ y }) => y))).toEqual(new Set([0]));
  expect(width).toBeGreaterThan(height);
  const [first, second] = placed;
  if (first === undefined || second === undefined) throw new Error('no boxes');
  expect(neighbour(placed, first, 'right', 'right')).toBe(second);
  expect(neighbour(placed, second, 'left', 'right')).toBe(first);
  expect(neighbour(placed, first, 'down', 'right')).toBeUndefined();
});

test('a mask is told from data, and the shape of what forks stands at an end where no edge runs through it', () => {
  const b = new Builder('masked');
  const tokens = b.add('InputLayer', 'tokens', { outputs: [[-1, 7]] });
  const mask = b.add('NotEqual', 'not_equal', { from: [tokens], outputs: [[-1, 7]], operation: true });
  let x = b.add('Embedding', 'embedding', { from: [tokens], outputs: [[-1, 7, 6]] });
  for (const name of ['a', 'b', 'c']) x = b.add('LSTM', name, { from: [x, mask], outputs: [[-1, 7, 4]] });
  const { model, boxes } = read(b.build());
  const { wires, labels } = draw(model, boxes, new Set(), new Map());
  expect(wires.filter((wire) => wire.isMask).map(({ source, target }) => [source, target])).toEqual([
    [1, 3],
    [1, 4],
    [1, 5],
  ]);
  expect(labels.map(({ box }) => box)).not.toContain(1);
  const [fork] = labels.filter(({ box }) => box === 0);
  const rightmost = Math.max(...wires.filter(({ source }) => source === 0).map(({ points }) => points.at(-1)?.x ?? 0));
  expect(fork?.x).toBeGreaterThan(rightmost);
});

test('outputs with names of their own, and those that nothing takes, are stubs within the picture', () => {
  const b = new Builder('ends');
  const x = b.add('InputLayer', 'x');
  const cell = b.add('LSTM', 'lstm', {
    from: [x],
    outputs: [
      [-1, 4],
      [-1, 4],
      [-1, 4],
    ],
  });
  const [plain, named] = [b.add('Dense', 'plain', { from: [cell] }), b.add('Dense', 'dense_1', { from: [cell] })];
  const { structure, parameters } = b.build();
  const { model, boxes } = read({ structure: { ...structure, outputs: { plain, price: named, 0: plain } }, parameters });
  for (const direction of ['down', 'right'] as const) {
    const picture = draw(model, boxes, new Set(), new Map(), direction);
    expect(picture.stubs.map(({ box, name, isUnused }) => [boxes.list[box]?.name, name, isUnused])).toEqual([
      ['lstm', '2 unused', true],
      ['dense_1', 'price', false],
    ]);
    for (const stub of picture.stubs) {
      expect(stub.x).toBeLessThan(picture.width);
      expect(stub.y).toBeLessThan(picture.height);
    }
  }
  // What PyTorch makes together goes on in one edge.
  const torch = read({ structure: { ...structure, source: 'torch' }, parameters });
  expect(draw(torch.model, torch.boxes, new Set(), new Map()).stubs).toEqual([]);
});

test('an edge that closes a cycle is drawn once, turned', () => {
  const b = new Builder('loop');
  const first = b.add('Dense', 'a');
  const second = b.add('Dense', 'b', { from: [first] });
  b.edge(second, first);
  const { model, boxes } = read(b.build());
  const picture = draw(model, boxes, new Set(), new Map());
  expect(picture.wires.map((wire) => wire.turned)).toEqual([false, true]);
});

test('layers without edges stand one under the other', () => {
  const { model, boxes } = read(subclassed());
  const picture = draw(model, boxes, new Set([0]), new Map());
  expect(picture.wires).toEqual([]);
  expect(new Set(picture.placed.filter((placed) => placed.scope === 0).map((placed) => placed.x)).size).toBe(1);
});

test('a model of no layer has an empty picture', () => {
  const { model, boxes } = read(new Builder('empty').build());
  expect(draw(model, boxes, new Set(), new Map())).toMatchObject({ width: 0, height: 0, placed: [], wires: [] });
});
