import { middle, visible } from '../math/ellipsis';

/** A name from a log: always a text node, on one line, isolated from the direction of the text around it, whole in its title. */
export function Label({ text, short = text, max = 40 }: { text: string; short?: string; max?: number }) {
  return (
    <bdi class="ls-label" title={text}>
      {text === '' ? <i>(no name)</i> : visible(middle(short, max))}
    </bdi>
  );
}
