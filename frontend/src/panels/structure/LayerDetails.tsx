import type { ComponentChildren } from 'preact';
import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import type { Box } from '../../math/folding';
import { count, exact, percent, plural, UNDEFINED } from '../../math/format';
import { shape } from '../../math/shapes';
import { tensorTables } from '../../math/tensor_tables';
import type { Count as Counted, Layer, Tensor, Weight } from '../../math/tree';
import type { PanelProps } from '../../panel';
import { choices, withChoice } from '../tensor_stats/choices';
import { LayerHealth } from './LayerHealth';
import { share } from './paint';
import { type Read, readStructure } from './read_structure';
import { torchSizes } from './torch_sizes';
import { configText, describeLayer, layersIn, macsText, parametersText } from './words';
import './structure.css';

/** Everything that was logged of the selected layer; of the whole model when none is. */
export function LayerDetails(props: PanelProps<'structure' | 'parameters' | 'tensor_stats'>) {
  const read = readStructure(props);
  if (read === undefined) return null;
  const layer = read.model.layers.find((each) => each.path === props.selection.layer);
  const box = layer === undefined ? undefined : read.boxes.list[read.boxes.of[layer.index] ?? -1];
  const training = props.series.structure[0]?.training;
  const table = tensorTables(props.series.tensor_stats, props.series.parameters).find((each) => each.training === training);
  return (
    <section class="ls-structure-details" aria-label="layer details" data-testid="layer-details">
      {layer === undefined || box === undefined ? (
        <Whole read={read} missing={props.selection.layer} />
      ) : (
        <One read={read} layer={layer} box={box} select={(path) => props.select({ layer: path })}>
          {table === undefined ? null : (
            <LayerHealth
              read={read}
              box={box}
              table={table}
              kernelsOnly={choices(props.selection.options).kernelsOnly}
              step={props.step}
              open={(measure) => props.select({ view: 'training', options: withChoice(props.selection.options, 'measure', measure) })}
            />
          )}
        </One>
      )}
    </section>
  );
}

function Whole({ read: { model }, missing }: { read: Read; missing: string | null }) {
  const { trainable, frozen, other, unknown } = model.count;
  return (
    <>
      <h2>
        <Label text={model.name} max={60} />
      </h2>
      {missing === null ? null : (
        <p class="ls-soft">
          This model has no layer <Label text={missing} max={60} />.
        </p>
      )}
      <dl>
        <Fact name={<Term name="parameters">parameters</Term>}>
          <Parameters of={model.count} />
        </Fact>
        {unknown > 0 ? null : (
          <Fact name={<Term name="trainable">trainable</Term>}>
            <Count of={trainable} />
          </Fact>
        )}
        {frozen > 0 ? (
          <Fact name={<Term name="frozen">frozen</Term>}>
            <Count of={frozen} />
          </Fact>
        ) : null}
        {other > 0 ? (
          <Fact name={<Term name="statistic">statistics</Term>}>
            <Count of={other} />
          </Fact>
        ) : null}
      </dl>
      <p class="ls-soft">Select a layer to see its configuration, shapes and parameters.</p>
    </>
  );
}

interface OneProps {
  readonly read: Read;
  readonly layer: Layer;
  readonly box: Box;
  readonly select: (path: string) => void;
  /** What training does to it. */
  readonly children: ComponentChildren;
}

