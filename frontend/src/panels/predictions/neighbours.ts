/** The way from a sample that is looked at in full to those beside it in its list. */
import type { Beside } from './SampleFrame';

interface Way {
  readonly beside: Beside;
  readonly onOpen: (id: string) => void;
}

/**
 * @param at The sample at a place of the list; undefined until its part is told.
 * @param active Where the keyboard is in the list: it goes along.
 * @param id The sample in full. One that is not there in the list, as of a link, has no neighbours.
 */
export function neighbours(
  at: (place: number) => { readonly id: string } | undefined,
  active: { current: number },
  id: string,
  open: (id: string) => void,
): Way {
  const by = (distance: number) => at(active.current + distance)?.id;
  const isInList = by(0) === id;
  return {
    beside: { before: isInList ? by(-1) : undefined, after: isInList ? by(1) : undefined },
    onOpen: (to) => {
      if (by(1) === to) active.current += 1;
      else if (by(-1) === to) active.current -= 1;
      open(to);
    },
  };
}
