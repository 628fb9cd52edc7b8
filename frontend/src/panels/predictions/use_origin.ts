import { useEffect, useRef } from 'preact/hooks';

/** What leads into the list: the matrix, and whatever else says so of itself. */
const LEADS = '[data-panel="confusion_matrix"] [role="application"], [data-drills]';

/**
 * From where the keyboard came into the list, to go back there: from the matrix, when Enter selected a cell in it, or from a
 * bin of the calibration.
 *
 * @param what What is selected; empty: nothing.
 * @param enter Called when the list is entered so.
 * @returns Goes back, and says whether there was somewhere to go back to.
 */
export function useOrigin(what: string, enter: () => void): () => boolean {
  const origin = useRef<HTMLElement | null>(null);
  const before = useRef(what);
  useEffect(() => {
    if (before.current === what) return;
    before.current = what;
    const from = document.activeElement;
    const cells = from instanceof HTMLElement && from.matches(LEADS) ? from : null;
    if (cells === null || what === '' || !cells.matches(':focus-visible')) return;
    origin.current = cells;
    enter();
  }, [what]);
  return () => {
    const to = origin.current;
    origin.current = null;
    if (to === null || !to.isConnected) return false;
    to.focus();
    return true;
  };
}
