/** What boxes say of the layers in them. */
import type { Box, Boxes } from '../../math/folding';
import { count, plural, UNDEFINED } from '../../math/format';
import { exampleShape, shape } from '../../math/shapes';
import type { Count, Layer, Model } from '../../math/tree';
import type { Json } from '../../schema.gen';
import { torchSizes } from './torch_sizes';

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: 'ReLU',
  relu6: 'ReLU6',
  gelu: 'GELU',
  elu: 'ELU',
  selu: 'SELU',
  silu: 'SiLU',
  swish: 'Swish',
};
const SEPARATOR = ' · ';

/** Class and key configuration: `Dense 64 · ReLU`, `Conv2D 3×3 · 64 · stride 2`. */
export function describeLayer(layer: Layer): string {
  const { config } = layer;
  const [out] = layer.outputs;
  if (layer.class === 'InputLayer') return ['Input', out === undefined ? '' : exampleShape(out.shape)].filter(Boolean).join(SEPARATOR);
  const size = sizes(config.kernel_size) ?? sizes(config.pool_size);
  const torch = torchSizes(layer);
  const first = torch?.text ?? size ?? plain(config.units) ?? plain(config.rate);
  const activation = nameOf(config.activation);
  const strides = sizes(config.strides ?? config.stride);
  const parts = [
    first === undefined ? layer.class : `${layer.class} ${first}`,
    plain(config.filters),
    plain(config.depth_multiplier) === undefined ? undefined : `depth × ${plain(config.depth_multiplier)}`,
    config.num_heads === undefined ? undefined : `${plain(config.num_heads)} heads × ${plain(config.key_dim) ?? perHead(config) ?? '?'}`,
    config.input_dim === undefined ? undefined : `${plain(config.input_dim)} → ${plain(config.output_dim) ?? '?'}`,
    strides === undefined || strides === size || /^1(×1)*$/.test(strides) ? undefined : `stride ${strides.replace(/^(\d+)(×\1)+$/, '$1')}`,
    layer.class === 'Activation' || activation !== 'linear' ? activation : undefined,
    config.return_sequences === true ? 'sequences' : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(SEPARATOR);
}

/** Classes inside a group, those with parameters first: `3 × (Conv2D · BatchNorm · ReLU) · Add`. */
export function describeGroup(model: Model, boxes: Boxes, box: Box): string {
  const of = box.kind === 'repeat' ? (boxes.list[box.children[0] ?? -1] ?? box) : box;
  const classes = new Map<string, { n: number; weighted: boolean }>();
  const stack = [of];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const layer = model.layers[next.layer];
    if (layer !== undefined && (next.children.length === 0 || !layer.edgesKnown)) {
      const name = shortClass(layer);
      const known = classes.get(name) ?? { n: 0, weighted: false };
      classes.set(name, { n: known.n + 1, weighted: known.weighted || next.count.total > 0 });
      continue;
    }
    for (let k = next.children.length - 1; k >= 0; k--) {
      const child = boxes.list[next.children[k] ?? -1];
      if (child !== undefined) stack.push(child);
    }
  }
  const byNumber = new Map<number, string[]>();
  for (const [name, { n }] of [...classes].sort(([, a], [, b]) => Number(b.weighted) - Number(a.weighted))) {
    byNumber.set(n, [...(byNumber.get(n) ?? []), name]);
  }
  const parts = [...byNumber].flatMap(([n, names]) => {
    if (n === 1) return names;
    return names.length === 1 ? [`${n} × ${names[0]}`] : [`${n} × (${names.join(SEPARATOR)})`];
  });
  return parts.join(SEPARATOR);
}

/** A class as short as it is still known by; an Activation by what it does. */
export function shortClass(layer: Layer): string {
  if (layer.class === 'Activation') return nameOf(layer.config.activation) ?? layer.class;
  return layer.class.replace('Normalization', 'Norm').replace('MultiHeadAttention', 'Attention');
}

export function describe(model: Model, boxes: Boxes, box: Box): string {
  const layer = model.layers[box.layer];
  if (layer === undefined) return describeGroup(model, boxes, box);
  // A wrapper says what it wraps.
  const [only, ...others] = box.children.flatMap((id) => (boxes.list[id]?.isPort === false ? [boxes.list[id]] : []));
  if (only !== undefined && others.length === 0 && only.layer >= 0)
    return `${describeLayer(layer)}${SEPARATOR}${describe(model, boxes, only)}`;
  if (box.children.length > 0 && layer.edgesKnown) return `${layer.class}${SEPARATOR}${layersIn(box)}`;
  return describeLayer(layer);
}

