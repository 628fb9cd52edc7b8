/** A model as nested boxes: given nesting, scopes from names, repeats folded, long levels cut, so that every scope can be seen. */

import { isFree, onlyHolds } from './free_classes';
import { type Intern, type Item, interner, type Level, makeLevel } from './levels';
import { groupByName, isAutomatic, isNumber } from './names';
import { rangeName, wiring } from './repeats';
import { shorten } from './sections';
import { type Count, type Layer, type Model, NONE, plus } from './tree';

/** Most boxes that a model is shown with before anybody opens one. */
export const MOST_BOXES = 40;

/** Most boxes of a model that is not shown whole. */
const AT_A_GLANCE = 20;

/** A group of up to this many layers, such as convolution, normalisation and activation, is one thing. */
const UNIT = 4;

/** Up to this many layers a model is shown as it is. */
const SMALL = 12;

export interface Box {
  /** Its place in `Boxes.list`, parents before children. */
  readonly id: number;
  /** Names it in any drawing of the same model: the layer's path, or for a group what its first layer's path makes unique. */
  readonly key: string;
  readonly kind: Item['kind'];
  readonly name: string;
  /** The layer it stands for; −1 for a group. */
  readonly layer: number;
  /** Id of the box around it, −1 at the top. */
  readonly parent: number;
  /** Producers first. The copies, for a repeat. */
  readonly children: readonly number[];
  readonly depth: number;
  /** The input of a model within a model: never drawn, edges go through it. */
  readonly isPort: boolean;
  /** Layers inside that hold no others, ports left out. */
  readonly leaves: number;
  /** Parameters inside, each once. */
  readonly count: Count;
  /** Multiply-adds counted inside, for one example. */
  readonly macs: number;
  /** Whether everything inside was counted, or is known to cost nothing. */
  readonly macsWhole: boolean;
  /** The copies differ in configuration or shapes. */
  readonly similar: boolean;
}

export interface Boxes {
  readonly list: readonly Box[];
  readonly top: readonly number[];
  /** [layer] The box of each layer. */
  readonly of: Int32Array;
}

/** Folds a model. 10 000 layers take less than half a second. */
export function fold(model: Model): Boxes {
  const intern = interner();
  const fed = edgesByScope(model);
  const ports = portsOf(model);
  const leaves = model.layers.filter((layer) => layer.children.length === 0).length;
  const made: Item[] = [];
  const arrange = (children: readonly number[], edges: readonly Pair[]): Level => {
    const level = makeLevel(
      children.flatMap((child) => made[child] ?? []),
      edges,
    );
    if (leaves <= SMALL) return level;
    const finish = (inside: Level) => shorten(inside, intern, leaves <= MOST_BOXES);
    return finish(groupByName(level, intern, finish));
  };
  // Children have higher indices than their parents.
  for (let index = model.layers.length - 1; index >= 0; index--) {
    const layer = model.layers[index];
    if (layer === undefined) continue;
    const at = new Map(layer.children.filter((child) => !ports.has(child)).map((child, place) => [child, place]));
    const edges = (fed[index + 1] ?? []).flatMap(([from, to]): Pair[] => {
      const [a, b] = [at.get(layer.children[from] ?? -1), at.get(layer.children[to] ?? -1)];
      return a === undefined || b === undefined ? [] : [[a, b]];
    });
    const inside = arrange([...at.keys()], edges);
    const item = layerItem(model, layer, inside, intern);
    const held = layer.children.flatMap((child) => (ports.has(child) ? (made[child] ?? []) : []));
    made[index] = { ...item, isPort: ports.has(index), children: [...held, ...item.children] };
  }
  const tops = model.layers.flatMap((layer) => (layer.parent < 0 ? [layer.index] : []));
  return flatten(model, arrange(tops, fed[0] ?? []).items);
}

type Pair = readonly [number, number];

/** The only input of each model within a model that something outside feeds: what enters the model is what it hands on. */
function portsOf(model: Model): ReadonlySet<number> {
  const fed = new Set(model.edges.map((edge) => edge.to));
  const ports = new Set<number>();
  for (const layer of model.layers) {
    const inputs = layer.children.filter((child) => model.layers[child]?.class === 'InputLayer');
    const [only] = inputs;
    if (only !== undefined && inputs.length === 1 && layer.children.length > 1 && layer.edgesKnown && fed.has(layer.index)) ports.add(only);
  }
  return ports;
}

