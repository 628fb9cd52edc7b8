import { middle, visible } from '../math/ellipsis';

/** A name from a log: always a text node, on one line, isolated from the direction of the text around it, whole in its title. */
export function Label({ text, max = 40 }: { text: string; max?: number }) {
  return (
    <bdi class="ls-label" title={text}>
      {text === '' ? <i>(no name)</i> : visible(middle(text, max))}
    </bdi>
  );
}
