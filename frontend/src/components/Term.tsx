import type { ComponentChildren } from 'preact';
import { help } from '../help';
import { explained } from './tooltip';

interface Props {
  readonly name: string;
  readonly children: ComponentChildren;
  /** What a press does; by default it shows the sentence, as a touch needs it. */
  readonly onPress?: () => void;
}

/** A word with a sentence of help: on hover, when it has the focus, and at a touch. */
export function Term({ name, children, onPress }: Props) {
  const sentence = help(name);
  if (sentence === undefined && onPress === undefined) return <>{children}</>;
  const shows = explained(sentence);
  return (
    <button type="button" class="ls-term" {...shows} onClick={onPress ?? shows.onFocus}>
      {children}
    </button>
  );
}
