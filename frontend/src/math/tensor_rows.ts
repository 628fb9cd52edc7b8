/** The rows of a table of parameters: layers in forward order, nested by their paths, that unfold into their parameters. */
import type { TensorRow, TensorSeries } from './tensor_series';

export interface RowNode {
  /** Path of the layer or group; of a parameter its own. */
  readonly path: string;
  /** What its path adds to its parent's. */
  readonly name: string;
  readonly kind: 'group' | 'layer' | 'parameter';
  /** Places of the parameters below it. */
  readonly members: Int32Array;
  readonly children: readonly RowNode[];
}

/** `layers`: one row each, whatever they lie in. `groups`: the outermost groups, to be unfolded. */
export type Fold = 'groups' | 'layers' | 'parameters';

export interface VisibleRow {
  readonly node: RowNode;
  readonly depth: number;
  readonly isOpen: boolean;
}

/**
 * The tree of layers of some parameters. A group of one is not a group: its name is joined with that of what it holds.
 *
 * @param kernelsOnly Leaves out parameters of fewer than two axes: biases and the scales of norms.
 */
export function rowTree(rows: readonly TensorRow[], kernelsOnly: boolean): readonly RowNode[] {
  const layers = new Map<string, number[]>();
  rows.forEach(({ layer, shape, role }, p) => {
    if (!isLearnt(role) || (kernelsOnly && !isKernel(shape))) return;
    const own = layers.get(layer) ?? [];
    layers.set(layer, own);
    own.push(p);
  });
  const made = [...layers].map(([layer, own]) => layerNode(layer, own, rows));
  return nested(made, '');
}

/** Whether an optimizer may change it, now or when it is not frozen: a moving mean follows the data instead. */
export function isLearnt(role: TensorRow['role']): boolean {
  return role === undefined || role === 'trainable' || role === 'frozen';
}

/** Whether it has two axes or more; one whose shape nobody tells may have them. */
export function isKernel(shape: TensorRow['shape']): boolean {
  return shape === undefined || shape.length > 1;
}

function layerNode(layer: string, own: readonly number[], rows: readonly TensorRow[]): RowNode {
  const children = own.map((p): RowNode => {
    const path = rows[p]?.path ?? '';
    return { path, name: below(path, layer), kind: 'parameter', members: Int32Array.of(p), children: [] };
  });
  // A layer that is its only parameter says nothing more when unfolded.
  const only = children.length === 1 && children[0]?.path === layer;
  return { path: layer, name: layer, kind: 'layer', members: Int32Array.from(own), children: only ? [] : children };
}

/** Layers gathered by the next part of their paths; a group stands where its first layer does. */
function nested(layers: readonly RowNode[], prefix: string): readonly RowNode[] {
  const groups = new Map<string, RowNode[]>();
  for (const layer of layers) {
    const rest = below(layer.path, prefix);
    const head = rest.split('/')[0] ?? rest;
    const path = prefix === '' ? head : `${prefix}/${head}`;
    const own = groups.get(path) ?? [];
    groups.set(path, own);
    own.push(layer);
  }
  return [...groups].map(([path, own]): RowNode => {
    const [first] = own;
    if (own.length === 1 && first !== undefined) return { ...first, name: below(first.path, prefix) };
    const children = nested(
      own.filter((layer) => layer.path !== path),
      path,
    );
    // A layer that holds others has parameters of its own: they come first.
    const itself = own.filter((layer) => layer.path === path).flatMap((layer) => layer.children);
    const [child] = children;
    if (children.length === 1 && itself.length === 0 && child !== undefined) return { ...child, name: below(child.path, prefix) };
    const members = Int32Array.from(own.flatMap((layer) => Array.from(layer.members))).sort();
    return { path, name: below(path, prefix), kind: 'group', members, children: [...itself, ...children] };
  });
}

/** What a path adds to that of what it lies in. */
export function below(path: string, prefix: string): string {
  return prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path;
}

/**
 * The rows that are seen.
 *
 * @param toggled Paths that are open where others like them are closed, or closed where they are open.
 */
export function visibleRows(tree: readonly RowNode[], fold: Fold, toggled: ReadonlySet<string>): readonly VisibleRow[] {
  const found: VisibleRow[] = [];
  const show = (node: RowNode, depth: number) => {
    const isOpen = node.children.length > 0 && toggled.has(node.path);
    found.push({ node, depth, isOpen });
    if (isOpen) for (const child of node.children) show(child, depth + 1);
  };
  for (const node of fold === 'groups' ? tree : flat(tree, fold)) show(node, 0);
  return found;
}

/** Layers without their groups, or parameters without their layers; named by their whole paths. */
function flat(tree: readonly RowNode[], fold: 'layers' | 'parameters'): readonly RowNode[] {
  return tree.flatMap((node): readonly RowNode[] => {
    const ends = node.kind === 'parameter' || node.children.length === 0 || (fold === 'layers' && node.kind === 'layer');
    return ends ? [{ ...node, name: node.path }] : flat(node.children, fold);
  });
}

/** Layers in a tree. */
export function layerCount(tree: readonly RowNode[]): number {
  return flat(tree, 'layers').length;
}

/** The seen row that a layer, a group or a parameter is in: its own, or the one it is folded into. −1: none. */
export function rowOf(rows: readonly VisibleRow[], path: string): number {
  let best = -1;
  let length = -1;
  rows.forEach(({ node }, i) => {
    if ((path === node.path || path.startsWith(`${node.path}/`)) && node.path.length > length) {
      best = i;
      length = node.path.length;
    }
  });
  return best;
}

/** Places, among another training's rows, of the parameters of the same paths. */
export function membersIn(members: ArrayLike<number>, from: TensorSeries, to: TensorSeries): Int32Array {
  if (from === to) return Int32Array.from(members);
  const places = new Map(to.rows.map(({ path }, p) => [path, p]));
  return Int32Array.from(Array.from(members).flatMap((p) => places.get(from.rows[p]?.path ?? '') ?? []));
}
