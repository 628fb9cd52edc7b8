/** The reader's choices of this panel, kept in the selection's options. */
import type { Selection } from '../../selection';

type Options = Selection['options'];

/** What is taken away from the values: nothing, those of the first moment, or of the one before. */
export type Since = 'nothing' | 'first' | 'before';
export type Sort = 'place' | 'norm';

export interface Choices {
  readonly since: Since;
  readonly sort: Sort;
}

const SINCE: readonly Since[] = ['nothing', 'first', 'before'];

/** The choices in force; what cannot be read is left at its default. */
export function choices(options: Options): Choices {
  return {
    since: SINCE.find((each) => each === options['values.since']) ?? 'nothing',
    sort: options['values.sort'] === 'norm' ? 'norm' : 'place',
  };
}

/** The options with one choice made; what is at its default is not written. */
export function withChoice(options: Options, name: keyof Choices, value: string): Options {
  const key = `values.${name}`;
  const others = Object.fromEntries(Object.entries(options).filter(([each]) => each !== key));
  return value === choices({})[name] ? others : { ...others, [key]: value };
}
