/** The order of the slots in each rank: barycentre sweeps, the best order kept. */
import type { Ranked } from './layout';

const SWEEPS = 24;
const PATIENCE = 4;

/** [rank] Slots from left to right, with few crossings. */
export function order(graph: Ranked): number[][] {
  const above = neighbours(graph, 'above');
  const below = neighbours(graph, 'below');
  let current = graph.ranks.map((slots) => [...slots]);
  let best = current;
  let fewest = countCrossings(graph, current);
  let idle = 0;
  for (let sweep = 0; sweep < SWEEPS && fewest > 0 && idle < PATIENCE; sweep++) {
    current = current.map((slots) => [...slots]);
    const place = places(graph, current);
    const down = sweep % 2 === 0;
    for (let k = 1; k < current.length; k++) {
      const slots = current[down ? k : current.length - 1 - k];
      if (slots !== undefined) sortByBarycentre(slots, down ? above : below, place);
    }
    const crossings = countCrossings(graph, current);
    idle = crossings < fewest ? 0 : idle + 1;
    if (crossings < fewest) {
      fewest = crossings;
      best = current;
    }
  }
  return best;
}

/** How many pairs of segments cross, in all. O(s log s) for s segments. */
export function countCrossings(graph: Ranked, ranks: readonly (readonly number[])[]): number {
  const place = places(graph, ranks);
  const rankOf = new Int32Array(graph.slots.length);
  ranks.forEach((slots, r) => {
    for (const slot of slots) rankOf[slot] = r;
  });
  const between: [number, number][][] = ranks.map(() => []);
  for (const { from, to } of graph.segments) between[rankOf[from] ?? 0]?.push([place[from] ?? 0, place[to] ?? 0]);
  return between.reduce((sum, pairs, r) => sum + inversions(pairs, ranks[r + 1]?.length ?? 0), 0);
}

/** Pairs (a, b), (c, d) with a < c and b > d, by a Fenwick tree over the lower places. */
function inversions(pairs: [number, number][], size: number): number {
  pairs.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  const tree = new Int32Array(size + 1);
  let crossings = 0;
  pairs.forEach(([, lower], seen) => {
    let upTo = 0;
    for (let k = lower + 1; k > 0; k -= k & -k) upTo += tree[k] ?? 0;
    crossings += seen - upTo;
    for (let k = lower + 1; k <= size; k += k & -k) tree[k] = (tree[k] ?? 0) + 1;
  });
  return crossings;
}

/** Slots without neighbours on that side stay where they are; the others are sorted among the places left. */
function sortByBarycentre(slots: number[], neighbour: readonly (readonly number[])[], place: Int32Array): void {
  const centre = new Map<number, number>();
  for (const slot of slots) {
    const list = neighbour[slot] ?? [];
    if (list.length > 0) centre.set(slot, list.reduce((sum, other) => sum + (place[other] ?? 0), 0) / list.length);
  }
  const moving = slots.filter((slot) => centre.has(slot));
  moving.sort((a, b) => (centre.get(a) ?? 0) - (centre.get(b) ?? 0) || (place[a] ?? 0) - (place[b] ?? 0));
  let next = 0;
  slots.forEach((slot, k) => {
    const put = centre.has(slot) ? (moving[next++] ?? slot) : slot;
    slots[k] = put;
  });
  slots.forEach((slot, k) => {
    place[slot] = k;
  });
}

function neighbours(graph: Ranked, side: 'above' | 'below'): number[][] {
  const lists: number[][] = graph.slots.map(() => []);
  for (const { from, to } of graph.segments) {
    if (side === 'above') lists[to]?.push(from);
    else lists[from]?.push(to);
  }
  return lists;
}

function places(graph: Ranked, ranks: readonly (readonly number[])[]): Int32Array {
  const place = new Int32Array(graph.slots.length);
  for (const slots of ranks) {
    slots.forEach((slot, k) => {
      place[slot] = k;
    });
  }
  return place;
}
