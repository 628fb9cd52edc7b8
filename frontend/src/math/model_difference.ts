/**
 * What two models differ in, whatever their layers are called: a framework numbers its layers anew in each process. Layers are
 * aligned by what they are, in the order in which values go through them, scope by scope; names decide only between equals.
 */
import type { Json } from '../schema.gen';
import { commonSubsequence } from './common_subsequence';
import { isAutomatic } from './names';
import { exampleShape, shape } from './shapes';
import type { Edge, Layer, Model, Weight } from './tree';

export interface Pair {
  /** Index of a layer. */
  readonly own: number;
  /** Index of its counterpart in the reference. */
  readonly other: number;
}

export interface Changed extends Pair {
  readonly changes: readonly Change[];
}

/** A setting of a layer; undefined is the default of its class, or where there is none. */
export interface Change {
  readonly name: string;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

export interface ModelDifference {
  /** [layer] Index of its counterpart in the reference; −1 where it has none. */
  readonly counterpart: Int32Array;
  /** Layers of the model alone, in its order; those inside of one that is listed are not. */
  readonly added: readonly number[];
  /** Layers of the reference alone, the same. */
  readonly removed: readonly number[];
  /** Layers that are there twice and differ. */
  readonly changed: readonly Changed[];
  /** Layers that are the same at another place. */
  readonly moved: readonly Pair[];
}

/** Settings that say nothing about what a layer computes. */
const ASIDE: ReadonlySet<string> = new Set(['name', 'seed']);

/** Compares a model with a reference. */
export function modelDifference(model: Model, reference: Model): ModelDifference {
  const numbers = new Map<string, number>();
  const own = described(model, numbers, -1);
  const other = described(reference, numbers, -2);
  const counterpart = new Int32Array(model.layers.length).fill(-1);
  const taken = new Int32Array(reference.layers.length).fill(-1);
  const pair = (x: number, y: number) => {
    counterpart[x] = y;
    taken[y] = x;
  };
  const queue: (readonly [readonly number[], readonly number[]])[] = [[tops(model), tops(reference)]];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const [x, y] of aligned(...next, own, other)) {
      pair(x, y);
      queue.push([model.layers[x]?.children ?? [], reference.layers[y]?.children ?? []]);
    }
  }
  const from = feeders(reference, taken, (layer) => layer);
  const to = feeders(model, counterpart, (layer) => counterpart[layer] ?? -1);
  const rewired = new Map(
    model.layers.flatMap(({ index }): (readonly [number, Change])[] => {
      const before = from(counterpart[index] ?? -1);
      const after = to(index);
      const isSame = before.isDirect && after.isDirect ? sameList(before.of, after.of) : sameList(sorted(before.of), sorted(after.of));
      if ((counterpart[index] ?? -1) < 0 || isSame) return [];
      // In the model's own words, on both sides.
      const names = (of: readonly number[]) => of.map((layer) => model.layers[taken[layer] ?? -1]?.name ?? '').join(', ');
      return [[index, { name: 'inputs', from: names(before.of), to: names(after.of) }]];
    }),
  );
  const moved: Pair[] = [];
  const ways = [
    { here: leftBy(own.wholeNamed, own.isNamed, counterpart), there: leftBy(other.wholeNamed, other.isNamed, taken), by: own.wholeNamed },
    { here: leftBy(own.whole, own.isWeighted, counterpart), there: leftBy(other.whole, other.isWeighted, taken), by: own.whole },
  ];
  // Parents come before children: what is inside of one that moved has moved with it.
  for (const { index } of model.layers) {
    for (const { here, there, by } of ways) {
      const alike = (here.get(by[index] ?? -1) ?? []).filter((layer) => counterpart[layer] === -1);
      const [y, ...others] = (there.get(by[index] ?? -1) ?? []).filter((layer) => taken[layer] === -1);
      if (counterpart[index] !== -1 || y === undefined || alike.length !== 1 || others.length > 0) continue;
      moved.push({ own: index, other: y });
      const inside: [number, number][] = [[index, y]];
      for (let next = inside.pop(); next !== undefined; next = inside.pop()) {
        pair(...next);
        const children = reference.layers[next[1]]?.children ?? [];
        inside.push(...(model.layers[next[0]]?.children ?? []).map((child, place): [number, number] => [child, children[place] ?? -1]));
      }
    }
  }
  return {
    counterpart,
    added: outermost(model, counterpart),
    removed: outermost(reference, taken),
    moved,
    changed: model.layers.flatMap((layer) => {
      const counter = reference.layers[counterpart[layer.index] ?? -1];
      if (counter === undefined) return [];
      const inputs = rewired.get(layer.index);
      const changes = [...changesOf(model, layer, reference, counter), ...(inputs === undefined ? [] : [inputs])];
      return changes.length === 0 ? [] : [{ own: layer.index, other: counter.index, changes }];
    }),
  };
}

