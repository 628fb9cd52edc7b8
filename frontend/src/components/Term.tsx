import type { ComponentChildren } from 'preact';
import { help } from '../help';
import { explained } from './tooltip';

/** A word with a sentence of help: on hover, when it has the focus, and at a touch. */
export function Term({ name, children }: { name: string; children: ComponentChildren }) {
  const sentence = help(name);
  if (sentence === undefined) return <>{children}</>;
  const shows = explained(sentence);
  return (
    <button type="button" class="ls-term" {...shows} onClick={shows.onFocus}>
      {children}
    </button>
  );
}
