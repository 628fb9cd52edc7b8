/**
 * Layered layout of one scope (Sugiyama, Tagawa and Toda 1981): ranks by longest path, dummies where an edge passes a rank,
 * order by barycentres, x by isotonic regression towards the neighbours. No recursion and no chance: the same graph gives the
 * same picture, and 10 000 nodes do not overflow.
 */

import { countCrossings, order } from './layout_order';
import { place } from './layout_place';
import { topological } from './levels';

export interface NodeSize {
  readonly width: number;
  readonly height: number;
  /** A port of the scope, in a rank of its own above or below all other nodes. */
  readonly pin?: 'top' | 'bottom';
}

export interface Link {
  readonly from: number;
  readonly to: number;
  /** Where it leaves and enters, as an offset from the left of the node; its middle when not given. */
  readonly fromX?: number;
  readonly toX?: number;
  /** Runs in one lane with the others of its source that are bundled. */
  readonly isBundled?: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** [node] Upper left corner. */
  readonly nodes: readonly Point[];
  /**
   * [edge] From the bottom of one node to the top of the other: straight down from each even point to the next, a curve from
   * each odd one. An edge that closes a cycle is turned, and its points still go down.
   */
  readonly routes: readonly (readonly Point[])[];
  /** [edge] Whether it was turned, because it closes a cycle. */
  readonly turned: readonly boolean[];
  readonly crossings: number;
}

export interface Gaps {
  /** Between neighbours of a rank. */
  readonly x: number;
  /** Between ranks. */
  readonly y: number;
  /** Between ports and the rank beside them; as `y` when not given. */
  readonly port?: number;
}

/** What takes part in a rank: a node, or a dummy where an edge passes. */
export interface Slot {
  readonly node: number;
  readonly width: number;
}

/** A step of an edge from one rank to the next, between slots. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Offset of its ends from the middle of their slots. */
  readonly fromX: number;
  readonly toX: number;
}

export interface Ranked {
  readonly slots: readonly Slot[];
  /** [rank] Slots in the order of the nodes that they come from. */
  readonly ranks: readonly (readonly number[])[];
  readonly segments: readonly Segment[];
}

/** Width of a lane for a passing edge. */
const LANE = 8;

/** Lays out a graph. Loops are left out: their routes are empty. */
export function layOut(nodes: readonly NodeSize[], links: readonly Link[], gaps: Gaps): Picture {
  const { rank, turned } = rankNodes(nodes, links);
  const { ranked, chains } = insertDummies(nodes, links, rank, turned);
  const ordered = order(ranked);
  const x = place(ranked, ordered, gaps.x);
  const height = ordered.map((slots) => Math.max(0, ...slots.map((slot) => nodes[ranked.slots[slot]?.node ?? -1]?.height ?? 0)));
  const tops = nodes.some((node) => node.pin === 'top');
  const bottoms = nodes.some((node) => node.pin === 'bottom');
  const gapAfter = (r: number) => ((r === 0 && tops) || (r === height.length - 2 && bottoms) ? (gaps.port ?? gaps.y) : gaps.y);
  const top: number[] = [];
  let y = 0;
  height.forEach((h, r) => {
    top[r] = y;
    y += h + (r === height.length - 1 ? 0 : gapAfter(r));
  });
  // Node n is slot n.
  const corners = nodes.map((node, n): Point => ({ x: (x[n] ?? 0) - node.width / 2, y: top[rank[n] ?? 0] ?? 0 }));
  const routes = chains.map((chain) => {
    const points: Point[] = [];
    chain.forEach((segment, k) => {
      const { from, to, fromX, toX } = ranked.segments[segment] ?? { from: 0, to: 0, fromX: 0, toX: 0 };
      const first = corners[from];
      const startX = (x[from] ?? 0) + fromX;
      const endX = (x[to] ?? 0) + toX;
      const at = (rank[ranked.slots[chainStart(chain, ranked)]?.node ?? 0] ?? 0) + k;
      const bottom = (top[at] ?? 0) + (height[at] ?? 0);
      if (k === 0) points.push({ x: startX, y: (first?.y ?? 0) + (nodes[from]?.height ?? 0) });
      points.push({ x: startX, y: bottom }, { x: endX, y: top[at + 1] ?? bottom });
    });
    return points;
  });
  let width = 0;
  corners.forEach((corner, n) => {
    width = Math.max(width, corner.x + (nodes[n]?.width ?? 0));
  });
  for (const route of routes) for (const point of route) width = Math.max(width, point.x);
  return { width, height: y, nodes: corners, routes, turned, crossings: countCrossings(ranked, ordered) };
}

