/** Where everything of a model is drawn: open boxes are frames around a layout of their own, and edges cross their borders at ports. */
import { type Box, type Boxes, content } from '../../math/folding';
import { type Link, layOut, type NodeSize, type Point } from '../../math/layout';
import type { Edge, Model } from '../../math/tree';
import { isMask } from './mask_edges';

/** Which way the values go. */
export type Direction = 'down' | 'right';

export interface Placed {
  readonly box: Box;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly open: boolean;
  /** Id of the open box around it, −1 at the top. */
  readonly scope: number;
}

/** A piece of an edge in one scope: from a box or where it enters the scope, to a box or where it leaves. */
export interface Wire {
  /** Box that the value comes from. */
  readonly source: number;
  /** Box that the piece ends at; −1 when it goes on outside. */
  readonly target: number;
  readonly points: readonly Point[];
  /** Closes a cycle: drawn dashed, its arrow at the end that comes first. */
  readonly turned: boolean;
  /** Carries a mask and nothing else: drawn dotted. */
  readonly isMask: boolean;
}

/** Where the text begins, or ends, on its base line. */
export interface Label extends Point {
  /** Box whose shape it says. */
  readonly box: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** A value that leaves the model, or that nothing takes: a short line out of its box. */
export interface Stub extends Point {
  readonly box: number;
  /** What the model calls it, or how many are unused; empty where there is no room for it. */
  readonly name: string;
  readonly isUnused: boolean;
}

export interface Picture {
  readonly direction: Direction;
  readonly width: number;
  readonly height: number;
  /** Frames before what they hold. */
  readonly placed: readonly Placed[];
  readonly wires: readonly Wire[];
  /** Where edges enter a frame. */
  readonly dots: readonly Point[];
  /** Where a value leaves a box for another one beside it: one label for all its edges. */
  readonly labels: readonly Label[];
  readonly stubs: readonly Stub[];
  /** Every edge between two boxes on the page, once. */
  readonly pairs: readonly (readonly [from: number, to: number])[];
}

/** Sizes by direction: side by side there is less room for each. */
export const CARD = { down: { width: 280, height: 46 }, right: { width: 196, height: 46 } };
export const PILL = { width: 124, height: 28 };
/** `x` across the direction, `y` along it. */
export const GAPS = { down: { x: 24, y: 32, port: 20 }, right: { x: 18, y: 104, port: 26 } };
/** Height of a frame's title; a repeat has a strip of copies under it. */
export const HEADER = { plain: 28, repeat: 46 };
const PADDING = 16;

/** A scope while it is laid out: what lies in it, and the edges that run there. */
interface Scope {
  readonly items: readonly number[];
  readonly links: Map<string, { from: string; to: string; source: number; isMask: boolean }>;
}

interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

interface Inside {
  readonly width: number;
  readonly height: number;
  /** Areas of boxes by id; middles of ports. */
  readonly at: ReadonlyMap<string, Area>;
  readonly wires: readonly {
    readonly from: string;
    readonly to: string;
    readonly source: number;
    readonly points: readonly Point[];
    readonly turned: boolean;
    readonly isMask: boolean;
  }[];
}

export function isPill(model: Model, box: Box): boolean {
  return box.layer >= 0 && box.children.length === 0 && model.layers[box.layer]?.layer === '';
}

/** Lays out what is visible when `open` boxes are open; `copies` says which copy of an open repeat is shown, by its id. */
export function draw(
  model: Model,
  boxes: Boxes,
  open: ReadonlySet<number>,
  copies: ReadonlyMap<number, number>,
  direction: Direction = 'down',
): Picture {
  const scopes = new Map<number, Scope>([[-1, { items: boxes.top, links: new Map() }]]);
  const scopeOf = new Map<number, number>();
  const order: number[] = [];
  const stack = [-1];
  for (let scope = stack.pop(); scope !== undefined; scope = stack.pop()) {
    order.push(scope);
    for (const id of scopes.get(scope)?.items ?? []) {
      scopeOf.set(id, scope);
      const box = boxes.list[id];
      if (box === undefined || !open.has(id) || box.children.length === 0) continue;
      scopes.set(id, { items: content(boxes, box, copies.get(id) ?? 0), links: new Map() });
      stack.push(id);
    }
  }
  const pairs = pairsOf(model, boxes, scopeOf);
  for (const { from, to, isMask } of pairs) route(from, to, isMask, scopes, scopeOf);
  const told = { inputs: toldOrder(boxes, model.inputs), outputs: toldOrder(boxes, model.outputs) };
  const insides = new Map<number, Inside>();
  // Scopes inside come later in `order`: their sizes are known before the scope around them is laid out.
  for (const scope of order.reverse()) {
    const made = scopes.get(scope);
    if (made !== undefined) insides.set(scope, arrange(model, boxes, made, scope, insides, told, direction));
  }
  const picture = assemble(boxes, scopes, insides, pairs, direction);
  const stubs = stubsOf(model, boxes, picture);
  const isDown = direction === 'down';
  // Those of the last boxes need room of their own.
  const past = (size: number, of: (stub: Stub) => number) => stubs.reduce((most, stub) => Math.max(most, of(stub)), size);
  return {
    ...picture,
    stubs,
    width: isDown ? labelled(picture) : past(picture.width, ({ x, name }) => x + (name === '' ? 10 : LABEL)),
    height: isDown ? past(picture.height, ({ y }) => y + 16) : picture.height,
  };
}

/** Edges between the boxes that stand for their ends, each pair once. */
function pairsOf(model: Model, boxes: Boxes, scopeOf: ReadonlyMap<number, number>): Pair[] {
  const stands = new Int32Array(boxes.list.length);
  for (const box of boxes.list) stands[box.id] = scopeOf.has(box.id) ? box.id : (stands[box.parent] ?? -1);
  const ends = endsOf(model);
  const pairs = new Map<string, Pair>();
  for (const edge of throughPorts(model, boxes)) {
    const from = stands[boxes.of[ends.leaves(edge)] ?? -1] ?? -1;
    const to = stands[boxes.of[ends.enters(edge)] ?? -1] ?? -1;
    if (from === to || from < 0 || to < 0) continue;
    const key = `${from} ${to}`;
    pairs.set(key, { from, to, isMask: isMask(model, edge) && pairs.get(key)?.isMask !== false });
  }
  return [...pairs.values()];
}

interface Pair {
  readonly from: number;
  readonly to: number;
  /** No edge between the two carries anything but a mask. */
  readonly isMask: boolean;
}

/** The edges of a model, those through the port of a model within it as one each: from what feeds the model to what its port feeds. */
function throughPorts(model: Model, boxes: Boxes): readonly Edge[] {
  const isPort = (index: number) => boxes.list[boxes.of[index] ?? -1]?.isPort === true;
  const portIn = new Map(model.layers.flatMap((layer) => (isPort(layer.index) ? [[layer.parent, layer.index] as const] : [])));
  if (portIn.size === 0) return model.edges;
  const feeds = new Map<number, Edge[]>();
  const handsOn = new Set<number>();
  for (const edge of model.edges) {
    feeds.set(edge.to, [...(feeds.get(edge.to) ?? []), edge]);
    if (isPort(edge.from)) handsOn.add(edge.from);
  }
  /** What feeds a port; through the ports of models around it. A model that holds itself is no model, but a log may say so. */
  const before = (port: number, seen: ReadonlySet<number>): readonly Edge[] =>
    (feeds.get(model.layers[port]?.parent ?? -1) ?? []).flatMap((edge) => {
      if (!isPort(edge.from)) return [edge];
      return seen.has(edge.from) ? [] : before(edge.from, new Set([...seen, edge.from]));
    });
  return model.edges.flatMap((edge): readonly Edge[] => {
    if (isPort(edge.from)) return before(edge.from, new Set([edge.from])).map(({ from, slot }) => ({ ...edge, from, slot }));
    return handsOn.has(portIn.get(edge.to) ?? -1) ? [] : [edge];
  });
}

/** An edge of a model within a model goes on to its own input, and comes from the layer that makes its output. */
export function endsOf(model: Model): { enters: (edge: Edge) => number; leaves: (edge: Edge) => number } {
  const feeds = new Set(
    model.edges.filter((edge) => model.layers[edge.from]?.parent === model.layers[edge.to]?.parent).map((edge) => edge.from),
  );
  const inner = (index: number, pick: (children: readonly number[]) => number | undefined) => {
    let at = index;
    for (let next = model.layers[at]; next?.edgesKnown === true; next = model.layers[at]) {
      const child = pick(next.children);
      if (child === undefined) break;
      at = child;
    }
    return at;
  };
  return {
    enters: (edge) =>
      inner(edge.to, (children) => {
        const inputs = children.filter((child) => model.layers[child]?.class === 'InputLayer');
        return inputs.length === 1 ? inputs[0] : inputs[edge.toSlot];
      }),
    leaves: (edge) =>
      inner(edge.from, (children) => {
        const ends = children.filter((child) => !feeds.has(child));
        return ends.length === 1 ? ends[0] : undefined;
      }),
  };
}

const entry = (source: number) => `>${source}`;
const exit = (source: number) => `<${source}`;

/** Adds an edge's pieces to the scopes that it runs through. */
function route(from: number, to: number, isMask: boolean, scopes: ReadonlyMap<number, Scope>, scopeOf: ReadonlyMap<number, number>): void {
  const around = new Set<number>([to]);
  for (let scope = scopeOf.get(to) ?? -1; ; scope = scopeOf.get(scope) ?? -1) {
    around.add(scope);
    if (scope < 0) break;
  }
  const link = (scope: number, a: string, b: string) => {
    const links = scopes.get(scope)?.links;
    const key = `${a} ${b} ${from}`;
    links?.set(key, { from: a, to: b, source: from, isMask: isMask && links.get(key)?.isMask !== false });
  };
  let upper = from;
  let scope = scopeOf.get(from) ?? -1;
  // The edge may end at an open box that it starts in, or start at one that it ends in.
  if (around.has(from)) {
    scope = from;
    upper = -1;
  } else {
    while (!around.has(scope)) {
      link(scope, String(upper), exit(from));
      upper = scope;
      scope = scopeOf.get(scope) ?? -1;
    }
  }
  const start = upper < 0 ? entry(from) : String(upper);
  if (scope === to) {
    link(scope, start, exit(from));
    return;
  }
  let lower = to;
  for (let down = scopeOf.get(to) ?? -1; down !== scope; down = scopeOf.get(down) ?? -1) {
    link(down, entry(from), String(lower));
    lower = down;
  }
  link(scope, start, String(lower));
}

/** Outputs that have a name of their own, and those of a layer that nothing takes. */
function stubsOf(model: Model, boxes: Boxes, { placed, direction }: Omit<Picture, 'stubs'>): Stub[] {
  const closed = new Map(placed.flatMap((each) => (each.open ? [] : [[each.box.id, each] as const])));
  const names = new Map<number, string[]>();
  const all = Object.entries(model.outputs);
  // The name of an only output tells nothing.
  for (const [name, node] of all.length > 1 ? all : []) {
    let id = boxes.of[node] ?? -1;
    while (id >= 0 && !closed.has(id)) id = boxes.list[id]?.parent ?? -1;
    if (id < 0 || /^\d+$/.test(name) || name === boxes.list[id]?.name || name === model.layers[node]?.name) continue;
    names.set(id, [...(names.get(id) ?? []), name]);
  }
  const taken = new Set(model.edges.map((edge) => `${edge.from} ${edge.slot}`));
  const outputs = new Set(Object.values(model.outputs));
  return [...closed.values()].flatMap(({ box, x, y, width, height, scope }): Stub[] => {
    const layer = model.layers[box.layer];
    const own = names.get(box.id) ?? [];
    // Which of its outputs the model gives is not told; those of a layer inside another are its own affair.
    // PyTorch hands on what it makes together in one edge, which does not tell what of it is taken.
    const isGiven = layer === undefined || model.source === 'torch' || outputs.has(layer.index) || layer.outputs.length < 2;
    const unused = isGiven ? 0 : layer.outputs.filter((_, slot) => !taken.has(`${layer.index} ${slot}`)).length;
    if (own.length === 0 && unused === 0) return [];
    const text = own.length > 0 ? own.join(', ') : `${unused} unused`;
    const at = direction === 'down' ? { x: x + STUB_AT, y: y + height } : { x: x + width, y: y + height - STUB_AT / 2 };
    return [{ ...at, box: box.id, name: direction === 'right' && scope >= 0 ? '' : text, isUnused: own.length === 0 }];
  });
}

/** Beside the middle, where edges leave. */
const STUB_AT = 20;

/** Places of boxes in the order in which the model tells its inputs or outputs, by id; of those around them too. */
function toldOrder(boxes: Boxes, nodes: Readonly<Record<string, number>>): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  Object.values(nodes).forEach((node, place) => {
    for (let id = boxes.of[node] ?? -1; id >= 0 && !places.has(id); id = boxes.list[id]?.parent ?? -1) places.set(id, place);
  });
  return places;
}