/** Edges at the scope where they run, as places among its children: the top's first, then each layer's. */
function edgesByScope(model: Model): Pair[][] {
  const place = new Int32Array(model.layers.length);
  const depth = new Int32Array(model.layers.length);
  let tops = 0;
  for (const layer of model.layers) {
    depth[layer.index] = layer.parent < 0 ? 0 : (depth[layer.parent] ?? 0) + 1;
    if (layer.parent < 0) place[layer.index] = tops++;
    layer.children.forEach((child, at) => {
      place[child] = at;
    });
  }
  const parent = (index: number) => model.layers[index]?.parent ?? -1;
  const scopes: Pair[][] = Array.from({ length: model.layers.length + 1 }, () => []);
  for (const edge of model.edges) {
    let { from, to } = edge;
    while ((depth[from] ?? 0) > (depth[to] ?? 0)) from = parent(from);
    while ((depth[to] ?? 0) > (depth[from] ?? 0)) to = parent(to);
    while (parent(from) !== parent(to)) {
      from = parent(from);
      to = parent(to);
    }
    if (from !== to) scopes[parent(from) + 1]?.push([place[from] ?? 0, place[to] ?? 0]);
  }
  return scopes;
}

function layerItem(model: Model, layer: Layer, inside: Level, intern: Intern): Item {
  const shapes = layer.weights.map((weight) => model.weights[weight]?.shape.join('×')).join();
  const wires = wiring(inside, 0, inside.items.length);
  const about = `${layer.class}|${layer.calls > 1 ? 'shared' : ''}|${layer.edgesKnown ? '' : 'unknown'}|${wires}`;
  const config = JSON.stringify(layer.config, (key, value) => (key === 'name' || key === 'seed' ? undefined : value));
  const of = layer.outputs[0]?.shape ?? [];
  return {
    kind: 'layer',
    // A number says nothing without the class.
    name: isNumber(layer.name) ? `${layer.class} ${layer.name}` : layer.name,
    layer: layer.index,
    children: inside.items,
    signature: intern(`${about}|${config}|${shapes}|${inside.items.map((item) => item.signature).join()}`),
    likeness: intern(`~${about}|${inside.items.map((item) => item.likeness).join()}`),
    isPort: false,
    leaves: inside.items.reduce((sum, item) => sum + item.leaves, 0) || 1,
    anonymous: isAutomatic(layer.name, layer.class),
    weighted: layer.weights.length > 0 || inside.items.some((item) => item.weighted),
    similar: false,
    out: of.slice(0, -1).join('×'),
  };
}

interface Draft {
  readonly item: Item;
  readonly parent: number;
  readonly depth: number;
  readonly key: string;
  readonly children: number[];
}

function flatten(model: Model, top: readonly Item[]): Boxes {
  const drafts: Draft[] = [];
  const of = new Int32Array(model.layers.length).fill(-1);
  const keys = new Map<string, number>();
  const stack = top.map((item) => ({ item, parent: -1, depth: 0 })).reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { item, parent, depth } = next;
    const id = drafts.length;
    const key = keyOf(model, item, keys);
    drafts.push({ item, parent, depth, key, children: [] });
    drafts[parent]?.children.push(id);
    if (item.layer >= 0) of[item.layer] = id;
    for (let k = item.children.length - 1; k >= 0; k--) {
      const child = item.children[k];
      if (child !== undefined) stack.push({ item: child, parent: id, depth: depth + 1 });
    }
  }
  const counts = countByBox(model, drafts, of);
  const macs = new Float64Array(drafts.length);
  const whole = new Uint8Array(drafts.length).fill(1);
  for (let id = drafts.length - 1; id >= 0; id--) {
    const draft = drafts[id];
    if (draft === undefined) continue;
    const layer = model.layers[draft.item.layer];
    if (layer?.macs !== undefined) {
      // A layer that knows its cost, such as attention, knows more than the sum of its parts.
      macs[id] = layer.macs;
      whole[id] = 1;
    } else if (layer !== undefined && !isCounted(layer)) whole[id] = 0;
    if (draft.parent < 0 || model.layers[drafts[draft.parent]?.item.layer ?? -1]?.macs !== undefined) continue;
    macs[draft.parent] = (macs[draft.parent] ?? 0) + (macs[id] ?? 0);
    whole[draft.parent] = Math.min(whole[draft.parent] ?? 1, whole[id] ?? 1);
  }
  const names = distinctNames(drafts);
  const list = drafts.map(
    ({ item, parent, depth, key, children }, id): Box => ({
      id,
      key,
      kind: item.kind,
      name: names[id] ?? item.name,
      layer: item.layer,
      parent,
      children,
      depth,
      isPort: item.isPort,
      leaves: item.leaves,
      count: counts[id] ?? NONE,
      macs: macs[id] ?? 0,
      macsWhole: whole[id] === 1,
      similar: item.similar,
    }),
  );
  return { list, top: list.filter((box) => box.parent < 0).map((box) => box.id), of };
}

