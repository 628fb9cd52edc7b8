/** The reader's choices of this panel, kept in the selection's options. */
import type { Selection } from '../../selection';
import type { Of } from './spreads_of';

type Options = Selection['options'];

export type Picture = 'bands' | 'ridges';

export interface Choices {
  readonly of: Of;
  readonly picture: Picture;
}

/** Whose values there may be, in the order in which they are offered. */
export const OF: readonly Of[] = ['weights', 'gradients', 'other'];

/** The choices in force; what a link asks for but cannot be read, or is not there, is left at its default. */
export function choices(options: Options, there: ReadonlySet<Of>): Choices {
  const present = OF.filter((each) => there.has(each));
  return {
    of: present.find((each) => each === options['distributions.of']) ?? present[0] ?? 'weights',
    picture: options['distributions.picture'] === 'ridges' ? 'ridges' : 'bands',
  };
}

/** The options with one choice made. */
export function withChoice(options: Options, name: 'of' | 'picture', value: string): Options {
  return { ...options, [`distributions.${name}`]: value };
}