function tops(model: Model): number[] {
  return model.layers.flatMap((layer) => (layer.parent < 0 ? [layer.index] : []));
}

/** What each layer is, as numbers [layer]: equal for what is equal in both models. */
interface Described {
  /** Class, settings, parameters, and all that is inside. */
  readonly whole: Int32Array;
  /** The same, and the name, where people gave it. */
  readonly wholeNamed: Int32Array;
  /** Class and name, where people gave it. */
  readonly classNamed: Int32Array;
  /** Class and shapes of parameters. */
  readonly sized: Int32Array;
  readonly class: Int32Array;
  /** Whether it holds others. */
  readonly holder: Int32Array;
  /** Whether people gave its name. */
  readonly isNamed: Uint8Array;
  /** Whether it or what is inside has parameters. */
  readonly isWeighted: Uint8Array;
}

/** The rounds of the alignment: each looks only between the pairs of those before. */
const ROUNDS = ['wholeNamed', 'whole', 'classNamed', 'sized', 'class', 'holder'] as const satisfies readonly (keyof Described)[];

/**
 * Args:
 *   numbers: Those of both models.
 *   never: What equals nothing.
 */
function described(model: Model, numbers: Map<string, number>, never: number): Described {
  const numberOf = (...what: readonly unknown[]): number => {
    const text = JSON.stringify(what);
    const known = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, known);
    return known;
  };
  const size = model.layers.length;
  const make = () => new Int32Array(size);
  const found = { whole: make(), wholeNamed: make(), classNamed: make(), sized: make(), class: make(), holder: make() };
  const isNamed = new Uint8Array(size);
  const isWeighted = new Uint8Array(size);
  const inside = edgesInside(model);
  // Children have higher indices than their parents.
  for (let index = size - 1; index >= 0; index--) {
    const layer = model.layers[index];
    if (layer === undefined) continue;
    const weights = ownWeights(model, layer);
    const shapes = weights.map((weight) => weight.shape);
    const named = !isAutomatic(layer.name, layer.class);
    const whole = numberOf(
      'whole',
      layer.class,
      settled(layer.config),
      entryOf(layer),
      shapes,
      weights.map(({ dtype, role }) => [dtype, role]),
      layer.children.map((child) => found.whole[child]),
      inside[index],
    );
    found.whole[index] = whole;
    found.wholeNamed[index] = numberOf('wholeNamed', whole, named ? layer.name : '');
    found.classNamed[index] = named ? numberOf('classNamed', layer.class, layer.name) : never;
    found.sized[index] = numberOf('sized', layer.class, shapes);
    found.class[index] = numberOf('class', layer.class);
    found.holder[index] = layer.children.length > 0 ? 0 : never;
    isNamed[index] = Number(named);
    isWeighted[index] = Number(weights.length > 0 || layer.children.some((child) => isWeighted[child] === 1));
  }
  return { ...found, isNamed, isWeighted };
}

/** [layer] The edges between the layers in it, by their places there. */
function edgesInside(model: Model): readonly (readonly string[])[] {
  const place = new Int32Array(model.layers.length);
  const inside: string[][] = model.layers.map(() => []);
  for (const layer of model.layers) {
    for (const [at, child] of layer.children.entries()) place[child] = at;
  }
  for (const { from, slot, to, toSlot } of model.edges) {
    const around = model.layers[from]?.parent ?? -1;
    if (model.layers[to]?.parent === around) inside[around]?.push([place[from], slot, place[to], toSlot].join());
  }
  return inside.map((edges) => edges.sort());
}

function ownWeights(model: Model, layer: Layer): readonly Weight[] {
  return layer.weights.flatMap((index) => model.weights[index] ?? []);
}

/** What comes in has no settings, but a shape. */
function entryOf(layer: Layer): string | undefined {
  if (layer.class !== 'InputLayer' || layer.outputs.length === 0) return undefined;
  return layer.outputs.map((tensor) => exampleShape(tensor.shape)).join(', ');
}

/** Settings without those that say nothing, at any depth. */
function settled(value: Json): Json {
  if (Array.isArray(value)) return value.map(settled);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([key]) => !ASIDE.has(key));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, settled(each)]));
}

