/** Examples as they can be drawn: pictures by an address of this page's own, texts and features as they are. */
import type { Point } from '../../panel';

export type Example =
  | { readonly what: 'image'; readonly url: string }
  | { readonly what: 'text'; readonly text: string }
  | { readonly what: 'features'; readonly features: readonly { readonly name: string; readonly value: number }[] };

/** The examples of some points, in their order. Whoever takes them lets them go by `release`. */
export function examplesIn(points: readonly Point<'examples'>[]): readonly Example[] {
  return points.flatMap(({ payload }) =>
    payload.media.map((media, i): Example => {
      const content = payload.content.slice(i === 0 ? 0 : payload.content_end[i - 1], payload.content_end[i]);
      if (media === 'text/plain') return { what: 'text', text: new TextDecoder().decode(content) };
      if (media === 'features') return { what: 'features', features: featuresOf(content, payload.feature_names) };
      return { what: 'image', url: URL.createObjectURL(new Blob([content], { type: media })) };
    }),
  );
}

/** Gives the memory of pictures back. */
export function release(examples: Iterable<Example>): void {
  for (const example of examples) if (example.what === 'image') URL.revokeObjectURL(example.url);
}

function featuresOf(content: Uint8Array, names: readonly string[]) {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  return names.map((name, i) => ({ name, value: view.getFloat32(4 * i, true) }));
}