export interface LayerCount {
  /** As `summary()` lists them: those at the top, or in the one module around all; each once, however often it is called. */
  readonly layers: number;
  /** Those that hold no others, at any depth. */
  readonly parts: number;
}

export function layerCount(model: Model, boxes: Boxes): LayerCount {
  const tops = model.layers.filter((layer) => layer.parent < 0);
  let rows = tops;
  // One module around all, or a list in it, is no row of its own.
  for (let [one] = rows; one !== undefined && rows.length === 1 && one.children.length > 0; [one] = rows) {
    rows = one.children.flatMap((k) => model.layers[k] ?? []);
  }
  const isPort = (layer: Layer) => boxes.list[boxes.of[layer.index] ?? -1]?.isPort === true;
  // Of a layer that is called again nothing tells a second time what it holds.
  const holding = new Set(model.layers.flatMap(({ layer, children }) => (children.length > 0 ? [layer] : [])));
  const distinct = (layers: readonly Layer[]) => new Set(layers.flatMap(({ layer }) => (layer === '' ? [] : [layer]))).size;
  return { layers: distinct(rows), parts: distinct(model.layers.filter((layer) => !holding.has(layer.layer) && !isPort(layer))) };
}

/** How many layers a model has, and with the parts that some have. */
export function layersText(model: Model, boxes: Boxes): string {
  const { layers, parts } = layerCount(model, boxes);
  return parts > layers ? `${plural(layers, 'layer')} (${count(parts)} with their parts)` : plural(layers, 'layer');
}

export function layersIn(box: Box): string {
  return box.leaves === 1 ? '1 layer' : `${box.leaves} layers`;
}

/** How many a fold is of, as it stands behind its name. */
export function times(box: Box): string {
  return box.kind === 'repeat' ? ` × ${box.children.length}` : '';
}

/** Title of a box: its name, and for a repeat how many. */
export function title(box: Box): string {
  return `${box.name}${times(box)}`;
}

/** What leaves a layer, for one example; with the batch where the model begins. */
export function outputText(layer: Layer | undefined, withoutBatch = false): string {
  const [first, ...others] = layer?.outputs ?? [];
  if (layer === undefined || first === undefined) return '';
  const text = layer.class === 'InputLayer' && !withoutBatch ? shape(first.shape) : exampleShape(first.shape);
  return others.length === 0 ? text : `${text} and ${others.length} more`;
}

/** How many parameters: a least number where the size of an array is not known. */
export function parametersText({ total, unknown }: Count): string {
  if (unknown === 0) return count(total);
  return total > 0 ? `≥ ${count(total)}` : 'not known';
}

/** Multiply-adds of a box: a least number where a part was not counted, nothing where there is nothing to count. */
export function macsText(box: Box): string {
  if (!box.macsWhole) return box.macs > 0 ? `≥ ${count(box.macs)}` : 'not counted';
  return box.macs > 0 ? count(box.macs) : UNDEFINED;
}

/** A configuration value in one line. */
export function configText(value: Json): string {
  if (typeof value === 'string') return value;
  const size = Array.isArray(value) ? sizes(value) : undefined;
  return size !== undefined ? size : (nameOf(value) ?? JSON.stringify(value));
}

function plain(value: Json | undefined): string | undefined {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
}

/** PyTorch tells the width of all heads together. */
function perHead({ embed_dim: all, num_heads: heads }: Layer['config']): string | undefined {
  return typeof all === 'number' && typeof heads === 'number' && heads > 0 ? plain(all / heads) : undefined;
}

/** `[3, 3]` → `3×3`. */
function sizes(value: Json | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value) || value.length === 0 || !value.every((each) => typeof each === 'number')) return undefined;
  return value.join('×');
}

/** Name of an activation, given as a name or as a serialised object. */
function nameOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return ACTIVATIONS[value] ?? value;
  if (!isObject(value)) return undefined;
  const { config, class_name: className } = value;
  return typeof config === 'string' ? (ACTIVATIONS[config] ?? config) : typeof className === 'string' ? className : undefined;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
