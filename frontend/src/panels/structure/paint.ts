/** Colours of boxes: what each choice of the toolbar means. */
import { categorical, css, sequential, textOn } from '../../charts/colour';
import type { Box, Boxes } from '../../math/folding';
import type { Layer, Model } from '../../math/tree';
import { type Deadness, type Health, healthPaint, readingOf } from './health';
import type { Read } from './read_structure';

/** By what the model is, or by what training does to it. */
export type Colouring = 'none' | 'parameters' | 'class' | 'trainable' | Health | Deadness;

export interface Paint {
  readonly fill: string;
  /** Colour of text on it; undefined: that of the page. */
  readonly ink?: string;
  /** Nothing was logged of it. */
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
  { name: 'embedding', test: /Embedding/, colour: 6 },
  { name: 'convolution', test: /Conv/, colour: 1 },
  { name: 'dense', test: /Dense|Linear/, colour: 0 },
  { name: 'normalisation', test: /Norm/, colour: 5 },
];

export function share(model: Model, box: Box): number | undefined {
  return model.count.total === 0 || box.count.total === 0 ? undefined : box.count.total / model.count.total;
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

const PLAIN: Paint = { fill: 'var(--ls-bg)' };

export function paint(colouring: Colouring, read: Read, box: Box): Paint {
  const { model, boxes } = read;
  if (typeof colouring !== 'string') return healthPaint(colouring, readingOf(colouring, read, box));
  switch (colouring) {
    case 'none':
      return PLAIN;
    case 'parameters': {
      const of = share(model, box);
      return of === undefined ? PLAIN : shade(of);
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
