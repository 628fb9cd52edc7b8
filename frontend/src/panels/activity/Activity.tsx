import { useMemo, useRef, useState } from 'preact/hooks';
import { css, notFinite, sequential } from '../../charts/colour';
import { useStepAxis } from '../../charts/use_step_axis';
import { csv, type Field, json, png } from '../../components/download';
import { Label } from '../../components/Label';
import { Missing } from '../../components/Missing';
import { pictureOf } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { called } from '../../frame/shown';
import { useWidth } from '../../frame/use_width';
import { exact, inFull, plural } from '../../math/format';
import { nearest } from '../../math/placed';
import { curvesOf, lastAt, lastNear, place } from '../../math/series';
import { stepCurve } from '../../math/step_curve';
import { tensorTables } from '../../math/tensor_tables';
import { placesInWords } from '../../math/told';
import type { PanelProps } from '../../panel';
import { type Beside, Cells, words } from './Cells';
import { terms } from './help';
import { isNotFinite, MEASURES, type Measure, type Row, shareAt, type Table, tableOf } from './rows_of';
import './activity.css';

const CALLED: Readonly<Record<Measure, string>> = {
  dead: 'dead units',
  zeros: 'zeros',
  saturated: 'saturated',
  activity_non_finite: 'not finite',
};
/** Terms are listed by name for the whole page, which has other values that may not be finite. */
const TERM = { dead: 'dead', zeros: 'zeros', saturated: 'saturated', activity_non_finite: 'activity not finite' } as const;
const LEAST_WIDTH = 200;
const STEPS = 11;

/** What each layer gives out on the same few examples, evaluation by evaluation, on the axis of the charts. */
export function Activity(props: PanelProps<'activity' | 'tensor_stats' | 'parameters' | 'scalars' | 'training_facts'>) {
  const { series, selection, step, select } = props;
  const box = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const width = Math.max(LEAST_WIDTH, useWidth(box, 800));
  const [cursor, setCursor] = useState<number | null>(null);
  const own = series.activity[0];
  const reference = series.activity.find(({ training }) => training === selection.reference && training !== own?.training);
  const weights = useMemo(() => tensorTables(series.tensor_stats, series.parameters), [series.tensor_stats, series.parameters]);
  const tables = useMemo(() => {
    const its = weights.find(({ training }) => training === own?.training);
    return new Map(own === undefined ? [] : MEASURES.map((each) => [each, tableOf(own, each, its)]));
  }, [own, weights]);
  const there = MEASURES.filter((each) => (tables.get(each)?.rows.length ?? 0) > 0);
  const measure = there.find((each) => each === selection.options['activity.measure']) ?? there[0] ?? 'dead';
  const table = tables.get(measure);

  const scalars = useMemo(() => curvesOf(series.scalars), [series.scalars]);
  const facts = series.training_facts;
  const curves = useMemo(() => {
    if (table === undefined) return [];
    return [
      stepCurve({ training: table.training, run: '', tag: 'activity', name: 'activity' }, table.step, recordsOf(table), scalars, facts),
    ];
  }, [table, scalars, facts]);
  const focus = own?.training ?? '';
  const axis = useStepAxis('activity', curves, scalars, focus, props);
  const x = axis.placed[0]?.x;
  const beside = useMemo((): Beside | undefined => {
    if (reference === undefined || table === undefined) return undefined;
    const its = weights.find(({ training }) => training === reference.training);
    const theirs = likeRows(tableOf(reference, measure, its), table);
    const curve = stepCurve({ training: reference.training, run: '', tag: '', name: '' }, theirs.step, recordsOf(theirs), scalars, facts);
    const theirX = place(curve, axis.axis, axis.clocks.get(reference.training));
    return theirX && { called: called(reference.training), table: theirs, x: theirX };
  }, [reference, table, measure, weights, scalars, facts, axis.axis, axis.clocks]);
  if (table === undefined || x === undefined || table.rows.length === 0) return <div ref={box} />;
  const name = CALLED[measure];
  const all = beside === undefined ? [table] : [table, beside.table];
  const both = {
    name,
    axis,
    width,
    layer: selection.layer,
    select: (layer: string, at: number) => select({ layer, step: at }),
    onLeave: () => select({ layer: null }),
  };
  return (
    <div ref={box} class="ls-activity">
      <header>
        <h3 title={terms[TERM[measure]]}>
          <Term name={TERM[measure]}>{name}</Term>
          <span class="ls-soft">
            {' '}
            · {plural(table.rows.length, 'layer')} × {placesInWords(x, axis.shown, undefined, 'evaluation')}, on a{' '}
            <Term name="probe">probe</Term> of {plural(table.examples, 'example')}
            <Missing series={series.activity.slice(0, 1)} />
          </span>
        </h3>
        <SaveMenu
          what="the activity"
          subject={{ training: focus, part: measure, step }}
          formats={[
            { label: 'CSV', make: () => csv(saved(all, measure)) },
            {
              label: 'JSON',
              make: () => json({ training: focus, measure, step: table.step, layers: table.rows, reference: beside?.table }),
            },
            {
              label: 'PNG',
              make: async () =>
                picture.current === null
                  ? null
                  : png(await pictureOf(picture.current, `${called(focus)} · ${name} · step ${inFull(step)}`)),
            },
          ]}
        />
      </header>
      {there.length > 1 ? (
        <div class="ls-activity-controls">
          <Segmented
            label="what is shown of each layer"
            options={there.map((value) => ({ value, label: CALLED[value], help: terms[TERM[value]] }))}
            value={measure}
            onChange={(value) => select({ options: { ...selection.options, 'activity.measure': value } })}
          />
        </div>
      ) : null}
      <div ref={picture}>
        {beside === undefined ? null : (
          <h4>
            <Label text={called(focus)} max={48} />
          </h4>
        )}
        <Cells table={table} x={x} beside={beside} label={name} stepAt={(i) => table.step[i] ?? 0} onCursor={setCursor} {...both} />
        {beside === undefined ? null : (
          <>
            <h4>
              <Label text={beside.called} max={48} />{' '}
              <span class="ls-soft">reference · {placesInWords(beside.x, axis.shown, undefined, 'evaluation')}</span>
            </h4>
            <Cells
              table={beside.table}
              x={beside.x}
              label={`${name} of ${beside.called}`}
              stepAt={(i) =>
                axis.axis === 'step'
                  ? (beside.table.step[i] ?? 0)
                  : (nearest(axis.stops, beside.x[i] ?? 0)?.step ?? beside.table.step[i] ?? 0)
              }
              onCursor={() => undefined}
              {...both}
            />
          </>
        )}
        {selection.reference === null || selection.reference === focus || beside !== undefined ? null : (
          <p class="ls-soft">
            The reference, <Label text={called(selection.reference)} max={48} />, logged no activity of layers.
          </p>
        )}
        <Legend tables={all} hasGap={[x, ...(beside === undefined ? [] : [beside.x])].some((each) => axis.shown[0] < (each[0] ?? 0))} />
      </div>
      <Hidden table={table} name={name} i={cursor ?? Math.max(0, lastAt(table.step, step))} />
      {beside === undefined ? null : (
        <Hidden table={beside.table} name={`${name} of ${beside.called}`} i={Math.max(0, lastNear(beside.x, axis.at ?? 0))} />
      )}
    </div>
  );
}

