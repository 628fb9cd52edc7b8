/** Choices of panels in the selection's options, so that a link opens the same picture: each as `<panel>.<choice>`, absent at its default. */
import type { Selection } from '../selection';

type Options = Selection['options'];

/** The options with some choices of a panel changed; undefined, or an empty text, takes one back to its default. */
export function withOptions(options: Options, panel: string, change: Readonly<Record<string, string | undefined>>): Options {
  const next: Record<string, string> = { ...options };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === '') delete next[`${panel}.${name}`];
    else next[`${panel}.${name}`] = value;
  }
  return next;
}

/** The one of some that was asked for; undefined where there is no such. */
export function oneOf<T extends string>(all: readonly T[], wanted: string | undefined): T | undefined {
  return all.find((each) => each === wanted);
}
