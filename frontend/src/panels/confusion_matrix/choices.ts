/** The reader's choices of this panel, kept in the selection's options so that a link opens the same picture. */
import { oneOf, withOptions } from '../../frame/options';
import type { ClassOrder } from '../../math/class_order';
import type { Normalise } from '../../math/confusion';
import type { Selection } from '../../selection';
import type { Scale, Shown } from './domain';

export type Order = ClassOrder | 'confusion';

/** Which groups stand together: none, those that were logged, or those that were found in what is taken for what. */
export type Grouping = 'none' | 'given' | 'found';

/** What is taken away from each cell: nothing, the reference, or an earlier or later step of the same training. */
export type Against = 'nothing' | 'reference' | number;

export interface Choices {
  readonly by: Normalise;
  readonly order: Order;
  readonly shown: Shown;
  readonly scale: Scale;
  readonly transposed: boolean;
  /** A truth among so many first classes counts as right. */
  readonly credit: number;
  readonly against: Against;
  /** Classes whose name this finds are shown, all others as one; empty: all are shown. */
  readonly find: string;
  readonly grouping: Grouping;
  /** Keys of the groups that are open. */
  readonly open: readonly number[];
  /** Where found groups are cut, from 0 (each class by itself) to 1; undefined: where they are groups at all. */
  readonly cut: number | undefined;
}

const NORMALISE: readonly Normalise[] = ['count', 'row', 'column', 'all', 'lift'];
const ORDERS: readonly Order[] = ['given', 'name', 'confusion', 'recall', 'precision', 'f1', 'examples', 'errors'];
const SHOWN: readonly Shown[] = ['errors', 'all'];
const SCALES: readonly Scale[] = ['linear', 'log'];
export const CREDITS: readonly number[] = [1, 3, 5];
export const GROUPING: readonly Grouping[] = ['none', 'given', 'found'];

/** Above this many classes blocks of confusion say more than the given order. */
const MANY = 20;

/** Above this many classes the server does not compute them. */
const MOST_ORDERED = 6000;

/** Of fewer classes an order, groups and a search say nothing. */
export const LEAST_ORDERED = 3;

const PANEL = 'confusion_matrix';

/** The choices in force; what a link asks for but does not exist is left at its default. */
export function choices(options: Selection['options'], size: number): Choices {
  const told = (name: keyof Written) => options[`${PANEL}.${name}`];
  const cut = Number(told('cut') ?? Number.NaN);
  return {
    by: oneOf(NORMALISE, told('normalise')) ?? 'row',
    order: oneOf(ORDERS, told('order')) ?? (size > MANY && size <= MOST_ORDERED ? 'confusion' : 'given'),
    shown: oneOf(SHOWN, told('shown')) ?? 'errors',
    scale: oneOf(SCALES, told('scale')) ?? 'linear',
    transposed: told('axes') === 'transposed',
    credit: CREDITS.find((k) => String(k) === told('credit') && k < size) ?? 1,
    against: againstOf(told('against')),
    find: told('find') ?? '',
    grouping: oneOf(GROUPING, told('groups')) ?? 'none',
    open: (told('open') ?? '').split(',').filter(isWhole).map(Number),
    cut: cut >= 0 && cut <= 1 ? cut : undefined,
  };
}

/** The choices as a link has them. */
export interface Written {
  readonly normalise: Normalise;
  readonly order: Order;
  readonly shown: Shown;
  readonly scale: Scale;
  readonly axes: 'transposed' | undefined;
  readonly credit: string | undefined;
  readonly against: 'reference' | string | undefined;
  readonly find: string | undefined;
  readonly groups: Grouping | undefined;
  readonly open: string | undefined;
  readonly cut: string | undefined;
}

export type Change = { readonly [P in keyof Written]?: Written[P] | undefined };

/** The options with some choices changed; undefined takes one back to its default. */
export function withChoices(options: Selection['options'], change: Change): Selection['options'] {
  return withOptions(options, PANEL, change);
}

function againstOf(told: string | undefined): Against {
  if (told === 'reference') return told;
  const step = told?.startsWith('step:') === true ? told.slice(5) : '';
  return isWhole(step) ? Number(step) : 'nothing';
}

function isWhole(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}
