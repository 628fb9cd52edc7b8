import { useEffect, useRef } from 'preact/hooks';

/**
 * From where the keyboard came into the list, to go back there: from the matrix, when Enter selected a cell in it.
 *
 * @param classes What is selected.
 * @param enter Called when the list is entered so.
 * @returns Goes back, and says whether there was somewhere to go back to.
 */
export function useOrigin(classes: readonly number[], enter: () => void): () => boolean {
  const origin = useRef<HTMLElement | null>(null);
  const before = useRef(classes.join());
  useEffect(() => {
    if (before.current === classes.join()) return;
    before.current = classes.join();
    const from = document.activeElement;
    const cells = from instanceof HTMLElement && from.matches('[data-panel="confusion_matrix"] [role="application"]') ? from : null;
    if (cells === null || classes.length === 0 || !cells.matches(':focus-visible')) return;
    origin.current = cells;
    enter();
  }, [classes.join()]);
  return () => {
    const to = origin.current;
    origin.current = null;
    if (to === null || !to.isConnected) return false;
    to.focus();
    return true;
  };
}
