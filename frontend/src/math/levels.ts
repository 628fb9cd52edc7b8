/** A level is what lies side by side in one scope: items in an order that goes from producers to consumers. */

export interface Item {
  readonly kind: 'layer' | 'scope' | 'repeat' | 'copy' | 'section';
  readonly name: string;
  /** Index of the layer in the model; −1 for a group. */
  readonly layer: number;
  readonly children: readonly Item[];
  /** Equal signatures: equal class, configuration, parameter shapes and inner wiring, whatever the names. */
  readonly signature: number;
  /** The same without configuration and shapes. */
  readonly likeness: number;
  /** The input of a model within a model: no box of its own, edges go through it. */
  readonly isPort: boolean;
  /** Layers inside that hold no others, ports left out. */
  readonly leaves: number;
  /** Name says nothing: made from the class by the framework. */
  readonly anonymous: boolean;
  /** Whether anything inside has parameters. */
  readonly weighted: boolean;
  /** For a repeat: the copies are equal only in likeness. */
  readonly similar: boolean;
  /** Shape that leaves it, as text. */
  readonly out: string;
}

export interface Level {
  readonly items: readonly Item[];
  /** [item] Places of its producers in the level, rising, without repetition; all before its own. */
  readonly inputs: readonly (readonly number[])[];
}

/** Gives each distinct text a number. */
export type Intern = (text: string) => number;

export function interner(): Intern {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
}

/**
 * An order of `n` nodes from producers to consumers, as near to the given one as that allows.
 * In a cycle the node that comes first in the given order is taken first, so that few edges go back. O((n + e) log n).
 */
export function topological(n: number, edges: readonly (readonly [number, number])[]): number[] {
  const consumers: number[][] = Array.from({ length: n }, () => []);
  const waiting = new Int32Array(n);
  for (const [from, to] of edges) {
    if (from === to) continue;
    consumers[from]?.push(to);
    waiting[to] = (waiting[to] ?? 0) + 1;
  }
  const ready = new Heap();
  const done = new Uint8Array(n);
  for (let k = 0; k < n; k++) if (waiting[k] === 0) ready.push(k);
  const order: number[] = [];
  let stuck = 0;
  while (order.length < n) {
    let next = ready.pop();
    if (next === undefined) {
      while (done[stuck] === 1) stuck++;
      next = stuck;
    }
    if (done[next] === 1) continue;
    done[next] = 1;
    order.push(next);
    for (const to of consumers[next] ?? []) {
      const left = (waiting[to] ?? 0) - 1;
      waiting[to] = left;
      if (left === 0 && done[to] === 0) ready.push(to);
    }
  }
  return order;
}

/** A level of these items; edges are pairs of places in `items`, and those that close a cycle are left out. */
export function makeLevel(items: readonly Item[], edges: readonly (readonly [number, number])[]): Level {
  const order = topological(items.length, edges);
  const place = new Int32Array(items.length);
  order.forEach((item, at) => {
    place[item] = at;
  });
  const inputs: Set<number>[] = items.map(() => new Set());
  for (const [from, to] of edges) {
    const a = place[from] ?? 0;
    const b = place[to] ?? 0;
    if (a < b) inputs[b]?.add(a);
  }
  return { items: order.flatMap((k) => items[k] ?? []), inputs: inputs.map((set) => [...set].sort((a, b) => a - b)) };
}

/** The edges of a level as pairs of places. */
export function edgesOf(level: Level): [number, number][] {
  return level.inputs.flatMap((inputs, to) => inputs.map((from): [number, number] => [from, to]));
}

/** Part of a level by places, which keep their order. */
export function part(level: Level, places: readonly number[]): Level {
  const at = new Map(places.map((place, index) => [place, index]));
  return {
    items: places.flatMap((place) => level.items[place] ?? []),
    inputs: places.map((place) => (level.inputs[place] ?? []).flatMap((input) => at.get(input) ?? [])),
  };
}

export interface Interval {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly item: Item;
}

/** The level with runs of items each replaced by one. Intervals are disjoint; a run of a topological order makes no cycle. */
export function replace(level: Level, intervals: readonly Interval[]): Level {
  const sorted = [...intervals].sort((a, b) => a.start - b.start);
  const place = new Int32Array(level.items.length);
  const items: Item[] = [];
  let next = 0;
  for (let k = 0; k < level.items.length; ) {
    const interval = sorted[next];
    const end = interval !== undefined && interval.start === k ? interval.end : k + 1;
    const item = interval !== undefined && interval.start === k ? interval.item : level.items[k];
    if (interval !== undefined && interval.start === k) next++;
    place.fill(items.length, k, end);
    if (item !== undefined) items.push(item);
    k = end;
  }
  const inputs: Set<number>[] = items.map(() => new Set());
  level.inputs.forEach((from, to) => {
    const b = place[to] ?? 0;
    for (const k of from) {
      const a = place[k] ?? 0;
      if (a !== b) inputs[b]?.add(a);
    }
  });
  return { items, inputs: inputs.map((set) => [...set].sort((a, b) => a - b)) };
}

/** [item + 1] How many values made before each place are used at or after it. Where it is 1 or 0 the level can be cut in two. */
export function crossing(level: Level): Int32Array {
  const n = level.items.length;
  const last = new Int32Array(n).fill(-1);
  level.inputs.forEach((inputs, to) => {
    for (const from of inputs) last[from] = Math.max(last[from] ?? -1, to);
  });
  const change = new Int32Array(n + 2);
  last.forEach((to, from) => {
    if (to < 0) return;
    change[from + 1] = (change[from + 1] ?? 0) + 1;
    change[to + 1] = (change[to + 1] ?? 0) - 1;
  });
  const live = new Int32Array(n + 1);
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    sum += change[k] ?? 0;
    live[k] = sum;
  }
  return live;
}

/** Least first. */
class Heap {
  private readonly values: number[] = [];

  push(value: number): void {
    const { values } = this;
    let at = values.length;
    values.push(value);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const above = values[up] ?? 0;
      if (above <= value) break;
      values[at] = above;
      at = up;
    }
    values[at] = value;
  }

  pop(): number | undefined {
    const { values } = this;
    const top = values[0];
    const value = values.pop();
    if (top === undefined || value === undefined || values.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= values.length) break;
      if ((values[down + 1] ?? Infinity) < (values[down] ?? 0)) down++;
      const below = values[down] ?? 0;
      if (below >= value) break;
      values[at] = below;
      at = down;
    }
    values[at] = value;
    return top;
  }
}
