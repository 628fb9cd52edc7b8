import { useSignal } from '@preact/signals';
import { useMemo, useRef, useState } from 'preact/hooks';
import { useStepAxis } from '../../charts/use_step_axis';
import { csv, json, png } from '../../components/download';
import { Label } from '../../components/Label';
import { Missing } from '../../components/Missing';
import { pictureOf } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { called } from '../../frame/shown';
import { useWidth } from '../../frame/use_width';
import { announce } from '../../live';
import { middle } from '../../math/ellipsis';
import { inFull, number, plural } from '../../math/format';
import { type Curve, curvesOf, lastAt, lastNear } from '../../math/series';
import { stepCurve } from '../../math/step_curve';
import {
  IS,
  isOfOne,
  isSigned,
  type Measure,
  measuresOf,
  type Track,
  timesReference,
  track,
  usualMeasure,
} from '../../math/tensor_measures';
import { type Fold, layerCount, membersIn, type RowNode, rowOf, rowTree, visibleRows } from '../../math/tensor_rows';
import { commonScale, scaleOf } from '../../math/tensor_scale';
import type { TensorSeries } from '../../math/tensor_series';
import { tensorTables } from '../../math/tensor_tables';
import { CALLED, cellText, isFrozen, layerOf } from '../../math/tensor_words';
import { placesInWords, stepsMade } from '../../math/told';
import type { PanelProps } from '../../panel';
import { type Compare, choices, withChoice } from './choices';
import { rows as cellRows, numbers } from './download';
import { Heatmap } from './Heatmap';
import { HiddenTable } from './HiddenTable';
import type { Heat } from './heat';
import { terms } from './help';
import { LayerLines } from './LayerLines';
import { Legend } from './Legend';
import './tensor_stats.css';

/** Layers that each have a row without being asked for; of more the outermost groups have. */
const FEW = 300;
/** Rows of one picture at most. */
const MOST = 1500;
const LEAST_WIDTH = 200;

type Props = PanelProps<'tensor_stats' | 'parameters' | 'scalars' | 'training_facts'>;

