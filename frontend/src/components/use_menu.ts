import { useEffect, useRef } from 'preact/hooks';

/** What opens below a button: Esc, a press elsewhere and the focus going away close it. For a `details` element. */
export function useMenu() {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (menu.current !== null) menu.current.open = false;
  };
  useEffect(() => {
    const away = (event: Event) => {
      if (event.target instanceof Node && menu.current?.contains(event.target) === false) close();
    };
    window.addEventListener('pointerdown', away);
    window.addEventListener('focusin', away);
    return () => {
      window.removeEventListener('pointerdown', away);
      window.removeEventListener('focusin', away);
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || menu.current?.open !== true) return;
    event.preventDefault();
    close();
    menu.current.querySelector('summary')?.focus();
  };
  return { menu, close, onKeyDown };
}
