/** The reader's choices of this panel, kept in the selection's options so that a link opens the same picture. */
import type { ClassOrder } from '../../math/class_order';
import type { Normalise } from '../../math/confusion';
import type { Selection } from '../../selection';
import type { Shown } from './domain';

export type Order = ClassOrder | 'confusion';

export interface Choices {
  readonly by: Normalise;
  readonly order: Order;
  readonly shown: Shown;
}

const NORMALISE: readonly Normalise[] = ['count', 'row', 'column'];
const ORDERS: readonly Order[] = ['given', 'name', 'confusion', 'recall', 'precision', 'f1', 'examples', 'errors'];
const SHOWN: readonly Shown[] = ['errors', 'all'];

/** Above this many classes blocks of confusion say more than the given order. */
const MANY = 20;

/** The choices in force; what a link asks for but does not exist is left at its default. */
export function choices(options: Selection['options'], size: number): Choices {
  return {
    by: oneOf(NORMALISE, options['confusion_matrix.normalise'], 'row'),
    order: oneOf(ORDERS, options['confusion_matrix.order'], size > MANY ? 'confusion' : 'given'),
    shown: oneOf(SHOWN, options['confusion_matrix.shown'], 'errors'),
  };
}

/** The options with one choice changed. */
export function withChoice(options: Selection['options'], name: 'normalise' | 'order' | 'shown', value: string): Selection['options'] {
  return { ...options, [`confusion_matrix.${name}`]: value };
}

function oneOf<T extends string>(all: readonly T[], wanted: string | undefined, otherwise: T): T {
  return all.find((each) => each === wanted) ?? otherwise;
}