interface Told {
  readonly inputs: ReadonlyMap<number, number>;
  readonly outputs: ReadonlyMap<number, number>;
}

/** Items from left to right: in their order, but inputs and outputs of the model as it tells them. */
function inToldOrder(items: readonly number[], links: Scope['links'], told: Told): number[] {
  const ordered = [...items];
  const fed = new Set([...links.values()].map(({ to }) => to));
  const feeding = new Set([...links.values()].map(({ from }) => from));
  const sort = (places: ReadonlyMap<number, number>, isEnd: (key: string) => boolean) => {
    const at = ordered.flatMap((id, k) => (places.has(id) && isEnd(String(id)) ? [k] : []));
    const sorted = at.flatMap((k) => ordered[k] ?? []).sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
    at.forEach((k, n) => {
      ordered[k] = sorted[n] ?? -1;
    });
  };
  sort(told.inputs, (key) => !fed.has(key));
  sort(told.outputs, (key) => !feeding.has(key));
  return ordered;
}

function arrange(
  model: Model,
  boxes: Boxes,
  scope: Scope,
  id: number,
  insides: ReadonlyMap<number, Inside>,
  told: Told,
  direction: Direction,
): Inside {
  const keys: string[] = inToldOrder(scope.items, scope.links, told).map(String);
  const links = [...scope.links.values()];
  for (const { from, to } of links) for (const key of [from, to]) if (/^[<>]/.test(key) && !keys.includes(key)) keys.push(key);
  const index = new Map(keys.map((key, k) => [key, k]));
  const isDown = direction === 'down';
  // The layout goes down; to the right is the same with both axes changed.
  const turn = <T extends Point>(point: T): T => (isDown ? point : { ...point, x: point.y, y: point.x });
  const sizes = keys.map((key): { width: number; height: number } => {
    if (/^[<>]/.test(key)) return isDown ? PORT : { width: PORT.height, height: PORT.width };
    const inside = insides.get(Number(key));
    if (inside !== undefined) return { width: inside.width, height: inside.height };
    const box = boxes.list[Number(key)];
    return box !== undefined && isPill(model, box) ? PILL : CARD[direction];
  });
  const across = (area: Area | undefined) => (area === undefined ? undefined : isDown ? area.x : area.y);
  const laid = layOut(
    sizes.map(({ width, height }, k): NodeSize => {
      const size = isDown ? { width, height } : { width: height, height: width };
      const key = keys[k] ?? '';
      return key.startsWith('>') ? { ...size, pin: 'top' } : key.startsWith('<') ? { ...size, pin: 'bottom' } : size;
    }),
    links.map(({ from, to, source, isMask }): Link => {
      const leaves = across(insides.get(Number(from))?.at.get(exit(source)));
      const enters = across(insides.get(Number(to))?.at.get(entry(source)));
      return {
        from: index.get(from) ?? 0,
        to: index.get(to) ?? 0,
        ...(leaves === undefined ? {} : { fromX: leaves }),
        ...(enters === undefined ? {} : { toX: enters }),
        ...(isMask ? { isBundled: true } : {}),
      };
    }),
    GAPS[direction],
  );
  const box = boxes.list[id];
  const header = box?.kind === 'repeat' ? HEADER.repeat : HEADER.plain;
  // Downwards edges come in under the title, to the right at the border.
  const shift =
    box === undefined ? { x: 0, y: 0 } : isDown ? { x: PADDING, y: header + pad(keys, '>', 4) } : { x: pad(keys, '>', PADDING), y: header };
  const move = (point: Point): Point => ({ x: point.x + shift.x, y: point.y + shift.y });
  const column = links.length === 0 && keys.length > 1 ? stacked(sizes) : undefined;
  const at = new Map<string, Area>();
  keys.forEach((key, k) => {
    const corner = column?.[k] ?? turn(laid.nodes[k] ?? { x: 0, y: 0 });
    const { width, height } = sizes[k] ?? PORT;
    const isPort = /^[<>]/.test(key);
    at.set(key, { ...move({ x: corner.x + (isPort ? width / 2 : 0), y: corner.y + (isPort ? height / 2 : 0) }), width, height });
  });
  const whole = turn({ x: laid.width, y: laid.height });
  const height = column === undefined ? whole.y : sizes.reduce((sum, size) => sum + size.height + STACK_GAP, -STACK_GAP);
  const width = column === undefined ? whole.x : Math.max(...sizes.map((size) => size.width));
  const end = box === undefined ? 0 : pad(keys, '<', PADDING);
  return {
    width: isDown || box === undefined ? width + 2 * shift.x : Math.max(width + shift.x + end, NARROWEST),
    height: box === undefined ? height : height + shift.y + (isDown ? end : PADDING),
    at,
    wires: links.map((link, k) => ({ ...link, points: (laid.routes[k] ?? []).map(turn).map(move), turned: laid.turned[k] === true })),
  };
}

