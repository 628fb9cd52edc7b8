/** Brings a place on the page into sight that a link leads to: it may be in another view, whose pictures are not there yet. */

const PATIENCE_MS = 8000;
/** The place must stand still for so long: what is above it may still be coming. */
const CALM_MS = 400;
/** From then on the reader is elsewhere. */
const LEAVES = ['wheel', 'pointerdown', 'keydown', 'touchstart'] as const;

let ends: (() => void) | undefined;

/** Scrolls to the first element that a selector finds, as soon as it is there; until it stands still, or the reader goes elsewhere. */
export function reveal(selector: string): void {
  ends?.();
  const began = performance.now();
  let since = began;
  let top = Number.NaN;
  let frame = 0;
  const end = () => {
    cancelAnimationFrame(frame);
    for (const event of LEAVES) window.removeEventListener(event, end, true);
    ends = undefined;
  };
  const look = (now: number) => {
    const element = document.querySelector(selector);
    const at = element?.getBoundingClientRect().top ?? Number.NaN;
    if (element !== null && at !== top) {
      element.scrollIntoView({ block: isTall(element) ? 'start' : 'center' });
      top = element.getBoundingClientRect().top;
      since = now;
    }
    const isDone = element !== null && now - since >= CALM_MS;
    if (isDone || now - began >= PATIENCE_MS) end();
    else frame = requestAnimationFrame(look);
  };
  for (const event of LEAVES) window.addEventListener(event, end, true);
  ends = end;
  frame = requestAnimationFrame(look);
}

function isTall(element: Element): boolean {
  return element.getBoundingClientRect().height > window.innerHeight / 2;
}
