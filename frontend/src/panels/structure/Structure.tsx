import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Label } from '../../components/Label';
import { type Option, Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { isTyping } from '../../frame/keys';
import { plural } from '../../math/format';
import { tensorTables } from '../../math/tensor_tables';
import { CALLED } from '../../math/tensor_words';
import type { PanelProps } from '../../panel';
import type { Selection } from '../../selection';
import { terms as activityTerms } from '../activity/help';
import { choices as tensorChoices, withChoice as withTensorChoice } from '../tensor_stats/choices';
import { terms } from '../tensor_stats/help';
import { compared } from './compared';
import { Graph } from './Graph';
import { COLOURED, deadnessOf, healthOf } from './health';
import { LayersTable } from './LayersTable';
import { marks } from './marks';
import { Notes } from './Notes';
import { toggled, turned, visibleBoxes } from './open_boxes';
import type { Colouring } from './paint';
import { type Read, readStructure } from './read_structure';
import { Save } from './Save';
import { Search } from './Search';
import { useOpenBoxes } from './use_open_boxes';
import { layersText, parametersText } from './words';
import './structure.css';

type Props = PanelProps<'structure' | 'parameters' | 'tensor_stats' | 'activity'>;

/** The option that links have for what is open. */
const OPEN = 'structure.open';

/** Which way values go in the picture. */
const DIRECTIONS = [
  { value: 'down', label: '↓', help: 'From the top down.' },
  { value: 'right', label: '→', help: 'From left to right: skips and towers lie side by side.' },
] as const;

const SHOW = [
  { value: 'graph', label: 'graph' },
  { value: 'table', label: 'table' },
] as const;

/** Colours by what the model is. */
const COLOURINGS: readonly { readonly value: Extract<Colouring, string>; readonly label: string; readonly help: string }[] = [
  { value: 'none', label: 'none', help: 'No colour.' },
  { value: 'parameters', label: 'parameters', help: 'Share of all parameters of the model.' },
  { value: 'cost', label: 'cost', help: 'Share of all multiply-adds of the model. Hatched: a part was not counted.' },
  { value: 'class', label: 'class', help: 'What kind of layer it is.' },
  { value: 'dtype', label: 'dtype', help: 'Type of its parameters; of a group the type that most of them have.' },
  { value: 'trainable', label: 'trainable', help: 'Whether training may change its parameters.' },
];

/** The layers of the focused training's model, as nested boxes or as a table. */
export function Structure(props: Props) {
  const read = readStructure(props);
  if (read === undefined) return <p class="ls-soft">No layers were logged.</p>;
  // Another model is another picture: what was open in it says nothing here.
  return <Layers key={read.identity} read={read} {...props} />;
}

function Layers({ read, ...props }: { read: Read } & Props) {
  const { series, selection, step, select } = props;
  const section = useRef<HTMLElement>(null);
  const { model, boxes } = read;
  const table = selection.options['structure.show'] === 'table';
  const direction = selection.options['structure.direction'] === 'right' ? 'right' : 'down';
  const isPath = selection.options['structure.path'] === 'on';
  const training = series.structure[0]?.training ?? '';
  const tables = useMemo(() => tensorTables(series.tensor_stats, series.parameters), [series.tensor_stats, series.parameters]);
  const wanted = selection.options['structure.colour'];
  const measure = COLOURED.find(({ value }) => value === wanted)?.value;
  const { kernelsOnly } = tensorChoices(selection.options);
  const health = useMemo(
    () => (measure === undefined ? undefined : healthOf(tables, training, measure, step, kernelsOnly)),
    [tables, training, measure, step, kernelsOnly],
  );
  const isDead = wanted === 'dead';
  const dead = useMemo(
    () => (isDead ? deadnessOf(series.activity, tables, training, step) : undefined),
    [isDead, series.activity, tables, training, step],
  );
  const colouring: Colouring = health ?? dead ?? COLOURINGS.find((each) => each.value === wanted)?.value ?? 'parameters';
  const isOwn = (each: { readonly training: string }) => each.training === training;
  const measures = [
    ...(tables.some(isOwn) ? COLOURED.map(({ value, label }) => ({ value, label, help: terms[CALLED[value]] })) : []),
    ...(series.activity.some(isOwn) ? [{ value: 'dead' as const, label: 'dead units', help: activityTerms.dead }] : []),
  ];
  const colourBy = (value: string) => choose('structure.colour', value === 'parameters' ? undefined : value);
  const choose = (name: string, value: string | undefined) => select({ options: withOption(selection, name, value) });

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'p' || table || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      choose('structure.path', isPath ? undefined : 'on');
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
  const target = model.layers.find((layer) => layer.path === selection.layer)?.index;
  const [state, setState] = useOpenBoxes(read, target, selection.options[OPEN], (text) => choose(OPEN, text));
  const shown = visibleBoxes(boxes, state);
  const other = compared(props, read);
  const marked = useMemo(() => (other === undefined ? undefined : marks(read, other)), [read, other?.difference]);
  return (
    <section ref={section} class="ls-structure" aria-label="layers">
      <div class="ls-structure-bar">
        <Segmented
          label="show"
          options={SHOW}
          value={table ? 'table' : 'graph'}
          onChange={(value) => choose('structure.show', value === 'graph' ? undefined : value)}
        />
        {table ? null : (
          <Segmented
            label="direction"
            options={DIRECTIONS}
            value={direction}
            onChange={(value) => choose('structure.direction', value === 'down' ? undefined : value)}
          />
        )}
        {table ? null : (
          <button
            type="button"
            class="ls-button ls-structure-path-button"
            aria-pressed={isPath}
            aria-keyshortcuts="p"
            title="What the chosen layer is computed from, and what from it; all else is faint (p)"
            onClick={() => choose('structure.path', isPath ? undefined : 'on')}
          >
            path
          </button>
        )}
        <Search model={model} onSelect={(path) => select({ layer: path })} />
        <Save
          read={read}
          training={training}
          step={step}
          graph={table ? null : () => section.current?.querySelector('.ls-structure-scroll svg') ?? null}
        />
        {table ? null : (
          <span class="ls-structure-colour">
            <span class="ls-soft">colour</span>
            <Segmented
              label="colour by what the model is"
              options={COLOURINGS satisfies readonly Option<string>[]}
              value={typeof colouring === 'string' ? colouring : ''}
              onChange={colourBy}
            />
            {measures.length === 0 ? null : (
              <>
                <span class="ls-soft">at the step</span>
                <Segmented
                  label="colour by what training does at the step"
                  options={measures}
                  value={typeof colouring === 'string' ? '' : colouring.measure}
                  onChange={colourBy}
                />
              </>
            )}
          </span>
        )}
        <span class="ls-structure-sum" data-testid="model-summary">
          <span>
            <Label text={model.name} max={32} /> ·{' '}
            {model.count.unknown > 0 && model.count.total === 0 ? (
              <>
                <Term name="parameters">parameters</Term> {parametersText(model.count)}
              </>
            ) : (
              <>
                {parametersText(model.count)} <Term name="parameters">parameters</Term>
              </>
            )}{' '}
            · {layersText(model, boxes)} in {plural(shown, 'box', 'boxes')}
          </span>
          {health === undefined || table ? null : (
            <Segmented
              label="which parameters"
              options={[
                { value: 'all', label: 'all parameters', help: 'All parameters of a layer together.' },
                { value: 'only', label: 'kernels', help: terms.kernels },
              ]}
              value={kernelsOnly ? 'only' : 'all'}
              onChange={(value) => select({ options: withTensorChoice(selection.options, 'kernels', value) })}
            />
          )}
        </span>
      </div>
      {model.layers.length === 0 ? (
        <p class="ls-soft">This model has no layers.</p>
      ) : table ? (
        <LayersTable read={read} selected={selection.layer} onSelect={(path) => select({ layer: path })} />
      ) : (
        <>
          <Graph
            read={read}
            open={state.open}
            copies={state.copies}
            colouring={colouring}
            direction={direction}
            isPath={isPath}
            marks={marked}
            selected={selection.layer}
            onSelect={(box) => select({ layer: model.layers[box.layer]?.path ?? null })}
            onToggle={(box, open) => setState(toggled(state, box, open))}
            onCopy={(box, copy) => setState(turned(state, box, copy))}
          />
          <div class="ls-hidden">
            <LayersTable read={read} selected={selection.layer} />
          </div>
        </>
      )}
      <Notes model={model} />
    </section>
  );
}

/** The options with one changed; undefined is its default, which no link needs to tell. */
function withOption(selection: Selection, name: string, value: string | undefined): Readonly<Record<string, string>> {
  const { [name]: _, ...others } = selection.options;
  return value === undefined ? others : { ...others, [name]: value };
}
