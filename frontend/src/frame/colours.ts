import { categorical, css } from '../charts/colour';
import type { Listing } from '../decode';

/** Colour of each training: TensorBoard's palette, in the order of the list. */
export function coloursOf(listing: Listing): (training: string) => string {
  const places = new Map(listing.trainings.map(({ name }, k) => [name, k]));
  return (training) => css(categorical(places.get(training) ?? 0));
}
