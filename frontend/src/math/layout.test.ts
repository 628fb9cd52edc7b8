import dagre from '@dagrejs/dagre';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type Link, layOut, type NodeSize, type Picture } from './layout';
import { topological } from './levels';

// A machine under load is no failure.
vi.setConfig({ testTimeout: 60_000 });

const GAPS = { x: 24, y: 40 };

const sizes = fc.record({ width: fc.integer({ min: 1, max: 300 }), height: fc.integer({ min: 1, max: 200 }) });

/** Graphs of up to 24 nodes; acyclic unless asked otherwise. */
function graphs(cyclic: boolean): fc.Arbitrary<{ nodes: NodeSize[]; links: Link[] }> {
  return fc.array(sizes, { minLength: 1, maxLength: 24 }).chain((nodes) =>
    fc.array(fc.tuple(fc.nat(nodes.length - 1), fc.nat(nodes.length - 1)), { maxLength: 40 }).map((pairs) => ({
      nodes,
      links: pairs.map(([a, b]) => (cyclic ? { from: a, to: b } : { from: Math.min(a, b), to: Math.max(a, b) })),
    })),
  );
}

function boxes(nodes: readonly NodeSize[], picture: Picture) {
  return nodes.map((node, k) => {
    const { x, y } = picture.nodes[k] ?? { x: Number.NaN, y: Number.NaN };
    return { left: x, right: x + node.width, top: y, bottom: y + node.height };
  });
}

test('every edge goes down, from the bottom of its producer to the top of its consumer', () => {
  fc.assert(
    fc.property(graphs(false), ({ nodes, links }) => {
      const picture = layOut(nodes, links, GAPS);
      const at = boxes(nodes, picture);
      links.forEach(({ from, to }, k) => {
        const route = picture.routes[k] ?? [];
        expect(picture.turned[k]).toBe(false);
        if (from === to) return;
        route.forEach((point, j) => {
          expect(point.y).toBeGreaterThanOrEqual(route[j - 1]?.y ?? -Infinity);
        });
        expect(route[0]?.y).toBeCloseTo(at[from]?.bottom ?? Number.NaN);
        expect(route.at(-1)?.y).toBeCloseTo(at[to]?.top ?? Number.NaN);
        expect((at[to]?.top ?? 0) - (at[from]?.bottom ?? 0)).toBeGreaterThanOrEqual(GAPS.y - 1e-6);
      });
    }),
  );
});

test('no two boxes overlap, and neighbours keep their gap', () => {
  fc.assert(
    fc.property(graphs(true), ({ nodes, links }) => {
      const at = boxes(nodes, layOut(nodes, links, GAPS));
      at.forEach((a, i) => {
        expect(a.left).toBeGreaterThanOrEqual(-1e-6);
        for (const b of at.slice(i + 1)) {
          const apart = a.right + GAPS.x <= b.left + 1e-6 || b.right + GAPS.x <= a.left + 1e-6 || a.bottom <= b.top || b.bottom <= a.top;
          expect(apart).toBe(true);
        }
      });
    }),
  );
});

test('no edge passes through a box', () => {
  fc.assert(
    fc.property(graphs(false), ({ nodes, links }) => {
      const picture = layOut(nodes, links, GAPS);
      const at = boxes(nodes, picture);
      links.forEach(({ from, to }, k) => {
        const route = picture.routes[k] ?? [];
        // Straight pieces; the curves between lie in gaps, where there are no boxes.
        for (let j = 0; j + 1 < route.length; j += 2) {
          const [a, b] = [route[j], route[j + 1]];
          if (a === undefined || b === undefined) continue;
          expect(a.x).toBe(b.x);
          at.forEach((box, n) => {
            if (n === from || n === to || b.y <= box.top || a.y >= box.bottom) return;
            expect(a.x <= box.left || a.x >= box.right).toBe(true);
          });
        }
      });
    }),
  );
});

test('the same graph gives the same picture', () => {
  fc.assert(
    fc.property(graphs(true), ({ nodes, links }) => {
      expect(layOut(nodes, links, GAPS)).toEqual(layOut(nodes, links, GAPS));
    }),
  );
});

test('an edge is turned only in a cycle', () => {
  fc.assert(
    fc.property(graphs(true), ({ nodes, links }) => {
      const picture = layOut(nodes, links, GAPS);
      const kept = links.filter((_, k) => picture.turned[k] === false).map(({ from, to }): [number, number] => [from, to]);
      const place = topological(nodes.length, kept);
      for (const [from, to] of kept) if (from !== to) expect(place.indexOf(from)).toBeLessThan(place.indexOf(to));
    }),
  );
  expect(
    layOut(
      [
        { width: 9, height: 9 },
        { width: 9, height: 9 },
      ],
      [
        { from: 0, to: 1 },
        { from: 1, to: 0 },
      ],
      GAPS,
    ).turned,
  ).toEqual([false, true]);
});

