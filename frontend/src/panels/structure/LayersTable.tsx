import { useRef, useState } from 'preact/hooks';
import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import { useVirtual } from '../../frame/use_virtual';
import type { Box } from '../../math/folding';
import { count, exact, percentInColumn, UNDEFINED } from '../../math/format';
import { shape } from '../../math/shapes';
import type { Layer } from '../../math/tree';
import { share } from './paint';
import type { Read } from './read_structure';
import { macsText, parametersText } from './words';

interface Props {
  readonly read: Read;
  readonly selected: string | null;
  /** Without it the table is read only, and cannot be sorted: it stands behind the graph for those who do not see it. */
  readonly onSelect?: (path: string) => void;
}

interface Row {
  readonly layer: Layer;
  readonly box: Box;
  readonly depth: number;
}

type Key = 'name' | 'class' | 'shape' | 'parameters' | 'macs';
interface Sorting {
  readonly key: Key;
  readonly falling: boolean;
}

const ROW_HEIGHT = 30;

/** Up to this many rows are all in the document. */
const FEW = 200;

/** What `model.summary()` says, for every layer: the insides of layers indented under them. */
export function LayersTable({ read, selected, onSelect }: Props) {
  const { model } = read;
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = sorted(rowsOf(read), sorting, read);
  const virtual = useVirtual(rows.length, ROW_HEIGHT, scroller);
  const few = rows.length <= FEW;
  const first = few ? 0 : (virtual.rows[0]?.index ?? 0);
  const last = few ? rows.length - 1 : (virtual.rows.at(-1)?.index ?? -1);
  const head = { sorting, setSorting: onSelect === undefined ? undefined : setSorting };
  return (
    <div class="ls-structure-table" ref={scroller} tabIndex={onSelect === undefined ? -1 : 0}>
      <table data-testid="layers" aria-rowcount={rows.length + 1}>
        <caption class="ls-hidden">layers of {model.name}</caption>
        <thead>
          <tr>
            <Head id="name" label="name" {...head} />
            <Head id="class" label="class" {...head} />
            <Head id="shape" label="output shape" {...head} />
            <Head id="parameters" label="parameters" right {...head} />
            <th scope="col" class="ls-structure-number">
              share
            </th>
            <Head id="macs" label="multiply-adds" right {...head} />
          </tr>
        </thead>
        <tbody>
          <Space height={first * ROW_HEIGHT} />
          {rows.slice(first, last + 1).map(({ layer, box, depth }, k) => {
            const of = share(model, box);
            return (
              <tr
                key={layer.path}
                data-layer={layer.path}
                aria-rowindex={first + k + 2}
                class={layer.path === selected ? 'ls-on' : ''}
                onClick={() => onSelect?.(layer.path)}
              >
                <th scope="row" style={{ paddingLeft: `${7 + 16 * (sorting === null ? depth : 0)}px` }}>
                  {onSelect === undefined ? (
                    <Label text={layer.name} max={36} />
                  ) : (
                    <button
                      type="button"
                      class="ls-structure-link"
                      aria-pressed={layer.path === selected}
                      onClick={() => onSelect(layer.path)}
                    >
                      <Label text={layer.name} max={36} />
                    </button>
                  )}
                </th>
                <td>{layer.class}</td>
                <td>{layer.outputs.map((tensor) => shape(tensor.shape)).join(', ') || UNDEFINED}</td>
                <td
                  class={`ls-structure-number ${box.count.unknown > 0 ? 'ls-structure-uncounted' : ''}`}
                  title={exact(box.count.total)}
                  data-parameters={box.count.total}
                >
                  {parametersText(box.count)}
                </td>
                <td class="ls-structure-number">
                  {of === undefined ? UNDEFINED : percentInColumn(of)}
                  <span class="ls-structure-share" style={{ '--share': of ?? 0 }} />
                </td>
                <td class={`ls-structure-number ${box.macsWhole ? '' : 'ls-structure-uncounted'}`}>{macsText(box)}</td>
              </tr>
            );
          })}
          <Space height={(rows.length - 1 - last) * ROW_HEIGHT} />
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={3}>
              all layers
            </th>
            <td class="ls-structure-number" title={exact(model.count.total)}>
              {parametersText(model.count)}
            </td>
            <td colSpan={2}>
              {model.count.unknown > 0 ? '≥ ' : ''}
              {count(model.count.trainable)} <Term name="trainable">trainable</Term>
              {model.count.frozen > 0 ? ` · ${count(model.count.frozen)} frozen` : ''}
              {model.count.other > 0 ? ` · ${count(model.count.other)} not trained` : ''}
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Head(props: {
  id: Key;
  label: string;
  right?: boolean;
  sorting: Sorting | null;
  setSorting: ((sorting: Sorting | null) => void) | undefined;
}) {
  const { id, label, right = false, sorting, setSorting } = props;
  const own = sorting?.key === id ? sorting : null;
  // Numbers fall first, names rise; a third press brings back the order of the model.
  const next = own === null ? { key: id, falling: right } : own.falling === right ? { key: id, falling: !right } : null;
  return (
    <th scope="col" class={right ? 'ls-structure-number' : ''} aria-sort={own === null ? 'none' : own.falling ? 'descending' : 'ascending'}>
      {setSorting === undefined ? (
        label
      ) : (
        <button type="button" class="ls-structure-link" onClick={() => setSorting(next)}>
          {label} <span aria-hidden="true">{own === null ? '' : own.falling ? '↓' : '↑'}</span>
        </button>
      )}
    </th>
  );
}

function Space({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr class="ls-structure-space" style={{ height: `${height}px` }}>
      <td colSpan={6} />
    </tr>
  );
}

/** Layers in the order of the model, each before those inside it. */
function rowsOf({ model, boxes }: Read): Row[] {
  const rows: Row[] = [];
  const stack = model.layers
    .filter((layer) => layer.parent < 0)
    .map((layer) => ({ layer, depth: 0 }))
    .reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { layer, depth } = next;
    const box = boxes.list[boxes.of[layer.index] ?? -1];
    if (box !== undefined) rows.push({ layer, box, depth });
    for (let k = layer.children.length - 1; k >= 0; k--) {
      const child = model.layers[layer.children[k] ?? -1];
      if (child !== undefined) stack.push({ layer: child, depth: depth + 1 });
    }
  }
  return rows;
}

const names = new Intl.Collator(undefined, { numeric: true });

function sorted(rows: Row[], sorting: Sorting | null, { model }: Read): Row[] {
  if (sorting === null) return rows;
  const sign = sorting.falling ? -1 : 1;
  const size = (row: Row) => model.layers[row.layer.index]?.outputs[0]?.shape.reduce((product, each) => product * Math.abs(each), 1) ?? 0;
  const compare: Record<Key, (a: Row, b: Row) => number> = {
    name: (a, b) => names.compare(a.layer.name, b.layer.name),
    class: (a, b) => names.compare(a.layer.class, b.layer.class),
    shape: (a, b) => size(a) - size(b),
    parameters: (a, b) => a.box.count.total - b.box.count.total,
    macs: (a, b) => a.box.macs - b.box.macs,
  };
  return rows.sort((a, b) => sign * compare[sorting.key](a, b));
}
