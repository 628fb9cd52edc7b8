import { csv, type Field, json } from '../../components/download';
import { Label } from '../../components/Label';
import { SaveMenu } from '../../components/SaveMenu';
import { count, exact, number, percent, plural } from '../../math/format';
import type { Change } from '../../math/model_difference';
import type { Layer } from '../../math/tree';
import type { PanelProps } from '../../panel';
import { type Compared, compared, differing } from './compared';
import { SIGNS } from './marks';
import { type Read, readStructure } from './read_structure';
import { configText, describeLayer } from './words';
import './structure.css';

/** In what the model differs from that of the reference, or from what it was before: layers added, removed, changed, moved. */
export function Differences(props: PanelProps<'structure' | 'parameters'>) {
  const read = readStructure(props);
  if (read === undefined) return null;
  const found = compared(props, read);
  if (found === undefined) return null;
  const rows = rowsOf(read, found);
  return (
    <section class="ls-structure-differences" aria-label="differences of the two models" data-testid="model-differences">
      <h2>
        Against <Label text={found.name} max={48} />
        {rows.length === 0 ? null : (
          <SaveMenu
            what="the differences of the models"
            subject={{ training: props.focus, step: props.step }}
            formats={[
              { label: 'CSV', make: () => csv([HEAD, ...rows.map(fields)]) },
              { label: 'JSON', make: () => json({ training: props.focus, against: found.name, differences: rows.map(object) }) },
            ]}
          />
        )}
      </h2>
      <p class="ls-structure-sum-of">
        <Summary read={read} found={found} />
      </p>
      {rows.length === 0 ? null : (
        <div class="ls-structure-table">
          <table aria-label="layers that differ">
            <thead>
              <tr>
                <th scope="col">what</th>
                <th scope="col">layer</th>
                <th scope="col">class</th>
                <th scope="col">before → now</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, MOST).map((row) => (
                <Line key={`${row.what} ${row.path}`} row={row} select={(path) => props.select({ layer: path })} />
              ))}
            </tbody>
          </table>
          {rows.length > MOST ? <p class="ls-soft">{count(rows.length - MOST)} more: all are in what is saved.</p> : null}
        </div>
      )}
    </section>
  );
}

/** So many rows are listed: models that differ in more are not compared layer by layer. */
const MOST = 200;

type What = keyof typeof SIGNS;

interface Row {
  readonly what: What;
  readonly path: string;
  /** Whether it is a layer of the model that is shown. */
  readonly isHere: boolean;
  readonly layer: Layer;
  readonly changes: readonly Change[];
}

/** In the order of the model; what was removed after what it stood behind is not known to all models, so it comes last. */
function rowsOf({ model }: Read, { model: other, difference }: Compared): readonly Row[] {
  const { added, removed, changed, moved } = difference;
  const row = (what: What, layer: Layer | undefined, changes: readonly Change[] = []): readonly (Row & { readonly place: number })[] =>
    layer === undefined ? [] : [{ what, path: layer.path, isHere: what !== 'removed', layer, changes, place: layer.index }];
  const here = [
    ...added.flatMap((index) => row('added', model.layers[index])),
    ...changed.flatMap(({ own, changes }) => row('changed', model.layers[own], changes)),
    ...moved.flatMap(({ own, other: from }) => row('moved', model.layers[own], placeOf(model.layers[own], other.layers[from]))),
  ].sort((a, b) => a.place - b.place);
  return [...here, ...removed.flatMap((index) => row('removed', other.layers[index]))];
}

/** Where it was, if its path tells. */
function placeOf(layer: Layer | undefined, before: Layer | undefined): readonly Change[] {
  if (layer === undefined || before === undefined || layer.path === before.path) return [];
  return [{ name: 'path', from: before.path, to: layer.path }];
}

function Line({ row, select }: { row: Row; select: (path: string) => void }) {
  const { what, path, isHere, layer, changes } = row;
  return (
    <tr data-difference={what} data-path={path}>
      <td>
        <span class="ls-structure-sign" aria-hidden="true">
          {SIGNS[what]}
        </span>{' '}
        {what}
      </td>
      <th scope="row">
        {isHere ? (
          <button type="button" class="ls-structure-link" onClick={() => select(path)}>
            <Label text={path} max={48} />
          </button>
        ) : (
          <Label text={path} max={48} />
        )}
      </th>
      <td>{describeLayer(layer)}</td>
      <td>
        {changes.map((change) => (
          <div key={change.name}>
            <span class="ls-soft">{wordFor(change.name)}</span> <Label text={sideOf(change, 'from')} max={60} /> →{' '}
            <Label text={sideOf(change, 'to')} max={60} />
          </div>
        ))}
      </td>
    </tr>
  );
}

/** How many layers differ, and what becomes of the number of parameters. */
function Summary({ read: { model }, found }: { read: Read; found: Compared }) {
  const { added, addedParts, removed, removedParts, changed, moved, same } = differing(found, model);
  const layers = (n: number, what: string, parts = n) => {
    if (n === 0) return [];
    return [`${plural(n, 'layer')} ${what}${parts > n ? ` (${count(parts)} with their parts)` : ''}`];
  };
  const parts = [
    ...layers(added, 'added', addedParts),
    ...layers(removed, 'removed', removedParts),
    ...layers(changed, 'changed'),
    ...layers(moved, 'moved'),
  ];
  const before = found.model.count.total;
  const more = model.count.total - before;
  return (
    <>
      {parts.length === 0 ? 'The same layers, with the same settings, sizes and wiring.' : `${parts.join(', ')}; ${count(same)} the same.`}{' '}
      <span title={exact(model.count.total)}>{count(model.count.total)}</span> parameters
      {more === 0 ? ', as many.' : null}
      {more === 0 ? null : (
        <>
          , <span title={exact(Math.abs(more))}>{count(Math.abs(more))}</span> {more > 0 ? 'more' : 'fewer'}
          {before > 0 ? ` (${timesAsMany(model.count.total / before)})` : ''}.
        </>
      )}
    </>
  );
}

/** A quotient of two numbers of parameters: a difference in percent, where it is not many times as many. */
function timesAsMany(times: number): string {
  if (times >= 3) return `${number(times)} times as many`;
  return `${times > 1 ? '+' : '−'}${percent(Math.abs(times - 1))}`;
}

const WORDS: Readonly<Record<string, string>> = { role: 'parameters are', dtype: 'type', kernel_size: 'kernel' };

function wordFor(name: string): string {
  return WORDS[name] ?? name.replaceAll('_', ' ');
}

/** Not settings, which have defaults, but what a layer has or has not. */
const POSSESSIONS: ReadonlySet<string> = new Set(['parameters', 'dtype', 'role', 'inputs', 'shape']);

/** One side of a change in one line; of a setting that was not logged the default of its class. */
function sideOf(change: Change, side: 'from' | 'to'): string {
  const value = change[side];
  if (value === undefined || value === '') return POSSESSIONS.has(change.name) ? 'none' : 'default';
  return configText(value);
}

const HEAD = ['difference', 'path', 'class', 'setting', 'before', 'now'] as const;

function fields({ what, path, layer, changes }: Row): readonly Field[] {
  const told = (of: (change: Change) => string) => changes.map(of).join('; ');
  return [
    what,
    path,
    layer.class,
    told(({ name }) => name),
    told((change) => sideOf(change, 'from')),
    told((change) => sideOf(change, 'to')),
  ];
}

function object({ what, path, layer, changes }: Row) {
  return { difference: what, path, class: layer.class, changes };
}
