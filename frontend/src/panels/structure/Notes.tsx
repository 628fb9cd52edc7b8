import { CopyCode } from '../../components/CopyCode';
import { plural } from '../../math/format';
import type { Model } from '../../math/tree';

const SNIPPET = { Keras: 'from layerscope.keras import Layerscope\n\nmodel.fit(x, y, callbacks=[Layerscope("logs/run-1")])' };

const SOURCES: Readonly<Record<Model['source'], string>> = {
  keras: '',
  keras_json_2: "Read from the model that Keras 2's own TensorBoard callback wrote: layers and edges, no roles of parameters.",
  keras_json_3: "Read from the model that Keras' own TensorBoard callback wrote: layers and edges, no roles of parameters.",
  graph_def: 'Read from the graph of operations that TensorFlow wrote.',
  torch: 'Read from the modules of the model.',
  parameter_names: 'Read from the names of parameters: what holds what, and no edges.',
};

/** What could not be read, and what would show it. */
export function Notes({ model }: { model: Model }) {
  const source = SOURCES[model.source];
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
      {model.source === 'keras' || model.source === 'torch' ? null : <CopyCode snippets={SNIPPET} />}
    </div>
  );
}
