import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { atFirst, type OpenBoxes, readOpen, revealed, writeOpen } from './open_boxes';
import type { Read } from './read_structure';

/**
 * What is open: as the link tells, else as it is at first with the chosen layer in sight; then as it is changed, and a
 * layer that is chosen elsewhere comes into sight.
 *
 * Args:
 *   target: Index of the chosen layer.
 *   link: What the link tells.
 *   tell: Puts a change into the link.
 */
export function useOpenBoxes(
  { model, boxes }: Read,
  target: number | undefined,
  link: string | undefined,
  tell: (text: string | undefined) => void,
): readonly [OpenBoxes, (next: OpenBoxes) => void] {
  const first = useMemo(() => atFirst(model, boxes), [model, boxes]);
  const inSight = (now: OpenBoxes) => (target === undefined ? now : revealed(now, boxes, target));
  const linked = () => (link === undefined ? inSight(first) : readOpen(first, boxes, link));
  const [state, setState] = useState(linked);

  // A link that this page did not write itself: another one was followed, or Back.
  const told = useRef(link);
  useEffect(() => {
    if (told.current !== link) setState(linked());
    told.current = link;
  }, [link]);

  const sought = useRef(target);
  useEffect(() => {
    if (sought.current !== target) setState(inSight);
    sought.current = target;
  }, [target]);

  const change = (next: OpenBoxes) => {
    setState(next);
    told.current = writeOpen(first, next);
    tell(told.current);
  };
  return [state, change];
}
