/** The model of the focused training at a step, read once however many panels ask. */
import { type Boxes, fold } from '../../math/folding';
import { type Model, readModel } from '../../math/tree';
import { at, type PanelProps } from '../../panel';
import type { Parameters, Structure } from '../../schema.gen';

export interface Read {
  readonly model: Model;
  readonly boxes: Boxes;
  /** Step from which on the model has this structure. */
  readonly since: number;
  /** Equal for equal layers: what is open stays open when the same model is logged again. */
  readonly identity: string;
}

const known = new WeakMap<Structure, { parameters: Parameters | undefined; read: Read }>();

type Given = Pick<PanelProps<'structure' | 'parameters'>, 'series' | 'step'>;

/**
 * Undefined when no structure was logged. Before the first record the first one is shown: a model has layers from its start.
 *
 * @param training By default the one in focus.
 */
export function readStructure({ series, step }: Given, training?: string): Read | undefined {
  const own = training === undefined ? series.structure[0] : series.structure.find((each) => each.training === training);
  const point = own === undefined ? undefined : (at(own.points, step) ?? own.points[0]);
  if (own === undefined || point === undefined) return undefined;
  const structure = point.payload;
  const candidates = series.parameters.filter((each) => each.training === own.training);
  const named =
    candidates.find((each) => structure.parameters !== '' && each.tag.endsWith(structure.parameters)) ??
    // The server's answer has those of its structure, under no tag of their own; another record's would be wrong.
    candidates.find((each) => !each.tag.includes('/'));
  const parameters = named?.points.at(-1)?.payload;
  const before = known.get(structure);
  if (before !== undefined && before.parameters === parameters) return before.read;
  const model = readModel(structure, parameters);
  const identity = [own.training, ...model.layers.map((layer) => layer.path)].join('\n');
  const read = { model, boxes: fold(model), since: point.step, identity };
  known.set(structure, { parameters, read });
  return read;
}
