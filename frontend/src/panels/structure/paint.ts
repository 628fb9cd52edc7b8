/** Colours of boxes: what each choice of the toolbar means. */
import { categorical, css, sequential, textOn } from '../../charts/colour';
import type { Box, Boxes } from '../../math/folding';
import { percent } from '../../math/format';
import type { Layer, Model } from '../../math/tree';
import { type Deadness, type Health, healthPaint, readingOf } from './health';
import type { Read } from './read_structure';
import { macsText } from './words';

/** By what the model is, or by what training does to it. */
export type Colouring = 'none' | 'parameters' | 'cost' | 'class' | 'dtype' | 'trainable' | Health | Deadness;

export interface Paint {
  readonly fill: string;
  /** Colour of text on it; undefined: that of the page. */
  readonly ink?: string;
  /** Nothing was logged of it, or a part was not counted. */
  readonly isHatched?: boolean;
}

/** The darkest a box gets, so that its text is read. */
const DEEPEST = 0.5;

/** Layers that do one kind of work, and the colour of the palette that they have. */
interface Family {
  readonly name: string;
  readonly test: RegExp;
  readonly colour: number;
}

const FAMILIES: readonly Family[] = [
  { name: 'attention', test: /Attention/, colour: 4 },
  { name: 'recurrent', test: /LSTM|GRU|RNN/, colour: 3 },
  // Of graphs of operations what they say: Gather, MatMul.
  { name: 'embedding', test: /Embedding|Gather/, colour: 6 },
  { name: 'convolution', test: /Conv|^convolution/, colour: 1 },
  { name: 'dense', test: /Dense|Linear|MatMul|Einsum|^linear/, colour: 0 },
  { name: 'normalisation', test: /Norm|_norm$/, colour: 5 },
];

/** Share of all parameters; undefined where there are none, or where nobody knows how many there are. */
export function share({ count: all }: Model, { count }: Box): number | undefined {
  return all.unknown > 0 || all.total === 0 || count.total === 0 ? undefined : count.total / all.total;
}

/** A share from 0 to 1 as a colour, from that of the page on. */
export function shade(of: number): Paint {
  const rgb = sequential(DEEPEST * of);
  return { fill: css(rgb), ink: textOn(rgb) };
}

function familyOf(layer: Layer | undefined): Family | undefined {
  return FAMILIES.find(({ test }) => layer !== undefined && test.test(layer.class));
}

export function mute(colour: number): string {
  return `color-mix(in srgb, ${css(categorical(colour))} 26%, var(--ls-bg))`;
}

export const TRAINABLE_FILL = 'color-mix(in srgb, var(--ls-accent) 16%, var(--ls-bg))';
const families = new WeakMap<Box, Family | undefined>();

/** The family of a layer; of a group the one that holds most of its parameters. */
function familyIn(model: Model, boxes: Boxes, box: Box): Family | undefined {
  if (families.has(box)) return families.get(box);
  const sums = new Map<Family, number>();
  const stack = [box];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const family = familyOf(model.layers[next.layer]);
    if (family === undefined) stack.push(...next.children.flatMap((id) => boxes.list[id] ?? []));
    else sums.set(family, (sums.get(family) ?? 0) + next.count.total);
  }
  const [most] = [...sums].sort(([, a], [, b]) => b - a);
  families.set(box, most?.[0]);
  return most?.[0];
}

/** Multiply-adds of the whole model, and whether all of them were counted. */
export function costOf({ top, list }: Boxes): { readonly macs: number; readonly isWhole: boolean } {
  const all = top.flatMap((id) => list[id] ?? []);
  return { macs: all.reduce((sum, box) => sum + box.macs, 0), isWhole: all.every((box) => box.macsWhole) };
}

/** Types of the parameters in a box, the one of the most first. */
export function dtypesIn(model: Model, boxes: Boxes, box: Box): readonly string[] {
  const known = types.get(box);
  if (known !== undefined) return known;
  const arrays = new Set<number>();
  const stack = [box];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    for (const weight of model.layers[next.layer]?.weights ?? []) arrays.add(model.weights[weight]?.array ?? weight);
    stack.push(...next.children.flatMap((id) => boxes.list[id] ?? []));
  }
  const sizes = new Map<string, number>();
  for (const index of arrays) {
    const weight = model.weights[index];
    if (weight !== undefined && weight.dtype !== '') sizes.set(weight.dtype, (sizes.get(weight.dtype) ?? 0) + weight.size);
  }
  const found = [...sizes].sort(([, a], [, b]) => b - a).map(([dtype]) => dtype);
  types.set(box, found);
  return found;
}

const types = new WeakMap<Box, readonly string[]>();

/** The types that parameters of a model have, the widest-spread first. */
export function dtypesOf(model: Model): readonly string[] {
  const sizes = new Map<string, number>();
  for (const { dtype, size } of model.weights) if (dtype !== '') sizes.set(dtype, (sizes.get(dtype) ?? 0) + size);
  return [...sizes].sort(([, a], [, b]) => b - a).map(([dtype]) => dtype);
}

/** Colour of a type; the first blue, which warns of nothing. */
export function dtypeColour(model: Model, dtype: string): number {
  return dtypesOf(model).indexOf(dtype) + 1;
}

/** What a box says at its right, by what the colour says; undefined where that is nothing. */
export function toldBy(colouring: Extract<Colouring, string>, { model, boxes }: Read, box: Box): string | undefined {
  if (colouring === 'cost') return box.macs > 0 || !box.macsWhole ? macsText(box) : undefined;
  if (colouring === 'dtype') {
    const [first, ...others] = dtypesIn(model, boxes, box);
    return first === undefined || others.length === 0 ? first : `${first} + ${others.length}`;
  }
  const of = share(model, box);
  return of === undefined ? undefined : percent(of);
}

/** What that is, in words. */
export function saidBy(colouring: Extract<Colouring, string>): string {
  return colouring === 'cost' ? 'multiply-adds' : colouring === 'dtype' ? 'parameters' : 'of all parameters';
}

const PLAIN: Paint = { fill: 'var(--ls-bg)' };

export function paint(colouring: Colouring, read: Read, box: Box): Paint {
  const { model, boxes } = read;
  if (typeof colouring !== 'string') return healthPaint(colouring, readingOf(colouring, read, box));
  switch (colouring) {
    case 'none':
      return PLAIN;
    case 'parameters': {
      const of = share(model, box);
      return of === undefined ? { ...PLAIN, isHatched: box.count.unknown > 0 } : shade(of);
    }
    case 'cost': {
      const { macs } = costOf(boxes);
      if (box.macs === 0) return box.macsWhole ? PLAIN : { ...PLAIN, isHatched: true };
      return { ...shade(box.macs / macs), isHatched: !box.macsWhole };
    }
    case 'dtype': {
      const [first] = dtypesIn(model, boxes, box);
      return first === undefined ? PLAIN : { fill: mute(dtypeColour(model, first)) };
    }
    case 'class': {
      const family = familyIn(model, boxes, box);
      return family === undefined ? PLAIN : { fill: mute(family.colour) };
    }
    case 'trainable':
      return box.count.trainable > 0 ? { fill: TRAINABLE_FILL } : PLAIN;
  }
}

/** Whether nothing in a box learns, though it could. */
export function isFrozen(box: Box): boolean {
  return box.count.frozen > 0 && box.count.trainable === 0;
}

/** The families that a model has layers of. */
export function familiesIn(model: Model): readonly Family[] {
  const found = new Set(model.layers.map(familyOf));
  return FAMILIES.filter((family) => found.has(family));
}
