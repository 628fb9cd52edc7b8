/** What a layer depends on, and what depends on it. */
import type { Model } from '../../math/tree';
import { endsOf } from './picture';

export interface Reach {
  /** Layers that it is computed from, by index. */
  readonly before: ReadonlySet<number>;
  /** Layers that are computed from it. */
  readonly after: ReadonlySet<number>;
}

/** Along all edges of the model: those of a model within it go on inside. What a layer holds is reached with it. */
export function reach(model: Model, layer: number): Reach {
  const ends = endsOf(model);
  const next = new Map<number, number[]>();
  const previous = new Map<number, number[]>();
  const add = (map: Map<number, number[]>, key: number, value: number) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [value]);
    else list.push(value);
  };
  for (const edge of model.edges) {
    for (const [from, to] of [
      [edge.from, edge.to],
      [ends.leaves(edge), ends.enters(edge)],
    ] as const) {
      add(next, from, to);
      add(previous, to, from);
    }
  }
  const start = inside(model, layer);
  // Of a layer whose wiring was not told nobody knows what passes it by: what enters that, enters its parts.
  for (let at = model.layers[layer]?.parent ?? -1; model.layers[at]?.edgesKnown === false; at = model.layers[at]?.parent ?? -1)
    start.push(at);
  return { before: from(start, previous), after: from(start, next) };
}

function inside(model: Model, layer: number): number[] {
  const found = [layer];
  for (let k = 0; k < found.length; k++) found.push(...(model.layers[found[k] ?? -1]?.children ?? []));
  return found;
}

/** Everything but the start itself, unless a cycle leads back to it. */
function from(start: readonly number[], next: ReadonlyMap<number, readonly number[]>): ReadonlySet<number> {
  const seen = new Set<number>();
  const queue = [...start];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const to of next.get(at) ?? []) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return seen;
}
