import { useEffect, useRef } from 'preact/hooks';
import { act, type KeyActions } from './keys';

/** Listens to the keys of the page while the component is there; always with the latest actions. */
export function useKeys(actions: Partial<KeyActions>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const press = (event: KeyboardEvent) => act(event, latest.current);
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
