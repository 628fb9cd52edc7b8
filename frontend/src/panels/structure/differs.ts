/** In what blocks that look alike are not: among the copies of a fold, and beside it the odd one that could not be folded with them. */
import { type Box, type Boxes, content } from '../../math/folding';
import { UNDEFINED } from '../../math/format';
import type { Layer, Model } from '../../math/tree';
import type { Json } from '../../schema.gen';
import { configText, shortClass } from './words';

/** At most so many differences are told. */
const MOST = 3;

/** An odd neighbour has at least this share of a copy's layers, by class. */
const ALIKE = 0.6;

/** Short sentences, the copies' own differences first: `stride 2 in the first`, `block1 (stride 2, Conv2D more)`. */
export function differsIn(boxes: Boxes, model: Model, repeat: Box): readonly string[] {
  const copies = repeat.children.map((id) => layersOf(boxes, model, boxes.list[id]));
  const [copy = []] = copies;
  const own = repeat.similar ? amongCopies(copies) : [];
  return [...own, ...oddNeighbours(boxes, repeat).flatMap((odd) => against(boxes, model, copy, odd))].slice(0, MOST);
}

function layersOf(boxes: Boxes, model: Model, box: Box | undefined): readonly Layer[] {
  const layers: Layer[] = [];
  const stack = box === undefined ? [] : [box];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const layer = model.layers[next.layer];
    if (layer !== undefined && !next.isPort) layers.push(layer);
    for (let k = next.children.length - 1; k >= 0; k--) {
      const child = boxes.list[next.children[k] ?? -1];
      if (child !== undefined) stack.push(child);
    }
  }
  return layers;
}

/** Copies that are alike have their layers at the same places. */
function amongCopies(copies: readonly (readonly Layer[])[]): string[] {
  const found = new Set<string>();
  const [first = []] = copies;
  first.forEach((_, place) => {
    const layers = copies.map((copy) => copy[place]);
    const keys = new Set(layers.flatMap((layer) => Object.keys(layer?.config ?? {})));
    for (const key of keys) {
      if (key === 'name' || key === 'seed') continue;
      const values = layers.map((layer) => told(layer?.config[key]));
      const sentence = varied(key, values);
      if (sentence !== undefined) found.add(sentence);
    }
  });
  const shapes = copies.map((copy) => copy.map((layer) => layer.kernel?.join('×') ?? '').join());
  if (found.size === 0 && new Set(shapes).size > 1) found.add('sizes of parameters');
  return [...found];
}

/** What varies along the copies: one of them, or from the first to the last. */
function varied(key: string, values: readonly string[]): string | undefined {
  const distinct = new Set(values);
  if (distinct.size < 2) return undefined;
  const word = wordFor(key);
  const odd = [...distinct].filter((value) => values.filter((each) => each === value).length === 1);
  if (distinct.size === 2 && odd.length === 1 && values.length > 2) {
    const place = values.indexOf(odd[0] ?? '');
    const where = place === 0 ? 'the first' : place === values.length - 1 ? 'the last' : `copy ${place + 1}`;
    return odd[0] === UNDEFINED ? `no ${word} in ${where}` : `${word} ${odd[0]} in ${where}`;
  }
  return `${word} ${values[0]} … ${values.at(-1)}`;
}

/** Groups right before and after a fold that stand in the same scope. */
function oddNeighbours(boxes: Boxes, repeat: Box): readonly Box[] {
  const around = boxes.list[repeat.parent];
  const ids = around === undefined ? boxes.top : content(boxes, around, 0);
  const at = ids.indexOf(repeat.id);
  return [ids[at - 1], ids[at + 1]].flatMap((id) => {
    const box = boxes.list[id ?? -1];
    return at < 0 || box === undefined || box.kind === 'repeat' || box.children.length === 0 ? [] : [box];
  });
}

function against(boxes: Boxes, model: Model, copy: readonly Layer[], odd: Box): readonly string[] {
  const layers = layersOf(boxes, model, odd);
  const counts = new Map<string, number>();
  for (const layer of layers) counts.set(shortClass(layer), (counts.get(shortClass(layer)) ?? 0) + 1);
  let shared = 0;
  for (const layer of copy) {
    const left = counts.get(shortClass(layer)) ?? 0;
    if (left > 0) shared++;
    counts.set(shortClass(layer), left - 1);
  }
  if (copy.length === 0 || shared < ALIKE * Math.max(copy.length, layers.length)) return [];
  const more = [...counts].filter(([, n]) => n > 0).map(([name]) => name);
  const fewer = [...counts].filter(([, n]) => n < 0).map(([name]) => name);
  const parts = [
    ...settings(layers, copy),
    ...(more.length > 0 ? [`${more.join(' and ')} more`] : []),
    ...(fewer.length > 0 ? [`no ${fewer.join(' and ')}`] : []),
  ];
  return parts.length === 0 ? [] : [`${odd.name} (${parts.slice(0, MOST).join(', ')})`];
}

/** Settings that tell blocks apart, in the order in which they are told. */
const TELLING = ['strides', 'stride', 'dilation_rate', 'dilation', 'groups', 'filters', 'units', 'activation'] as const;

/** Values that layers have for these and others do not. */
function settings(layers: readonly Layer[], others: readonly Layer[]): readonly string[] {
  return TELLING.flatMap((key) => {
    const known = new Set(others.map((layer) => told(layer.config[key])));
    const own = new Set(layers.map((layer) => told(layer.config[key])));
    const [first] = [...own].filter((value) => value !== UNDEFINED && !known.has(value));
    return first === undefined ? [] : [`${wordFor(key)} ${first}`];
  });
}

const WORDS: Readonly<Record<string, string>> = { strides: 'stride', kernel_size: 'kernel', dilation_rate: 'dilation' };

function wordFor(key: string): string {
  return WORDS[key] ?? key.replaceAll('_', ' ');
}

/** A value in short: equal sizes along all axes once. */
function told(value: Json | undefined): string {
  return value === undefined ? UNDEFINED : configText(value).replace(/^(\d+)(×\1)+$/, '$1');
}
