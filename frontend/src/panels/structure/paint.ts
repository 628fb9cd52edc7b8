/** Colours of boxes: what each choice of the toolbar means. */
import { categorical, css, sequential, textOn } from '../../charts/colour';
import type { Box } from '../../math/folding';
import type { Layer, Model } from '../../math/tree';

export type Colouring = 'none' | 'parameters' | 'class' | 'trainable';

export interface Paint {
  readonly fill: string;
  /** Colour of text on it; undefined: that of the page. */
  readonly ink?: string;
}

/** The darkest a box gets, so that its text is read. */
const DEEPEST = 0.5;

const FAMILIES: readonly (readonly [name: string, test: RegExp, colour: number])[] = [
  ['attention', /Attention/, 4],
  ['recurrent', /LSTM|GRU|RNN/, 5],
  ['embedding', /Embedding/, 6],
  ['convolution', /Conv/, 1],
  ['dense', /Dense|Linear/, 0],
  ['normalisation', /Norm/, 3],
];

export function share(model: Model, box: Box): number | undefined {
  return model.count.total === 0 || box.count.total === 0 ? undefined : box.count.total / model.count.total;
}

/** A share from 0 to 1 as a colour, from that of the page on. */
export function shade(of: number): Paint {
  const rgb = sequential(DEEPEST * of);
  return { fill: css(rgb), ink: textOn(rgb) };
}

/** Name of the family that a layer's class belongs to, and its number in the palette. */
export function familyOf(layer: Layer | undefined): readonly [name: string, colour: number] | undefined {
  const found = FAMILIES.find(([, test]) => layer !== undefined && test.test(layer.class));
  return found === undefined ? undefined : [found[0], found[2]];
}

export function mute(colour: number): string {
  return `color-mix(in srgb, ${css(categorical(colour))} 22%, var(--ls-bg))`;
}

export const TRAINABLE_FILL = 'color-mix(in srgb, var(--ls-accent) 16%, var(--ls-bg))';
const PLAIN: Paint = { fill: 'var(--ls-bg)' };

export function paint(colouring: Colouring, model: Model, box: Box): Paint {
  switch (colouring) {
    case 'none':
      return PLAIN;
    case 'parameters': {
      const of = share(model, box);
      return of === undefined ? PLAIN : shade(of);
    }
    case 'class': {
      const family = box.children.length > 0 && box.layer < 0 ? undefined : familyOf(model.layers[box.layer]);
      return family === undefined ? PLAIN : { fill: mute(family[1]) };
    }
    case 'trainable':
      return box.count.trainable > 0 ? { fill: TRAINABLE_FILL } : PLAIN;
  }
}

/** Whether nothing in a box learns, though it could. */
export function isFrozen(box: Box): boolean {
  return box.count.frozen > 0 && box.count.trainable === 0;
}

/** The families that a model has layers of, in the order of the palette. */
export function familiesIn(model: Model): readonly (readonly [name: string, colour: number])[] {
  const found = new Map<string, number>();
  for (const layer of model.layers) {
    const family = familyOf(layer);
    if (family !== undefined) found.set(family[0], family[1]);
  }
  return [...found];
}