function One({ read, layer, box, select, children }: OneProps) {
  const { model } = read;
  const of = share(model, box);
  const config = Object.entries(layer.config);
  const weights = layer.weights.flatMap((index) => model.weights[index] ?? []);
  return (
    <>
      <h2>
        <Path path={layer.path} model={read} select={select} />
      </h2>
      <p>
        {describeLayer(layer)}
        {box.children.length > 0 ? ` · ${layersIn(box)} inside` : ''}
      </p>
      <dl>
        <Fact name="input">
          <Tensors tensors={layer.inputs} told={torchSizes(layer)?.enters} />
        </Fact>
        <Fact name={<Term name="output shape">output</Term>}>
          <Tensors tensors={layer.outputs} told={torchSizes(layer)?.leaves} />
        </Fact>
        <Fact name={<Term name="parameters">parameters</Term>}>
          <Parameters of={box.count} />
          {of === undefined ? null : (
            <>
              {' · '}
              {percent(of)} <span class="ls-soft">of all</span>
            </>
          )}
          {box.count.frozen > 0 ? ` · ${count(box.count.frozen)} frozen` : ''}
        </Fact>
        <Fact name={<Term name="multiply-adds">multiply-adds</Term>}>
          <span class={box.macsWhole ? '' : 'ls-structure-uncounted'} title={exact(box.macs)}>
            {macsText(box)}
          </span>
          {box.macs > 0 ? <span class="ls-soft"> for one example</span> : null}
        </Fact>
        {layer.calls > 1 ? (
          <Fact name={<Term name="shared">shared</Term>}>
            call {layer.call + 1} of {layer.calls}:{' '}
            {model.layers
              .filter((other) => other.layer === layer.layer && other !== layer)
              .slice(0, 8)
              .map((other) => (
                <LayerLink key={other.path} path={other.path} select={select} />
              ))}
          </Fact>
        ) : null}
      </dl>
      {children}
      {weights.length === 0 ? null : <Weights weights={weights} model={read} />}
      {config.length === 0 ? null : (
        <>
          <h3>Configuration that differs from the defaults</h3>
          <dl data-testid="config">
            {config.map(([name, value]) => (
              <Fact key={name} name={<Label text={name} max={32} />}>
                <Label text={configText(value)} max={200} />
              </Fact>
            ))}
          </dl>
        </>
      )}
      {layer.edgesKnown || layer.children.length === 0 ? null : (
        <p class="ls-soft">How the {plural(layer.children.length, 'layer')} inside are connected was not logged.</p>
      )}
    </>
  );
}

function Weights({ weights, model: { model } }: { weights: readonly Weight[]; model: Read }) {
  return (
    <table class="ls-structure-weights" data-testid="weights">
      <thead>
        <tr>
          <th scope="col">parameter</th>
          <th scope="col">shape</th>
          <th scope="col">dtype</th>
          <th scope="col" class="ls-structure-number">
            numbers
          </th>
        </tr>
      </thead>
      <tbody>
        {weights.map((weight) => {
          const tied = model.weights[weight.array];
          return (
            <tr key={weight.path} data-parameter={weight.path}>
              <th scope="row">
                <Label text={weight.path.slice(weight.path.lastIndexOf('/') + 1)} max={28} />
                {weight.role === 'trainable' ? null : <span class="ls-soft"> {weight.role}</span>}
                {tied === undefined || tied === weight ? null : (
                  <span class="ls-soft">
                    {' '}
                    same as <Label text={tied.path} max={32} />
                  </span>
                )}
              </th>
              <td>{weight.isSized ? shape(weight.shape) : UNDEFINED}</td>
              <td>{weight.dtype}</td>
              <td class="ls-structure-number" title={weight.isSized ? exact(weight.size) : 'The log does not tell its shape.'}>
                {weight.isSized ? count(weight.size) : 'not known'}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The path as a way back out: each part that is a layer is a link. */
function Path({ path, model: { model }, select }: { path: string; model: Read; select: (path: string) => void }) {
  const parts = path.split('/');
  return (
    <nav aria-label="path of the layer" class="ls-structure-path">
      {parts.map((part, k) => {
        const here = parts.slice(0, k + 1).join('/');
        const isLayer = k < parts.length - 1 && model.layers.some((layer) => layer.path === here);
        return (
          <span key={here}>
            {k > 0 ? <span class="ls-soft"> / </span> : null}
            {isLayer ? <LayerLink path={here} text={part} select={select} /> : <Label text={part} max={60} />}
          </span>
        );
      })}
    </nav>
  );
}

function LayerLink({ path, text = path, select }: { path: string; text?: string; select: (path: string) => void }) {
  return (
    <button type="button" class="ls-structure-link" onClick={() => select(path)}>
      <Label text={text} max={40} />
    </button>
  );
}

/** Shapes that passed by; else what the layer's own parameters tell of them. */
function Tensors({ tensors, told }: { tensors: readonly Tensor[]; told: string | undefined }) {
  if (tensors.length === 0) {
    return (
      <span title={told === undefined ? undefined : 'Told by the layer’s own parameters: no batch showed the whole shape.'}>
        {told ?? UNDEFINED}
      </span>
    );
  }
  return (
    <>
      {tensors.map((tensor, k) => (
        <div key={k}>
          {shape(tensor.shape)} <span class="ls-soft">{tensor.dtype ?? ''}</span>
        </div>
      ))}
    </>
  );
}

function Fact({ name, children }: { name: ComponentChildren; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** How many parameters; where a part is not known, at least. */
function Parameters({ of }: { of: Counted }) {
  return (
    <span class={of.unknown > 0 ? 'ls-structure-uncounted' : ''} title={exact(of.total)}>
      {parametersText(of)}
    </span>
  );
}

function Count({ of }: { of: number }) {
  return <span title={exact(of)}>{count(of)}</span>;
}
