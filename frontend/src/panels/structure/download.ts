/** The layers of a model as they are saved: in the order of the model, the insides of layers after them. */
import type { Field } from '../../components/download';
import { shape } from '../../math/shapes';
import type { Layer } from '../../math/tree';
import { share } from './paint';
import type { Read } from './read_structure';

const HEAD = [
  'path',
  'name',
  'class',
  'output_shapes',
  'parameters',
  'share_of_parameters',
  'multiply_adds',
  'trainable',
  'frozen',
] as const;

/** A row a layer, under a row of names. A field is empty where nothing tells it. */
export function rows(read: Read): readonly (readonly Field[])[] {
  return [
    HEAD,
    ...layersOf(read).map(({ path, name, class: kind, outputs, parameters, share: of, multiply_adds: macs }) => [
      path,
      name,
      kind,
      outputs.map(shape).join(', '),
      // Of a layer with an array of unknown size, nothing whole can be told.
      parameters.unknown > 0 ? undefined : parameters.total,
      of,
      macs,
      parameters.trainable,
      parameters.frozen,
    ]),
  ];
}

/** The model with its layers, and the edges between them by path. */
export function numbers(read: Read) {
  const { model } = read;
  const path = (index: number) => model.layers[index]?.path;
  return {
    model: model.name,
    parameters: model.count,
    layers: layersOf(read),
    edges: model.edges.map(({ from, to }) => [path(from), path(to)]),
  };
}

function layersOf({ model, boxes }: Read) {
  return inOrder(model.layers).flatMap((layer) => {
    const box = boxes.list[boxes.of[layer.index] ?? -1];
    if (box === undefined) return [];
    return {
      path: layer.path,
      name: layer.name,
      class: layer.class,
      outputs: layer.outputs.map((tensor) => tensor.shape),
      parameters: box.count,
      share: share(model, box),
      // Of a layer with parts that were not counted, nothing whole can be told.
      multiply_adds: box.macsWhole ? box.macs : undefined,
      config: layer.config,
    };
  });
}

function inOrder(layers: readonly Layer[]): readonly Layer[] {
  const found: Layer[] = [];
  const stack = layers.filter(({ parent }) => parent < 0).reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    found.push(next);
    stack.push(...next.children.flatMap((child) => layers[child] ?? []).reverse());
  }
  return found;
}
