import { CopyCode } from '../../components/CopyCode';
import { plural } from '../../math/format';
import type { Model } from '../../math/tree';

const KERAS = { Keras: 'from layerscope.keras import Layerscope\n\nmodel.fit(x, y, callbacks=[Layerscope("logs/run-1")])' };
const PYTORCH = { PyTorch: 'import layerscope.torch\n\nlayerscope.torch.watch(model, optimizer, "logs/run-1")' };

/** What would log more of the layers; nothing where we logged them. */
const SNIPPETS: Readonly<Record<Model['source'], Readonly<Record<string, string>> | null>> = {
  keras: null,
  torch: null,
  keras_json_2: KERAS,
  keras_json_3: KERAS,
  graph_def: KERAS,
  torch_graph: PYTORCH,
  parameter_names: { ...KERAS, ...PYTORCH },
};

const SOURCES: Readonly<Record<Model['source'], string>> = {
  keras: '',
  keras_json_2: "Read from the model that Keras 2's own TensorBoard callback wrote: layers and edges, no roles of parameters.",
  keras_json_3: "Read from the model that Keras' own TensorBoard callback wrote: layers and edges, no roles of parameters.",
  torch: 'Read from the modules of the model.',
  // Their notes tell what was read.
  graph_def: '',
  torch_graph: '',
  parameter_names: '',
};

/** What could not be read, and what would show it. */
export function Notes({ model }: { model: Model }) {
  const source = SOURCES[model.source];
  const snippets = SNIPPETS[model.source];
  const unwired = model.notes.length === 0 && model.layers.length > 1 && model.edges.length === 0;
  const lines = [
    ...(source === '' ? [] : [source]),
    ...(unwired ? ['Edges between the layers were not logged, so they stand in their own order without arrows.'] : []),
    ...model.notes,
    ...(model.missing.length > 0
      ? [`Not in the picture: ${plural(model.missing.length, 'parameter')} of layers that the structure does not have.`]
      : []),
  ];
  if (lines.length === 0) return null;
  return (
    <div class="ls-structure-notes ls-soft">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {snippets === null ? null : <CopyCode snippets={snippets} />}
    </div>
  );
}