/** What a training does to each layer, step by step: a heat map on the axis of the charts above it. */
export function TensorStats(props: Props) {
  const { series, selection, focus, step, select } = props;
  const box = useRef<HTMLDivElement>(null);
  const pictures = useRef<HTMLDivElement>(null);
  const width = Math.max(LEAST_WIDTH, useWidth(box, 800));
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const cursor = useSignal<{ readonly row: number; readonly i: number } | null>(null);

  const trainings = useMemo(() => tensorTables(series.tensor_stats, series.parameters), [series.tensor_stats, series.parameters]);
  const own = trainings.find(({ training }) => training === focus);
  const reference = trainings.find(({ training }) => training === selection.reference && training !== focus);
  const scalars = useMemo(() => curvesOf(series.scalars), [series.scalars]);
  const curves = useMemo(
    () =>
      trainings.map((each) =>
        stepCurve({ ...NAMELESS, training: each.training, run: each.run }, each.step, each.records, scalars, series.training_facts),
      ),
    [trainings, scalars, series.training_facts],
  );
  const axis = useStepAxis('tensor_stats', curves, scalars, focus, props);

  const usual = useMemo(() => (own === undefined ? undefined : usualMeasure(own)), [own]);
  const chosen = choices(selection.options, usual);
  const { measure } = chosen;
  // Where no shape is known, nothing tells kernels from biases.
  const hasShapes = own?.rows.some(({ shape }) => shape !== undefined) ?? false;
  const kernelsOnly = chosen.kernelsOnly && hasShapes;
  const compare = reference === undefined || isSigned(measure) ? 'beside' : chosen.compare;
  const tree = useMemo(() => rowTree(own?.rows ?? [], kernelsOnly), [own, kernelsOnly]);
  const layers = useMemo(() => layerCount(tree), [tree]);
  const fold = chosen.fold ?? (isOfOne(measure) ? 'parameters' : layers > FEW ? 'groups' : 'layers');
  const every = useMemo(() => visibleRows(tree, fold, toggled), [tree, fold, toggled]);
  const rows = useMemo(() => every.slice(0, MOST), [every]);

  const scale = useMemo(
    () => (own === undefined ? undefined : commonScale(trainings, own, measure, kernelsOnly)),
    [trainings, own, measure, kernelsOnly],
  );

  const heats = useMemo((): readonly Heat[] => {
    if (own === undefined) return [];
    const heatOf = (of: TensorSeries): Heat => ({
      series: of,
      rows,
      tracks: rows.map(({ node }) => {
        const members = membersIn(node.members, own, of);
        return members.length === 0 ? undefined : track(of, members, measure);
      }),
      x: axis.placed.find(({ curve }) => curve.training === of.training)?.x ?? of.step,
      scale,
    });
    const first = heatOf(own);
    if (reference === undefined) return [first];
    const second = heatOf(reference);
    if (compare === 'beside') return [first, second];
    const tracks = first.tracks.map((each, r): Track | undefined => {
      const other = second.tracks[r];
      return each === undefined || other === undefined ? undefined : timesReference(each, first.x, other, second.x);
    });
    const present = tracks.flatMap((each) => each ?? []);
    return [{ ...first, tracks, scale: scaleOf(present, 0) }];
  }, [own, reference, rows, measure, scale, axis.placed, compare]);
  const looks = useMemo(() => looksOf(heats), [heats]);

  if (own === undefined || heats.length === 0) return null;
  const toggle = (node: RowNode) => {
    if (node.children.length === 0) return;
    const next = new Set(toggled);
    if (!next.delete(node.path)) next.add(node.path);
    setToggled(next);
    announce(`${node.path} ${next.has(node.path) ? 'unfolded' : 'folded'}`);
  };
  const logged = (heat: Heat | undefined) => {
    if (heat === undefined) return '';
    const { step: steps, training } = heat.series;
    const made = stepsMade(steps, axis.clocks.get(training)?.fits ?? []);
    return placesInWords(heat.x, axis.shown, made);
  };
  const recordsOf = (training: string) => series.tensor_stats.filter((each) => each.training === training);
  const what =
    compare === 'times' && reference !== undefined
      ? `${CALLED[measure]}, ${middle(called(focus), 32)} ÷ ${middle(called(reference.training), 32)}`
      : CALLED[measure];
  const tag = compare === 'times' ? `${measure}_times_reference` : measure;
  const selectedRow = selection.layer === null ? -1 : rowOf(rows, selection.layer);
  const here = Math.max(0, lastAt(own.step, step));
  const at = cursor.value ?? { row: Math.max(0, selectedRow), i: here };
  const option = (name: Parameters<typeof withChoice>[1]) => (value: string) =>
    select({ options: withChoice(selection.options, name, value, usual) });
  return (
    <div ref={box} class="ls-tensors">
      <header>
        <h3 title={terms[CALLED[measure]]}>
          <Term name={CALLED[measure]}>{what}</Term>
          <span class="ls-soft">
            {' '}
            · {rowsInWords(rows.length, layers, fold)} × {logged(heats[0])}
            <Missing series={recordsOf(focus)} />
            {own.isTheirs ? THEIRS : ''}
            {every.length > rows.length ? ` · the first of ${inFull(every.length)} rows; groups show them all` : ''}
            {own.unplaced > 0 ? ` · ${inFull(own.unplaced)} steps of other parameters left out` : ''}
          </span>
        </h3>
        <Save
          heats={heats}
          tag={tag}
          focus={focus}
          step={step}
          rows={() => cellRows(heats, tag, measure, axis.shown)}
          numbers={() => numbers(heats, tag, measure, axis.shown)}
          picture={() => pictures.current}
          title={`${called(focus)} · ${what} · step ${inFull(step)}`}
        />
      </header>
      <div class="ls-tensors-controls">
        <Segmented
          label="what is shown of each layer"
          options={measuresOf(own).map((value) => ({ value, label: CALLED[value], help: terms[CALLED[value]] }))}
          value={measure}
          onChange={option('measure')}
        />
        <Segmented<Fold>
          label="rows"
          options={[
            { value: 'groups', label: 'groups', help: 'The outermost groups of layers; click a name to unfold it.' },
            { value: 'layers', label: 'layers' },
            { value: 'parameters', label: 'parameters' },
          ]}
          value={fold}
          onChange={option('fold')}
        />
        {hasShapes ? (
          <Segmented
            label="which parameters"
            options={[
              { value: 'all', label: 'all', help: 'All parameters of a layer together.' },
              { value: 'only', label: 'kernels', help: terms.kernels },
            ]}
            value={kernelsOnly ? 'only' : 'all'}
            onChange={option('kernels')}
          />
        ) : null}
        {reference === undefined || isSigned(measure) ? null : (
          <Segmented<Compare>
            label="the reference"
            options={[
              { value: 'beside', label: 'beside', help: 'The reference’s own heat map, on the same axis and scale.' },
              { value: 'times', label: '÷ reference', help: 'How many times the reference’s value at the same place.' },
            ]}
            value={compare}
            onChange={option('compare')}
          />
        )}
      </div>
      <div ref={pictures} class="ls-tensors-pictures">
        {heats.map((heat, k) => (
          <div key={heat.series.training}>
            {heats.length > 1 ? (
              <h4>
                <Label text={called(heat.series.training)} max={48} />{' '}
                {k === 0 ? null : (
                  <span class="ls-soft">
                    reference · {logged(heat)}
                    {heat.series.isTheirs ? THEIRS : ''}
                  </span>
                )}
              </h4>
            ) : null}
            <Heatmap
              name={`${what} of ${called(heat.series.training)}`}
              heat={heat}
              axis={axis}
              width={width}
              selectedRow={selectedRow}
              sentence={(row, i) => spoken(heat, row, i, measure, what)}
              onSelect={(node, at) => select({ step: at, layer: layerOf(node, own.rows) })}
              onToggle={toggle}
              onLeave={() => select({ layer: null })}
              onCursor={(row, i) => {
                cursor.value = { row, i };
              }}
              from={own}
            />
            <HiddenTable
              heat={heat}
              measure={measure}
              name={called(heat.series.training)}
              row={at.row}
              i={k === 0 ? at.i : Math.max(0, axis.at === undefined ? 0 : lastNear(heat.x, axis.at))}
            />
          </div>
        ))}
        <Legend scale={heats[0]?.scale} {...looks} trainings={trainings.length} what={what} isShare={measure === 'non_finite'} />
        {selection.layer === null ? null : (
          <LayerLines
            layer={selection.layer}
            own={own}
            reference={reference}
            kernelsOnly={kernelsOnly}
            axis={axis}
            width={width}
            colour={props.colour}
            onLeave={() => select({ layer: null })}
          />
        )}
      </div>
    </div>
  );
}

