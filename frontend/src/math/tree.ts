/** The payloads `structure` and `parameters`, joined to layers that know their parameters, neighbours and depth. */
import type { Json, Parameter, Parameters, Structure } from '../schema.gen';
import { elements, type Shape, shapeAt } from './shapes';

export interface Tensor {
  readonly shape: Shape;
  /** Undefined when not known. */
  readonly dtype: string | undefined;
}

/** A parameter, and the layers that use it. */
export interface Weight extends Parameter {
  readonly shape: Shape;
  /** 0 where it is not known. */
  readonly size: number;
  /** Whether the log tells how large it is. */
  readonly isSized: boolean;
  /** The weight that this one is the same array as: itself, unless tied. */
  readonly array: number;
  /** Nodes that own it: each call of its layer; empty when its layer is not in the structure. */
  readonly nodes: readonly number[];
}

/** One node of the structure: a call of a layer, or an operation. Its place in `Model.layers` is its index. */
export interface Layer {
  readonly index: number;
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  /** Path of the layer that is called, the same for each call; empty for an operation. */
  readonly layer: string;
  /** From 0. */
  readonly call: number;
  /** How many calls of this layer the model makes. */
  readonly calls: number;
  readonly class: string;
  readonly config: Readonly<Record<string, Json>>;
  /** Index of the node around it, −1 at the top. */
  readonly parent: number;
  readonly children: readonly number[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Own weights, by index. */
  readonly weights: readonly number[];
  /** The shape of the first of them that has two axes or more. */
  readonly kernel: Shape | undefined;
  /** Multiply-adds of one example, forward; undefined when not counted. */
  readonly macs: number | undefined;
  readonly activationBytes: number | undefined;
  /** Whether the edges between its children were told. */
  readonly edgesKnown: boolean;
}

export interface Edge {
  readonly from: number;
  readonly slot: number;
  readonly to: number;
  readonly toSlot: number;
}

/** Numbers of parameters, each array counted once; `other` are statistics and scales. State is in none. Arrays of unknown size are `unknown`. */
export interface Count {
  readonly total: number;
  readonly trainable: number;
  readonly frozen: number;
  readonly other: number;
  readonly unknown: number;
}

export interface Model {
  readonly name: string;
  readonly source: Structure['source'];
  readonly notes: readonly string[];
  readonly layers: readonly Layer[];
  readonly edges: readonly Edge[];
  readonly weights: readonly Weight[];
  readonly count: Count;
  /** Weights whose layer is not in the structure, by index. */
  readonly missing: readonly number[];
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, number>>;
}

export const NONE: Count = { total: 0, trainable: 0, frozen: 0, other: 0, unknown: 0 };

/** Reads a model; without `parameters`, no layer has any. */
export function readModel(structure: Structure, parameters: Parameters | undefined): Model {
  const byLayer = new Map<string, number[]>();
  structure.nodes.forEach((node, index) => {
    if (node.layer !== '') push(byLayer, node.layer, index);
  });
  const weights = readWeights(parameters, byLayer);
  const own: number[][] = structure.nodes.map(() => []);
  weights.forEach((weight, index) => {
    for (const node of weight.nodes) own[node]?.push(index);
  });
  const children: number[][] = structure.nodes.map(() => []);
  structure.parent.forEach((parent, index) => {
    children[parent]?.push(index);
  });
  const outputs = structure.nodes.map((_, index) => outputsOf(structure, index));
  const edges = readEdges(structure);
  const incoming: Edge[][] = structure.nodes.map(() => []);
  for (const edge of edges) incoming[edge.to]?.push(edge);
  const layers = structure.nodes.map(
    (node, index): Layer => ({
      index,
      path: node.path,
      name: node.path.slice(node.path.lastIndexOf('/') + 1) || node.path,
      layer: node.layer,
      call: node.call,
      calls: byLayer.get(node.layer)?.length ?? 1,
      class: node.class,
      config: node.config,
      parent: structure.parent[index] ?? -1,
      children: children[index] ?? [],
      inputs: (incoming[index] ?? [])
        .sort((a, b) => a.toSlot - b.toSlot)
        .map((edge) => outputs[edge.from]?.[edge.slot])
        .filter((tensor) => tensor !== undefined),
      outputs: outputs[index] ?? [],
      weights: own[index] ?? [],
      kernel: own[index]?.map((weight) => weights[weight]?.shape).find((shape) => shape !== undefined && shape.length >= 2),
      macs: counted(structure.macs[index]),
      activationBytes: counted(structure.activation_bytes[index]),
      edgesKnown: structure.edges_known[index] !== 0,
    }),
  );
  return {
    name: structure.model,
    source: structure.source,
    notes: structure.notes,
    layers,
    edges,
    weights,
    count: countOf(weights),
    missing: weights.flatMap((weight, index) => (weight.nodes.length === 0 ? [index] : [])),
    inputs: structure.inputs,
    outputs: structure.outputs,
  };
}

/** Counts weights, arrays that are tied or listed twice once. */
export function countOf(weights: readonly Weight[]): Count {
  const seen = new Set<number>();
  let count = NONE;
  for (const weight of weights) {
    if (seen.has(weight.array)) continue;
    seen.add(weight.array);
    count = plus(count, weight);
  }
  return count;
}

/** A count with one more array in it. */
export function plus(count: Count, weight: Weight): Count {
  const { role, size, isSized } = weight;
  if (role === 'state') return count;
  return {
    total: count.total + size,
    trainable: count.trainable + (role === 'trainable' ? size : 0),
    frozen: count.frozen + (role === 'frozen' ? size : 0),
    other: count.other + (role === 'statistic' || role === 'scale' ? size : 0),
    unknown: count.unknown + (isSized ? 0 : 1),
  };
}

function readWeights(parameters: Parameters | undefined, byLayer: ReadonlyMap<string, number[]>): Weight[] {
  if (parameters === undefined) return [];
  const places = new Map(parameters.parameters.map((parameter, index) => [parameter.path, index]));
  return parameters.parameters.map((parameter, index) => {
    const of = shapeAt(parameters.shape, parameters.shape_end, index);
    const array = parameter.tied_to === null ? index : (places.get(parameter.tied_to) ?? index);
    // Without a type, no axes are no scalar: nothing tells its shape.
    const isSized = parameter.dtype !== '' || of.length > 0;
    return { ...parameter, shape: of, size: isSized ? (elements(of) ?? 0) : 0, isSized, array, nodes: owners(parameter.layer, byLayer) };
  });
}

/** Nodes of a layer, or of the nearest layer around it that the structure has: parts of a layer may be left out of it. */
function owners(layer: string, byLayer: ReadonlyMap<string, number[]>): readonly number[] {
  for (let path = layer; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    const nodes = byLayer.get(path);
    if (nodes !== undefined) return nodes;
  }
  return [];
}

function readEdges(structure: Structure): Edge[] {
  const { edge } = structure;
  const edges: Edge[] = [];
  for (let k = 0; k + 3 < edge.length; k += 4) {
    edges.push({ from: edge[k] ?? 0, slot: edge[k + 1] ?? 0, to: edge[k + 2] ?? 0, toSlot: edge[k + 3] ?? 0 });
  }
  return edges;
}

function outputsOf(structure: Structure, node: number): Tensor[] {
  const outputs: Tensor[] = [];
  for (let k = node === 0 ? 0 : (structure.output_end[node - 1] ?? 0); k < (structure.output_end[node] ?? 0); k++) {
    outputs.push({ shape: shapeAt(structure.shape, structure.shape_end, k), dtype: structure.dtypes[structure.dtype[k] ?? -1] });
  }
  return outputs;
}

function counted(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