/** Whether a layer without a count of its own costs no more than its parts, or nothing. What one computes whose wiring was not told nobody knows. */
function isCounted(layer: Layer): boolean {
  return layer.children.length === 0 ? isFree(layer) : layer.edgesKnown || onlyHolds(layer);
}

/** Parameters inside each box. Each array is added once to every box around any call of its layers, or of a layer around those. */
function countByBox(model: Model, drafts: readonly Draft[], of: Int32Array): Count[] {
  const counts: Count[] = drafts.map(() => NONE);
  const seen = new Int32Array(drafts.length).fill(-1);
  const users = new Map<number, number[]>();
  for (const weight of model.weights) {
    const nodes = users.get(weight.array) ?? [];
    nodes.push(...weight.nodes);
    users.set(weight.array, nodes);
  }
  const calls = new Map<string, number[]>();
  for (const layer of model.layers) {
    if (layer.calls > 1) calls.set(layer.layer, [...(calls.get(layer.layer) ?? []), layer.index]);
  }
  for (const [array, nodes] of users) {
    const weight = model.weights[array];
    if (weight === undefined) continue;
    const queue = [...nodes];
    for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
      for (let id = of[node] ?? -1; id >= 0 && seen[id] !== array; id = drafts[id]?.parent ?? -1) {
        seen[id] = array;
        counts[id] = plus(counts[id] ?? NONE, weight);
        queue.push(...(calls.get(model.layers[drafts[id]?.item.layer ?? -1]?.layer ?? '') ?? []));
      }
    }
  }
  return counts;
}

function keyOf(model: Model, item: Item, keys: Map<string, number>): string {
  const layer = model.layers[item.layer];
  if (layer !== undefined) return layer.path;
  let first = item;
  while (first.layer < 0 && first.children[0] !== undefined) first = first.children[0];
  const key = `${item.kind}:${model.layers[first.layer]?.path ?? ''}`;
  const times = keys.get(key) ?? 0;
  keys.set(key, times + 1);
  return times === 0 ? key : `${key}:${times}`;
}

/** Names of boxes in their scopes. Groups side by side whose names are the same are told apart by their first layers with a name or parameters. */
function distinctNames(drafts: readonly Draft[]): string[] {
  const names = drafts.map(({ item, parent }) => nameIn(drafts[parent]?.item, item));
  const scopes = [drafts.flatMap(({ parent }, id) => (parent < 0 ? [id] : [])), ...drafts.map(({ children }) => children)];
  for (const ids of scopes) {
    const equal = new Map<string, number[]>();
    for (const id of ids) {
      if ((drafts[id]?.item.layer ?? 0) >= 0 || drafts[drafts[id]?.parent ?? -1]?.item.kind === 'repeat') continue;
      equal.set(names[id] ?? '', [...(equal.get(names[id] ?? '') ?? []), id]);
    }
    for (const [name, same] of equal) {
      if (same.length < 2) continue;
      for (const id of same) names[id] = toldBy(drafts[id]?.item) || name;
    }
  }
  // A section that ends where the one around it ends is not named after its end once more.
  drafts.forEach(({ item, parent }, id) => {
    if (item.kind === 'section' && names[id] === names[parent]) names[id] = toldBy(item);
  });
  return names;
}

/** A group by what is first in it, of a repeat by what is first in its first and last copy: `conv2d_5 …`, `conv2d_5 – 12`. */
function toldBy(item: Item | undefined): string {
  if (item === undefined) return '';
  if (item.kind !== 'repeat') return `${firstWeighted(item).name} …`;
  const ends = [item.children[0], item.children.at(-1)].flatMap((copy) => (copy === undefined ? [] : [firstWeighted(copy).name]));
  return rangeName(ends) || `${ends[0] ?? ''} …`;
}

function firstWeighted(item: Item): Item {
  let at = item;
  while (at.layer < 0) {
    const next = at.children.find((child) => child.weighted) ?? at.children[0];
    if (next === undefined) break;
    at = next;
  }
  return at;
}

