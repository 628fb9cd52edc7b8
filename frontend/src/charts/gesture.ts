/** What a pointer is doing over one of the pictures that share an axis; each of them shows it. */
import { signal } from '@preact/signals';

export type Gesture =
  | { readonly kind: 'hover'; readonly at: number }
  | { readonly kind: 'brush'; readonly from: number; readonly to: number }
  | null;

export const gesture = signal<Gesture>(null);