/** When each evaluation was written. */
function recordsOf({ step, wall }: Table) {
  return Array.from(step, (at, i) => ({ step: at, wallTime: wall[i] ?? 0 }));
}

/** A table with the rows of another one, in their order, so that they stand at the same height; what it does not tell of is missing. */
function likeRows(table: Table, wanted: Table): Table {
  const none = () => new Float64Array(table.step.length).fill(Number.NaN);
  return {
    ...table,
    rows: wanted.rows.map(
      (row) =>
        table.rows.find(({ path }) => path === row.path) ?? {
          ...row,
          counted: none(),
          of: none(),
          notFinite: none(),
          values: none(),
          isBroken: new Uint8Array(table.step.length),
        },
    ),
  };
}

const STOPS = 12;

/** The scale, and of what is no share what is there. */
function Legend({ tables, hasGap }: { tables: readonly Table[]; hasGap: boolean }) {
  const colours = Array.from({ length: STOPS + 1 }, (_, k) => css(sequential(k / STOPS)));
  const some = (is: (row: Row, i: number) => boolean) =>
    tables.some(({ rows, step }) => rows.some((row) => step.some((_, i) => is(row, i))));
  const hasMissing = some((row, i) => Number.isNaN(shareAt(row, i)) && !isNotFinite(row, i));
  return (
    <div class="ls-activity-legend">
      <span>0 %</span>
      <i style={{ background: `linear-gradient(to right, ${colours.join(', ')})` }} />
      <span>100 %</span>
      {some(isNotFinite) ? (
        <span class="ls-activity-chip">
          <svg width="16" height="10" aria-hidden="true">
            <rect width="16" height="10" style={{ fill: notFinite() }} />
          </svg>
          NaN or infinite
        </span>
      ) : null}
      {hasMissing || hasGap ? (
        <span class="ls-activity-chip">
          <svg width="16" height="10" aria-hidden="true">
            <path class="ls-activity-hatch" d="M-1 5L4 0M-1 10L9 0M4 10L14 0M9 10L17 2M14 10L17 7" />
            <rect class="ls-activity-edge" x="0.5" y="0.5" width="15" height="9" />
          </svg>
          {hasMissing ? 'not logged' : 'before the first evaluation'}
        </span>
      ) : null}
    </div>
  );
}

/** The picture as a table, for who does not see the canvas: the evaluations around the cursor, or around the step. */
function Hidden({ table, name, i }: { table: Table; name: string; i: number }) {
  const first = Math.max(0, Math.min(table.step.length - STEPS, i - (STEPS >> 1)));
  const shown = Array.from({ length: Math.min(STEPS, table.step.length) }, (_, k) => first + k);
  return (
    <div class="ls-hidden">
      <table data-testid="activity" data-training={table.training}>
        <caption>
          {name}: {shown.length} of {table.step.length} evaluations
        </caption>
        <thead>
          <tr>
            <th scope="col">layer</th>
            {shown.map((k) => (
              <th key={k} scope="col">
                step {exact(table.step[k] ?? 0)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.path}>
              <th scope="row">
                {row.path}, {row.activation}
                {row.isOutput ? ', an output' : ''}
              </th>
              {shown.map((k) => (
                <td key={k} data-layer={row.path} data-step={table.step[k]}>
                  {words(row, k)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function saved(tables: readonly Table[], measure: Measure): readonly (readonly Field[])[] {
  return [
    ['training', 'layer', 'activation', 'is_output', 'step', 'measure', 'counted', 'of', 'share', 'is_finite'],
    ...tables.flatMap((table) =>
      table.rows.flatMap((row) =>
        Array.from(table.step, (at, i): readonly Field[] => [
          table.training,
          row.path,
          row.activation,
          row.isOutput ? 'yes' : 'no',
          at,
          measure,
          row.counted[i],
          row.of[i],
          shareAt(row, i),
          isNotFinite(row, i) ? 'no' : 'yes',
        ]),
      ),
    ),
  ];
}