function chainStart(chain: readonly number[], ranked: Ranked): number {
  return ranked.segments[chain[0] ?? 0]?.from ?? 0;
}

/** Longest path from the sources; then each source is pulled down to its first consumer, so that its edges are short. */
function rankNodes(nodes: readonly NodeSize[], links: readonly Link[]): { rank: number[]; turned: boolean[] } {
  const n = nodes.length;
  const sequence = topological(
    n,
    links.map(({ from, to }) => [from, to]),
  );
  const at = new Int32Array(n);
  sequence.forEach((node, k) => {
    at[node] = k;
  });
  const turned = links.map(({ from, to }) => (at[from] ?? 0) > (at[to] ?? 0));
  const down: number[][] = nodes.map(() => []);
  const fed = new Uint8Array(n);
  links.forEach(({ from, to }, k) => {
    if (from === to || nodes[from]?.pin !== undefined || nodes[to]?.pin !== undefined) return;
    down[turned[k] === true ? to : from]?.push(turned[k] === true ? from : to);
    fed[turned[k] === true ? from : to] = 1;
  });
  const rank: number[] = nodes.map(() => 0);
  for (const node of sequence) for (const to of down[node] ?? []) rank[to] = Math.max(rank[to] ?? 0, (rank[node] ?? 0) + 1);
  for (const node of sequence) {
    if (fed[node] === 1 || (down[node]?.length ?? 0) === 0) continue;
    rank[node] = Math.min(...(down[node] ?? []).map((to) => rank[to] ?? 0)) - 1;
  }
  const tops = nodes.some((node) => node.pin === 'top');
  const bottoms = nodes.some((node) => node.pin === 'bottom');
  const inner = nodes.flatMap((node, k) => (node.pin === undefined ? [rank[k] ?? 0] : []));
  const least = inner.reduce((a, b) => Math.min(a, b), Infinity);
  const most = inner.reduce((a, b) => Math.max(a, b), -Infinity);
  const shift = (tops ? 1 : 0) - (Number.isFinite(least) ? least : 0);
  const last = (Number.isFinite(most) ? most : -1) + shift;
  return {
    rank: nodes.map((node, k) => (node.pin === 'top' ? 0 : node.pin === 'bottom' ? last + (bottoms ? 1 : 0) : (rank[k] ?? 0) + shift)),
    turned,
  };
}

/** Cuts edges at each rank. [edge] chain: its segments, from the upper node to the lower one. */
function insertDummies(
  nodes: readonly NodeSize[],
  links: readonly Link[],
  rank: readonly number[],
  turned: readonly boolean[],
): { ranked: Ranked; chains: number[][] } {
  const slots: Slot[] = nodes.map((node, n) => ({ node: n, width: node.width }));
  const ranks: number[][] = Array.from({ length: rank.reduce((a, b) => Math.max(a, b), 0) + 1 }, () => []);
  nodes.forEach((_, n) => {
    ranks[rank[n] ?? 0]?.push(n);
  });
  const segments: Segment[] = [];
  const lanes = new Map<string, number>();
  const drawn = new Map<string, number>();
  const chains = links.map((link, k) => {
    const back = turned[k] === true;
    const upper = back ? link.to : link.from;
    const lower = back ? link.from : link.to;
    const chain: number[] = [];
    const offset = (node: number, x: number | undefined) => (x === undefined ? 0 : x - (nodes[node]?.width ?? 0) / 2);
    let from = upper;
    let fromX = offset(upper, back ? link.toX : link.fromX);
    for (let r = (rank[upper] ?? 0) + 1; r <= (rank[lower] ?? 0); r++) {
      const arrives = r === rank[lower];
      const lane = link.isBundled === true && !back ? `${upper} ${r}` : undefined;
      const to = arrives ? lower : (lanes.get(lane ?? '') ?? slots.length);
      if (!arrives && to === slots.length) {
        slots.push({ node: -1, width: LANE });
        ranks[r]?.push(to);
        if (lane !== undefined) lanes.set(lane, to);
      }
      // A piece of a common lane is one piece.
      const piece = lane === undefined || arrives ? undefined : `${from} ${to}`;
      const known = drawn.get(piece ?? '');
      if (known !== undefined) chain.push(known);
      else {
        if (piece !== undefined) drawn.set(piece, segments.length);
        chain.push(segments.length);
        segments.push({ from, to, fromX, toX: arrives ? offset(lower, back ? link.fromX : link.toX) : 0 });
      }
      from = to;
      fromX = 0;
    }
    return chain;
  });
  return { ranked: { slots, ranks, segments }, chains };
}