const PORT = { width: 8, height: 0 };

/** A frame has room for its title. */
const NARROWEST = 220;

/** Where edges cross the border, the gap to the first rank is space enough. */
function pad(keys: readonly string[], port: '<' | '>', otherwise: number): number {
  return keys.some((key) => key.startsWith(port)) ? 0 : otherwise;
}

const STACK_GAP = 10;

/** Layers without edges between them: one under the other, in their order. */
function stacked(sizes: readonly NodeSize[]): Point[] {
  const widest = Math.max(...sizes.map((size) => size.width));
  let y = 0;
  return sizes.map((size) => {
    const point = { x: (widest - size.width) / 2, y };
    y += size.height + STACK_GAP;
    return point;
  });
}

/** Puts the scopes into each other. */
function assemble(
  boxes: Boxes,
  scopes: ReadonlyMap<number, Scope>,
  insides: ReadonlyMap<number, Inside>,
  pairs: readonly Pair[],
  direction: Direction,
): Omit<Picture, 'stubs'> {
  const placed: Placed[] = [];
  const wires: Wire[] = [];
  const dots: Point[] = [];
  const labels = new Map<string, Labelled>();
  const stack: { scope: number; x: number; y: number }[] = [{ scope: -1, x: 0, y: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { scope, x, y } = next;
    const inside = insides.get(scope);
    if (inside === undefined) continue;
    for (const id of scopes.get(scope)?.items ?? []) {
      const box = boxes.list[id];
      const corner = inside.at.get(String(id));
      if (box === undefined || corner === undefined) continue;
      const open = insides.has(id);
      placed.push({ ...corner, box, x: x + corner.x, y: y + corner.y, open, scope });
      if (open) stack.push({ scope: id, x: x + corner.x, y: y + corner.y });
    }
    for (const wire of inside.wires) {
      const points = wire.points.map((point) => ({ x: point.x + x, y: point.y + y }));
      const target = wire.to.startsWith('<') ? -1 : Number(wire.to);
      wires.push({ source: wire.source, target, points, turned: wire.turned, isMask: wire.isMask });
      const [first] = points;
      if (first === undefined) continue;
      if (wire.from.startsWith('>')) dots.push(first);
      // What leaves a scope is labelled outside, where it goes on.
      else if (!wire.turned && !wire.isMask && target >= 0) {
        const key = `${scope} ${wire.from} ${wire.source}`;
        const known = labels.get(key);
        labels.set(key, { box: wire.source, start: first, ends: [...(known?.ends ?? []), points.at(-1) ?? first] });
      }
    }
  }
  const whole = insides.get(-1) ?? { width: 0, height: 0 };
  return {
    width: whole.width,
    height: whole.height,
    placed,
    wires,
    dots,
    labels: [...labels.values()].map((label) => (direction === 'down' ? beside(label, wires) : above(label))),
    pairs: pairs.map(({ from, to }) => [from, to] as const),
    direction,
  };
}

/** A value on its way to one box or several. */
interface Labelled {
  readonly box: number;
  readonly start: Point;
  readonly ends: readonly Point[];
}

/** About how wide a label is. */
const LABEL = 100;

/** The width of a picture with its labels. */
function labelled({ width, labels }: Pick<Picture, 'width' | 'labels'>): number {
  return labels.reduce((most, { x, anchor }) => (anchor === 'start' ? Math.max(most, x + LABEL) : most), width);
}

/** In the gap below a box: right of the line, left where an edge runs on the right, or over the rightmost end where edges run on both sides. */
function beside({ box, start: { x, y }, ends }: Labelled, wires: readonly Wire[]): Label {
  const gap = GAPS.down.y;
  let left = 0;
  let right = 0;
  for (const { points } of wires) {
    // Curves, from each odd point to the next, in the gap below the label's box.
    for (let k = 1; k + 1 < points.length; k += 2) {
      const [a, b] = [points[k], points[k + 1]];
      if (a === undefined || b === undefined || a.y > y + gap || b.y < y) continue;
      if (Math.max(a.x, b.x) > x + 12 && Math.min(a.x, b.x) < x + LABEL) right++;
      if (Math.min(a.x, b.x) < x - 12 && Math.max(a.x, b.x) > x - LABEL) left++;
    }
  }
  const last = ends.reduce((a, b) => (b.x > a.x ? b : a), { x, y });
  if (left > 0 && right > 0 && last.x > x + 1) return { box, x: last.x + 8, y: last.y - 7, anchor: 'start' };
  return right > left ? { box, x: x - 8, y: y + gap / 2 + 4, anchor: 'end' } : { box, x: x + 8, y: y + gap / 2 + 4, anchor: 'start' };
}

/** Over the line, where it begins; under it where it turns up at once; under its lowest end where it forks to both sides. */
function above({ box, start, ends }: Labelled): Label {
  const isUp = ends.some((end) => end.y < start.y - 1);
  const last = ends.reduce((a, b) => (b.y > a.y ? b : a), start);
  if (isUp && last.y > start.y + 1) return { box, x: last.x - 10, y: last.y + 13, anchor: 'end' };
  return { box, x: start.x + 6, y: start.y + (isUp ? 14 : -5), anchor: 'start' };
}
