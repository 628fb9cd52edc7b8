/** TensorBoard around the page: its URL, its theme, its reload. All of it may be missing (a page of its own, another origin). */
import { type ReadonlySignal, signal } from '@preact/signals';
import { theme } from '../charts/colour';
import { isOurs, readSelection, type Selection, writeSelection } from '../selection';

/** The window whose URL holds the selection: TensorBoard's if it can be reached, else our own. */
export function hostWindow(): Window {
  try {
    // Reading the address of a window of another origin throws.
    return window.parent.location.href === '' ? window : window.parent;
  } catch {
    return window;
  }
}

/** Follows TensorBoard's dark mode, live. Returns the function that stops it. */
export function followTheme(host: Window): () => void {
  const apply = () => {
    const dark = host.document.body.classList.contains('dark-mode');
    theme.value = dark ? 'dark' : 'light';
    document.documentElement.dataset.theme = theme.value;
  };
  apply();
  const watch = new MutationObserver(apply);
  watch.observe(host.document.body, { attributes: true, attributeFilter: ['class'] });
  return () => watch.disconnect();
}

/** Takes TensorBoard's own fonts, which its style sheets load for its page only. Returns how many. */
export function borrowFonts(host: Window): number {
  if (host === window) return 0;
  const faces = [...host.document.styleSheets].flatMap((sheet) => facesOf(sheet, host.document.baseURI));
  const style = document.createElement('style');
  style.textContent = faces.join('\n');
  document.head.append(style);
  return faces.length;
}

function facesOf(sheet: CSSStyleSheet, base: string): readonly string[] {
  try {
    return [...sheet.cssRules]
      .map((rule) => rule.cssText)
      .filter((text) => text.startsWith('@font-face'))
      .map((text) => text.replace(/url\("?([^")]+)"?\)/g, (_, path: string) => `url("${new URL(path, sheet.href ?? base)}")`));
  } catch {
    // A style sheet of another origin does not show its rules.
    return [];
  }
}

/** What somebody types in, or chooses from. */
const FIELDS = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

/**
 * Takes the keyboard whenever the tab comes to sight: a click on TensorBoard's tab leaves it with TensorBoard, where our
 * keys mean nothing. Never from a field in which somebody types. Returns the function that stops it.
 */
export function takeKeys(host: Pick<Window, 'document'>): () => void {
  if (host === window) return () => {};
  let visible = false;
  const look = () => {
    const before = visible;
    // TensorBoard keeps the page of a hidden tab, and gives it no height.
    visible = window.innerHeight > 0 && !document.hidden;
    if (visible && !before && host.document.activeElement?.matches(FIELDS) !== true) window.focus();
  };
  look();
  window.addEventListener('resize', look);
  return () => window.removeEventListener('resize', look);
}

/** A step that follows another within this time replaces it in the history: Back undoes the whole drag. */
const ONE_GESTURE_MS = 1000;

/** The selection in the URL: changed by the page and by Back, Forward and edited links. */
export class UrlSelection {
  readonly #host: Window;
  readonly #selection;
  #lastStepChange = Number.NEGATIVE_INFINITY;

  constructor(host: Window) {
    this.#host = host;
    this.#selection = signal(readSelection(this.#ours ? host.location.hash : ''));
    host.addEventListener('popstate', this.#read);
    host.addEventListener('hashchange', this.#read);
  }

  get value(): ReadonlySignal<Selection> {
    return this.#selection;
  }

  readonly select = (change: Partial<Selection>): void => {
    const next = { ...this.#selection.peek(), ...change };
    const hash = writeSelection(this.#host.location.hash, next);
    if (hash === writeSelection(this.#host.location.hash, this.#selection.peek())) return;
    this.#selection.value = next;
    if (!this.#ours) return;
    const onlyStep = Object.keys(change).length === 1 && change.step !== undefined;
    const sameGesture = onlyStep && performance.now() - this.#lastStepChange < ONE_GESTURE_MS;
    this.#lastStepChange = onlyStep ? performance.now() : Number.NEGATIVE_INFINITY;
    if (sameGesture) this.#host.history.replaceState(this.#host.history.state, '', hash);
    else this.#host.history.pushState(this.#host.history.state, '', hash);
  };

  dispose(): void {
    this.#host.removeEventListener('popstate', this.#read);
    this.#host.removeEventListener('hashchange', this.#read);
  }

  get #ours(): boolean {
    return isOurs(this.#host.location.hash);
  }

  readonly #read = (): void => {
    if (!this.#ours) return;
    const next = readSelection(this.#host.location.hash);
    if (JSON.stringify(next) !== JSON.stringify(this.#selection.peek())) this.#selection.value = next;
  };
}

/**
 * Calls back when TensorBoard reloads, by its timer or its button. The message port is that of its
 * `components/experimental/plugin_lib`: JSON messages, each of which wants a reply.
 */
export function onReload(reloaded: () => void): () => void {
  if (window.parent === window) return () => {};
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data !== 'string') return;
    const message: unknown = JSON.parse(event.data);
    if (typeof message !== 'object' || message === null || !('type' in message) || !('id' in message)) return;
    if ('isReply' in message && message.isReply === true) return;
    port1.postMessage(JSON.stringify({ type: message.type, id: message.id, payload: null, error: null, isReply: true }));
    if (message.type === 'experimental.DataReloaded') reloaded();
  };
  window.parent.postMessage('experimental.bootstrap', '*', [port2]);
  return () => port1.close();
}