/** Pairs of the layers of two scopes, rising on both sides. */
function aligned(
  a: readonly number[],
  b: readonly number[],
  own: Described,
  other: Described,
  rounds: readonly (typeof ROUNDS)[number][] = ROUNDS,
): readonly (readonly [number, number])[] {
  const [by, ...later] = rounds;
  if (by === undefined || a.length === 0 || b.length === 0) return [];
  const tokens = (of: Described, layers: readonly number[]) => Int32Array.from(layers, (layer) => of[by][layer] ?? 0);
  const found: (readonly [number, number])[] = [];
  let [fromA, fromB] = [0, 0];
  for (const [i, j] of [...commonSubsequence(tokens(own, a), tokens(other, b)), [a.length, b.length] as const]) {
    if (i > fromA && j > fromB) found.push(...aligned(a.slice(fromA, i), b.slice(fromB, j), own, other, later));
    const [x, y] = [a[i], b[j]];
    if (x !== undefined && y !== undefined) found.push([x, y]);
    [fromA, fromB] = [i + 1, j + 1];
  }
  return found;
}

/** Layers without a counterpart, by what they are. */
function leftBy(key: Int32Array, isTold: Uint8Array, partner: Int32Array): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const [layer, own] of key.entries()) {
    if (partner[layer] !== -1 || isTold[layer] !== 1) continue;
    const list = found.get(own);
    if (list === undefined) found.set(own, [layer]);
    else list.push(layer);
  }
  return found;
}

interface Fed {
  readonly of: readonly number[];
  /** Whether all that feeds it has a counterpart: then the order is the order of its inputs. */
  readonly isDirect: boolean;
}

/** Tells the layers with counterparts that feed a layer, through those without. */
function feeders(model: Model, partner: Int32Array, called: (layer: number) => number): (layer: number) => Fed {
  const incoming: Edge[][] = model.layers.map(() => []);
  for (const edge of model.edges) incoming[edge.to]?.push(edge);
  for (const edges of incoming) edges.sort((x, y) => x.toSlot - y.toSlot);
  return (layer) => {
    const of: number[] = [];
    const seen = new Set<number>();
    let isDirect = true;
    const queue = (incoming[layer] ?? []).map(({ from }) => from).reverse();
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (partner[next] !== -1) {
        of.push(called(next));
      } else if (!seen.has(next)) {
        isDirect = false;
        seen.add(next);
        queue.push(...(incoming[next] ?? []).map(({ from }) => from).reverse());
      }
    }
    return { of, isDirect };
  };
}

/** Layers without a counterpart that stand in no other. */
function outermost(model: Model, partner: Int32Array): readonly number[] {
  return model.layers.flatMap(({ index, parent }) => (partner[index] === -1 && (parent < 0 || partner[parent] !== -1) ? [index] : []));
}

/** What differs in two layers by themselves. */
function changesOf(model: Model, layer: Layer, reference: Model, counter: Layer): readonly Change[] {
  const [after, before] = [ownWeights(model, layer), ownWeights(reference, counter)];
  const keys = new Set([...Object.keys(counter.config), ...Object.keys(layer.config)]);
  const told: readonly Change[] = [
    { name: 'class', from: counter.class, to: layer.class },
    { name: 'shape', from: entryOf(counter), to: entryOf(layer) },
    ...[...keys].filter((key) => !ASIDE.has(key)).map((name) => ({ name, from: counter.config[name], to: layer.config[name] })),
    { name: 'parameters', from: listed(before, ({ shape: of }) => shape(of)), to: listed(after, ({ shape: of }) => shape(of)) },
    { name: 'dtype', from: together(before, 'dtype'), to: together(after, 'dtype') },
    { name: 'role', from: together(before, 'role'), to: together(after, 'role') },
  ];
  return told.filter(({ from, to }) => JSON.stringify(settled(from ?? null)) !== JSON.stringify(settled(to ?? null)));
}

function listed(weights: readonly Weight[], of: (weight: Weight) => string): string | undefined {
  return weights.length === 0 ? undefined : weights.map(of).join(', ');
}

/** What parameters are, each once. */
function together(weights: readonly Weight[], key: 'dtype' | 'role'): string | undefined {
  return weights.length === 0 ? undefined : [...new Set(weights.map((weight) => weight[key]))].join(', ');
}

function sorted(list: readonly number[]): readonly number[] {
  return [...new Set(list)].sort((a, b) => a - b);
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}
