/** The live region: what a screen reader says when the cursor moves or something arrives. */

let region: HTMLElement | undefined;

/** Says a sentence, politely. The same sentence twice in a row is said twice. */
export function announce(text: string): void {
  if (region === undefined || !region.isConnected) {
    region = document.createElement('div');
    region.className = 'ls-hidden';
    region.setAttribute('role', 'status');
    region.setAttribute('aria-live', 'polite');
    document.body.append(region);
  }
  // A changed text is what is said; a no-break space makes the same sentence a changed one.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