test('ports lie above and below all other nodes', () => {
  const nodes: NodeSize[] = [
    { width: 50, height: 20 },
    { width: 50, height: 20 },
    { width: 0, height: 0, pin: 'top' },
    { width: 0, height: 0, pin: 'bottom' },
  ];
  const picture = layOut(
    nodes,
    [
      { from: 2, to: 1 },
      { from: 0, to: 3 },
    ],
    GAPS,
  );
  expect(picture.nodes.map((point) => point.y)).toEqual([40, 40, 0, 100]);
});

test('a chain is one straight column, and a skip beside it does not bend it', () => {
  const nodes = Array.from({ length: 6 }, () => ({ width: 100, height: 40 }));
  const links = [0, 1, 2, 3, 4].map((k) => ({ from: k, to: k + 1 })).concat({ from: 1, to: 4 });
  const picture = layOut(nodes, links, GAPS);
  const x = picture.nodes.map((point) => point.x);
  expect(Math.max(...x) - Math.min(...x)).toBeLessThan(0.5);
  expect(picture.crossings).toBe(0);
});

test('about as few crossings as dagre on small graphs', () => {
  let own = 0;
  let oracle = 0;
  const sample = fc.sample(graphs(false), { numRuns: 60, seed: 7 });
  for (const { nodes, links } of sample) {
    const plain = links.filter(
      (link, k) => link.from !== link.to && links.findIndex((l) => l.from === link.from && l.to === link.to) === k,
    );
    own += layOut(nodes, plain, GAPS).crossings;
    oracle += crossingsOfDagre(nodes, plain);
  }
  // dagre bends edges in longer lists of ranks, so its count is an under-estimate where its polylines meet in a point.
  expect(own).toBeLessThanOrEqual(oracle * 1.25 + 10);
});

/** Pairs of polylines that cross in dagre's picture. */
function crossingsOfDagre(nodes: readonly NodeSize[], links: readonly Link[]): number {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ ranker: 'longest-path' });
  graph.setDefaultEdgeLabel(() => ({}));
  nodes.forEach((node, k) => {
    graph.setNode(String(k), { width: node.width, height: node.height });
  });
  for (const { from, to } of links) graph.setEdge(String(from), String(to));
  dagre.layout(graph);
  const segments = links.flatMap(({ from, to }, edge) => {
    const { points } = graph.edge(String(from), String(to));
    return points.slice(1).map((b: { x: number; y: number }, k: number) => ({ edge, from, to, a: points[k] ?? b, b }));
  });
  let crossings = 0;
  segments.forEach((s, i) => {
    for (const t of segments.slice(i + 1)) {
      if (s.edge === t.edge || s.from === t.from || s.to === t.to) continue;
      if (side(s.a, s.b, t.a) * side(s.a, s.b, t.b) < 0 && side(t.a, t.b, s.a) * side(t.a, t.b, s.b) < 0) crossings++;
    }
  });
  return crossings;
}

function side(a: { x: number; y: number }, b: { x: number; y: number }, c: { x: number; y: number }): number {
  return Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
}

test('a chain of 10 000 nodes with skips is laid out without overflow', () => {
  const nodes = Array.from({ length: 10_000 }, () => ({ width: 10, height: 10 }));
  const links = nodes.slice(1).flatMap((_, k) => [{ from: k, to: k + 1 }, ...(k >= 3 ? [{ from: k - 3, to: k + 1 }] : [])]);
  const start = performance.now();
  expect(layOut(nodes, links, GAPS).routes).toHaveLength(links.length);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('an empty graph and a single node have a picture', () => {
  expect(layOut([], [], GAPS)).toMatchObject({ width: 0, height: 0, nodes: [], routes: [] });
  expect(layOut([{ width: 30, height: 20 }], [{ from: 0, to: 0 }], GAPS)).toMatchObject({ width: 30, height: 20, routes: [[]] });
});

test('bundled edges of one source run in one lane', () => {
  const nodes = Array.from({ length: 6 }, () => ({ width: 40, height: 20 }));
  const chain = [1, 2, 3, 4].map((from) => ({ from, to: from + 1 }));
  const from = (isBundled: boolean) => [1, 2, 3, 4, 5].map((to) => ({ from: 0, to, isBundled }));
  // The most lanes at one rank: an edge is at the top of a rank at its even points, and ends at its last one.
  const lanes = (isBundled: boolean) => {
    const { routes } = layOut(nodes, [...chain, ...from(isBundled)], { x: 10, y: 10 });
    const own = routes.slice(chain.length);
    return Math.max(...[2, 4, 6].map((k) => new Set(own.flatMap((route) => (k < route.length - 1 ? [route[k]?.x] : []))).size));
  };
  expect(lanes(true)).toBe(1);
  expect(lanes(false)).toBeGreaterThan(1);
});
