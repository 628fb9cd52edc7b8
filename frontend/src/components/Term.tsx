import type { ComponentChildren } from 'preact';
import { help } from '../help';
import { hideTooltip, showTooltip, TOOLTIP_ID } from './tooltip';

/** A word with a sentence of help: on hover, when it has the focus, and at a touch. */
export function Term({ name, children }: { name: string; children: ComponentChildren }) {
  const sentence = help(name);
  if (sentence === undefined) return <>{children}</>;
  const explain = (event: MouseEvent | FocusEvent) => {
    if (!(event.currentTarget instanceof HTMLElement)) return;
    const box = event.currentTarget.getBoundingClientRect();
    showTooltip(sentence, box.left - 8, box.bottom - 6);
  };
  return (
    <button
      type="button"
      class="ls-term"
      aria-describedby={TOOLTIP_ID}
      onMouseEnter={explain}
      onFocus={explain}
      onClick={explain}
      onMouseLeave={hideTooltip}
      onBlur={hideTooltip}
    >
      {children}
    </button>
  );
}
