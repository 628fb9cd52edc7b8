/** What a box says of how the model differs from another one. */
import { plural } from '../../math/format';
import type { Compared } from './compared';
import type { Read } from './read_structure';

export interface Mark {
  readonly sign: string;
  /** The same for those who hear it, and in the box's tip. */
  readonly words: string;
}

export const SIGNS = { added: '+', removed: '−', changed: '≠', moved: '↕' } as const;

/** By the ids of boxes: a layer by what it is; what holds layers that differ by how many they are. */
export function marks({ boxes, model }: Read, { difference }: Compared): ReadonlyMap<number, Mark> {
  const found = new Map<number, Mark>();
  const inside = new Map<number, number>();
  const mark = (layer: number, words: 'added' | 'changed' | 'moved') => found.set(boxes.of[layer] ?? -1, { sign: SIGNS[words], words });
  for (const layer of model.layers) if (difference.counterpart[layer.index] === -1) mark(layer.index, 'added');
  for (const { own } of difference.changed) mark(own, 'changed');
  for (const { own } of difference.moved) mark(own, 'moved');
  // What is inside of a layer that was added does not count once more.
  for (const layer of new Set([...difference.added, ...[...difference.changed, ...difference.moved].map(({ own }) => own)])) {
    const own = boxes.list[boxes.of[layer] ?? -1];
    for (let id = own?.parent ?? -1; id >= 0; id = boxes.list[id]?.parent ?? -1) inside.set(id, (inside.get(id) ?? 0) + 1);
  }
  for (const [id, n] of inside) {
    if (!found.has(id)) found.set(id, { sign: String(n), words: `${plural(n, 'layer')} inside ${n === 1 ? 'differs' : 'differ'}` });
  }
  return found;
}
