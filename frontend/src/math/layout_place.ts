/** The x of each slot: as near to its neighbours as the order and the gaps allow. */
import type { Ranked } from './layout';

const PASSES = 12;

/** A chain of boxes is a straight column, and a long edge a straight lane beside it that gives way to boxes. */
const WEIGHT = { lane: 8, boxes: 800, mixed: 0.001 };

interface Pull {
  readonly slot: number;
  /** What to add to the neighbour's middle. */
  readonly offset: number;
  readonly weight: number;
}

/** [slot] x of its middle, the leftmost edge at 0. */
export function place(graph: Ranked, ranks: readonly (readonly number[])[], gap: number): Float64Array {
  const above: Pull[][] = graph.slots.map(() => []);
  const below: Pull[][] = graph.slots.map(() => []);
  for (const { from, to, fromX, toX } of graph.segments) {
    const dummies = Number(graph.slots[from]?.node === -1) + Number(graph.slots[to]?.node === -1);
    const weight = dummies === 2 ? WEIGHT.lane : dummies === 0 ? WEIGHT.boxes : WEIGHT.mixed;
    above[to]?.push({ slot: from, offset: fromX - toX, weight });
    below[from]?.push({ slot: to, offset: toX - fromX, weight });
  }
  const x = new Float64Array(graph.slots.length);
  dropWeakPulls(graph, above, below);
  for (const slots of ranks) settle(slots, graph, gap, x, () => []);
  for (let pass = 0; pass < PASSES; pass++) {
    const down = pass % 2 === 0;
    // The last passes look both ways, so that what is fed and what feeds agree.
    const both = pass >= PASSES - 4;
    for (let k = 0; k < ranks.length; k++) {
      const slots = ranks[down ? k : ranks.length - 1 - k] ?? [];
      const pulls = (slot: number) => {
        const near = (down ? above : below)[slot] ?? [];
        const far = (down ? below : above)[slot] ?? [];
        return both ? [...near, ...far] : near;
      };
      settle(slots, graph, gap, x, pulls);
    }
  }
  let left = Infinity;
  graph.slots.forEach((slot, k) => {
    left = Math.min(left, (x[k] ?? 0) - slot.width / 2);
  });
  return Number.isFinite(left) ? x.map((value) => value - left) : x;
}

/** A box that has another box for a neighbour follows boxes only; a chain with edges beside it would drift otherwise. */
function dropWeakPulls(graph: Ranked, above: Pull[][], below: Pull[][]): void {
  graph.slots.forEach((slot, k) => {
    const all = [...(above[k] ?? []), ...(below[k] ?? [])];
    if (slot.node < 0 || !all.some((pull) => pull.weight === WEIGHT.boxes)) return;
    above[k] = (above[k] ?? []).filter((pull) => pull.weight === WEIGHT.boxes);
    below[k] = (below[k] ?? []).filter((pull) => pull.weight === WEIGHT.boxes);
  });
}

/**
 * Moves the slots of a rank to where they are pulled: weighted isotonic regression (pool adjacent violators), which is the
 * nearest places in weighted squares that keep the order and the gaps.
 */
function settle(slots: readonly number[], graph: Ranked, gap: number, x: Float64Array, pulls: (slot: number) => readonly Pull[]): void {
  const shift: number[] = [];
  const blocks: { sum: number; weight: number; size: number }[] = [];
  let sofar = 0;
  slots.forEach((slot, k) => {
    const width = graph.slots[slot]?.width ?? 0;
    if (k > 0) sofar += (width + (graph.slots[slots[k - 1] ?? 0]?.width ?? 0)) / 2 + gap;
    shift.push(sofar);
    let weight = 0;
    let sum = 0;
    for (const pull of pulls(slot)) {
      weight += pull.weight;
      sum += pull.weight * ((x[pull.slot] ?? 0) + pull.offset);
    }
    // A slot that nothing pulls stays near its place, and gives way.
    const light = weight > 0 ? weight : 0.001;
    const wanted = (weight > 0 ? sum / weight : (x[slot] ?? 0)) - sofar;
    blocks.push({ sum: wanted * light, weight: light, size: 1 });
    for (let last = blocks.at(-1), previous = blocks.at(-2); last !== undefined && previous !== undefined; ) {
      if (previous.sum / previous.weight <= last.sum / last.weight) break;
      previous.sum += last.sum;
      previous.weight += last.weight;
      previous.size += last.size;
      blocks.pop();
      last = blocks.at(-1);
      previous = blocks.at(-2);
    }
  });
  let k = 0;
  for (const block of blocks) {
    for (let j = 0; j < block.size; j++, k++) {
      const slot = slots[k];
      if (slot !== undefined) x[slot] = block.sum / block.weight + (shift[k] ?? 0);
    }
  }
}
