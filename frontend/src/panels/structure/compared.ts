/** The model beside another one: that of the reference, or what it was itself before it changed. */
import { called } from '../../frame/shown';
import { type ModelDifference, modelDifference } from '../../math/model_difference';
import type { Layer, Model } from '../../math/tree';
import type { PanelProps } from '../../panel';
import { type Read, readStructure } from './read_structure';

export interface Compared {
  /** What the other model is called. */
  readonly name: string;
  /** Its training, where it is another one. */
  readonly reference: string | null;
  readonly model: Model;
  readonly difference: ModelDifference;
}

const known = new WeakMap<Model, WeakMap<Model, ModelDifference>>();

/** Undefined where there is nothing to compare with. */
export function compared(props: PanelProps<'structure' | 'parameters'>, read: Read): Compared | undefined {
  const { reference } = props.selection;
  const isOther = reference !== null && reference !== props.focus;
  // A structure is logged again only when it has changed.
  const other = isOther ? readStructure(props, reference) : read.since > 0 ? readStructure({ ...props, step: read.since - 1 }) : undefined;
  if (other === undefined || other === read) return undefined;
  const own = known.get(read.model) ?? new WeakMap<Model, ModelDifference>();
  known.set(read.model, own);
  const difference = own.get(other.model) ?? modelDifference(read.model, other.model);
  own.set(other.model, difference);
  return {
    name: isOther ? called(reference) : `itself before step ${read.since}`,
    reference: isOther ? reference : null,
    model: other.model,
    difference,
  };
}

/** Numbers of layers; what is inside of one that is counted is not, but among the `parts`, which hold no others. */
export interface Differing {
  readonly added: number;
  readonly addedParts: number;
  readonly removed: number;
  readonly removedParts: number;
  readonly changed: number;
  readonly moved: number;
  /** Parts of the model that are in the other one as they are. */
  readonly same: number;
}

export function differing({ model: other, difference }: Compared, model: Model): Differing {
  const { counterpart, added, removed, changed, moved } = difference;
  const taken = new Set(counterpart);
  const isGone = (layer: Layer) => (counterpart[layer.index] ?? -1) === -1;
  const parts = (of: Model, layers: readonly number[]) => new Set(layers.flatMap((index) => leavesIn(of, index)));
  const touched = new Set([
    ...changed.map(({ own }) => own),
    ...[
      ...parts(
        model,
        moved.map(({ own }) => own),
      ),
    ].map(({ index }) => index),
  ]);
  return {
    added: added.length,
    addedParts: [...parts(model, added)].filter(isGone).length,
    removed: removed.length,
    removedParts: [...parts(other, removed)].filter((layer) => !taken.has(layer.index)).length,
    changed: changed.length,
    moved: moved.length,
    same: model.layers.filter((layer) => layer.children.length === 0 && !isGone(layer) && !touched.has(layer.index)).length,
  };
}

/** Layers inside of a layer that hold no others: itself, where it holds none. */
function leavesIn(model: Model, index: number): readonly Layer[] {
  const found: Layer[] = [];
  const stack = [index];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const layer = model.layers[next];
    if (layer?.children.length === 0) found.push(layer);
    stack.push(...(layer?.children ?? []));
  }
  return found;
}
