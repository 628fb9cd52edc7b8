import { categorical, css } from '../charts/colour';
import type { Listing } from '../decode';

/** Colour of each training: TensorBoard's palette, in the order of the list. A training that comes later takes the next
 * colour, wherever it stands in the list: none changes its colour while one looks at it. */
export class Colours {
  readonly #places = new Map<string, number>();

  /** The colours of all trainings seen so far, those of this list among them. */
  with(listing: Listing): (training: string) => string {
    for (const { name } of listing.trainings) if (!this.#places.has(name)) this.#places.set(name, this.#places.size);
    return (training) => css(categorical(this.#places.get(training) ?? 0));
  }
}
