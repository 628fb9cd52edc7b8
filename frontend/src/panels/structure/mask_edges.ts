/** Edges that tell layers which steps of a sequence are padding: they are everywhere beside the data, and say little. */
import type { Edge, Model } from '../../math/tree';

/** Whether an edge carries a mask: from the comparison with the padding that `mask_zero` makes, to anything beside a layer's data. */
export function isMask(model: Model, edge: Edge): boolean {
  const from = model.layers[edge.from];
  return from?.class === 'NotEqual' && from.layer === '' && edge.toSlot > 0;
}
