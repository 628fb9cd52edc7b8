/** One tooltip for the whole page: beside the cursor, always inside the window. */
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** For `aria-describedby` of what the tooltip explains. */
export const TOOLTIP_ID = 'ls-tooltip';

const GAP = 12;
const shown = signal<{ content: ComponentChildren; x: number; y: number } | null>(null);

/** Shows `content` beside a place in the window, in CSS pixels. */
export function showTooltip(content: ComponentChildren, x: number, y: number): void {
  shown.value = { content, x, y };
}

export function hideTooltip(): void {
  shown.value = null;
}

/** What an element needs to have a sentence shown below it: on hover, and when it has the focus. */
export function explained(sentence: string | undefined) {
  const explain = ({ currentTarget }: MouseEvent | FocusEvent) => {
    if (sentence === undefined || !(currentTarget instanceof HTMLElement)) return;
    const { left, bottom } = currentTarget.getBoundingClientRect();
    showTooltip(sentence, left - 8, bottom - 6);
  };
  return { 'aria-describedby': TOOLTIP_ID, onMouseEnter: explain, onFocus: explain, onMouseLeave: hideTooltip, onBlur: hideTooltip };
}

/** Where tooltips are drawn; once in a page. */
export function TooltipLayer() {
  const box = useRef<HTMLDivElement>(null);
  const tip = shown.value;
  useLayoutEffect(() => {
    if (tip === null || box.current === null) return undefined;
    const { width, height } = box.current.getBoundingClientRect();
    const right = tip.x + GAP + width <= window.innerWidth;
    const below = tip.y + GAP + height <= window.innerHeight;
    box.current.style.left = `${Math.max(4, right ? tip.x + GAP : tip.x - GAP - width)}px`;
    box.current.style.top = `${Math.max(4, below ? tip.y + GAP : tip.y - GAP - height)}px`;
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hideTooltip();
    };
    window.addEventListener('keydown', close);
    return () => window.removeEventListener('keydown', close);
  }, [tip]);
  return (
    <div ref={box} id={TOOLTIP_ID} class="ls-tooltip" role="tooltip" hidden={tip === null}>
      {tip?.content}
    </div>
  );
}
