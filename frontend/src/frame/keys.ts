/** Keys of the whole page. */

export interface KeyActions {
  readonly view: (place: number) => void;
  readonly step: (by: number) => void;
  readonly filter: () => void;
  readonly help: () => void;
}

/** Does what a key means, if there is an action for it; keys typed into a field, or with Ctrl, Alt or Meta, mean something else. */
export function act(event: KeyboardEvent, actions: Partial<KeyActions>): void {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event.target)) return;
  const action = actionOf(event.key, actions);
  if (action === undefined) return;
  event.preventDefault();
  action();
}

function actionOf(key: string, { view, step, filter, help }: Partial<KeyActions>): (() => void) | undefined {
  switch (key) {
    case '1':
    case '2':
    case '3':
      return view && (() => view(Number(key) - 1));
    case '[':
      return step && (() => step(-1));
    case ']':
      return step && (() => step(1));
    case '/':
      return filter;
    case '?':
      return help;
    default:
      return undefined;
  }
}

/** Whether a key is a letter of what somebody writes. */
export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'radio' && target.type !== 'checkbox' && target.type !== 'range';
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