/** Inside the scope `conv2`, the scope `conv2_block1` is `block1`. A layer keeps its name: it is what people search for. */
function nameIn(parent: Item | undefined, item: Item): string {
  if (item.layer >= 0 || parent === undefined || parent.kind !== 'scope' || !item.name.startsWith(parent.name)) return item.name;
  const rest = item.name.slice(parent.name.length).replace(/^[_./\-\s]+/, '');
  return /\p{L}/u.test(rest) ? rest : item.name;
}

/** What is drawn inside an open box: its children, or, for a repeat, what is in the copy shown. */
export function content(boxes: Boxes, box: Box, copy: number): readonly number[] {
  if (box.kind !== 'repeat') return box.children.filter((child) => boxes.list[child]?.isPort === false);
  const shown = boxes.list[box.children[Math.min(copy, box.children.length - 1)] ?? -1];
  if (shown === undefined) return [];
  return shown.children.length > 0 && shown.kind !== 'repeat' ? content(boxes, shown, 0) : [shown.id];
}

/**
 * The boxes to open at first: the largest again and again, those of one size together, while there are few enough.
 * A model of up to 40 layers is shown whole; a larger one in fewer boxes, so that it is seen at a glance. Repeats stay folded,
 * but for one that is most of the model: a picture of one closed box says nothing.
 */
export function overview(model: Model, boxes: Boxes): ReadonlySet<number> {
  const leaves = model.layers.filter((layer) => layer.children.length === 0).length;
  const most = leaves <= MOST_BOXES ? MOST_BOXES : AT_A_GLANCE;
  const open = new Set<number>();
  let total = boxes.top.length;
  const inside = (id: number) => {
    const box = boxes.list[id];
    return box === undefined ? [] : content(boxes, box, 0);
  };
  const openFrom = (from: readonly number[]) => {
    let closed = from.filter((id) => opens(model, boxes, id));
    while (closed.length > 0) {
      const largest = closed.reduce((size, id) => Math.max(size, boxes.list[id]?.leaves ?? 0), 0);
      const next = closed.filter((id) => boxes.list[id]?.leaves === largest);
      closed = closed.filter((id) => boxes.list[id]?.leaves !== largest);
      const children = next.flatMap(inside);
      if (total - next.length + children.length > most) continue;
      total += children.length - next.length;
      for (const id of next) open.add(id);
      closed.push(...children.filter((child) => opens(model, boxes, child)));
    }
  };
  openFrom(boxes.top);
  // What is most of the model is opened, whatever it is, until something is seen of it.
  for (let scope: readonly number[] = boxes.top; ; ) {
    const all = scope.reduce((sum, id) => sum + (boxes.list[id]?.leaves ?? 0), 0);
    const id = scope.find((each) => (boxes.list[each]?.leaves ?? 0) > MOST_OF_IT * all);
    const children = id === undefined ? [] : inside(id);
    if (id === undefined || children.length === 0 || (boxes.list[id]?.leaves ?? 0) <= UNIT) break;
    if (!open.has(id)) {
      if (total >= ENOUGH || (children.length < 2 && boxes.list[id]?.kind === 'repeat') || total - 1 + children.length > most) break;
      open.add(id);
      total += children.length - 1;
      openFrom(children);
    }
    scope = children;
  }
  return open;
}

/** A box with more than this share of the layers around is most of the model. */
const MOST_OF_IT = 0.6;

/** So many boxes tell enough of a model. */
const ENOUGH = 6;

/** Whether a box is opened without being asked: not a repeat, nor a few layers in a row, nor the inside of a layer that has no wiring. */
function opens(model: Model, boxes: Boxes, id: number): boolean {
  const box = boxes.list[id];
  if (box === undefined || box.children.length === 0 || box.kind === 'repeat') return false;
  if (box.layer < 0 && box.leaves <= UNIT) return false;
  const layer = model.layers[box.layer];
  if (layer === undefined) return true;
  // A frame around one box among others tells less than its card; and what a layer owns beside its part would seem to be nowhere.
  const beside = (boxes.list[box.parent]?.children ?? boxes.top).length > 1;
  if (content(boxes, box, 0).length === 1 && (beside || layer.weights.length > 0)) return false;
  if (layer.edgesKnown) return true;
  const around = model.layers[layer.parent];
  return around === undefined ? boxes.top.length === 1 : !around.edgesKnown;
}
