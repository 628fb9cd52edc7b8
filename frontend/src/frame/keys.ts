/** Keys of the whole page. */

export interface KeyActions {
  readonly view: (place: number) => void;
  readonly step: (by: number) => void;
  readonly filter: () => void;
  readonly help: () => void;
}

/** Does what a key means; keys typed into a field, or with Ctrl, Alt or Meta, mean something else. Whether it was one of ours. */
export function act(event: KeyboardEvent, actions: KeyActions): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event.target)) return false;
  switch (event.key) {
    case '1':
    case '2':
    case '3':
      actions.view(Number(event.key) - 1);
      return true;
    case '[':
      actions.step(-1);
      return true;
    case ']':
      actions.step(1);
      return true;
    case '/':
      actions.filter();
      return true;
    case '?':
      actions.help();
      return true;
    default:
      return false;
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'radio' && target.type !== 'checkbox' && target.type !== 'range';
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