const THEIRS = ' · from scalars that another tool wrote';

function rowsInWords(rows: number, layers: number, fold: Fold): string {
  if (fold === 'layers' && rows === layers) return plural(layers, 'layer');
  return `${plural(rows, 'row')} of ${plural(layers, 'layer')}`;
}

const NAMELESS: Pick<Curve, 'run' | 'tag' | 'name'> = { run: '', tag: '', name: '' };

/** What stands in the cells: only that is in the legend. */
function looksOf(heats: readonly Heat[]): { readonly present: ReadonlySet<number>; readonly hasZero: boolean } {
  const present = new Set<number>();
  let hasZero = false;
  for (const { tracks } of heats) {
    for (const each of tracks) {
      if (each === undefined) present.add(IS.missing);
      else {
        each.state.forEach((state, i) => {
          present.add(state);
          hasZero ||= state === IS.value && each.value[i] === 0;
        });
      }
    }
  }
  return { present, hasZero };
}

function spoken(heat: Heat, row: number, i: number, measure: Measure, what: string): string {
  const node = heat.rows[row]?.node;
  const own = heat.tracks[row];
  if (node === undefined || own === undefined) return 'not logged';
  return `${node.path}, step ${inFull(heat.series.step[i] ?? 0)}: ${what} ${cellText(measure, own, i, isFrozen(node, heat.series.rows), number)}`;
}

interface SaveProps {
  readonly heats: readonly Heat[];
  readonly tag: string;
  readonly focus: string;
  readonly step: number;
  readonly rows: () => ReturnType<typeof cellRows>;
  readonly numbers: () => ReturnType<typeof numbers>;
  readonly picture: () => HTMLElement | null;
  readonly title: string;
}

function Save({ tag, focus, step, rows, numbers: told, picture, title }: SaveProps) {
  return (
    <SaveMenu
      what="the heat map"
      subject={{ training: focus, part: tag, step }}
      formats={[
        { label: 'CSV', make: () => csv(rows()) },
        { label: 'JSON', make: () => json({ training: focus, step, ...told() }) },
        {
          label: 'PNG',
          make: async () => {
            const element = picture();
            return element === null ? null : png(await pictureOf(element, title));
          },
        },
      ]}
    />
  );
}
