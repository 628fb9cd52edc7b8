import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import type { Panel, PanelProps } from '../panel';
import type { Kind } from '../schema.gen';

const files = import.meta.glob<{ panels: readonly Panel[] }>('../panels/*/index.ts', { eager: true });

/** Every panel there is, in its place. */
export const PANELS: readonly Panel[] = Object.values(files)
  .flatMap((file) => file.panels)
  .sort((a, b) => a.order - b.order);

export type Body =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: string }
  | { readonly state: 'ready'; readonly Component: FunctionComponent<PanelProps<Kind>> };

const bodies = new Map<string, Signal<Body>>();

/** A panel's component; its chunk is fetched when it is first asked for. */
export function bodyOf(panel: Panel): ReadonlySignal<Body> {
  const known = bodies.get(panel.id);
  if (known !== undefined) return known;
  const body: Signal<Body> = signal({ state: 'loading' });
  bodies.set(panel.id, body);
  void fetchBody(panel);
  return body;
}

/** Tries again to fetch a panel's chunk. */
export async function fetchBody(panel: Panel): Promise<void> {
  const body = bodies.get(panel.id);
  if (body === undefined) return;
  body.value = { state: 'loading' };
  try {
    body.value = { state: 'ready', Component: await panel.load() };
  } catch (error) {
    body.value = { state: 'failed', error: error instanceof Error ? error.message : String(error) };
  }
}
