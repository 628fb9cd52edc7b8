import { useComputed, useSignal } from '@preact/signals';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Normalise } from '../../math/confusion';
import type { Series } from '../../panel';
import { AxisLabels, LEAST_NAMED, type Place } from './AxisLabels';
import { Cells } from './Cells';
import { ClassNumbers } from './ClassNumbers';
import { ClassTable } from './ClassTable';
import { predictedName, trueName } from './class_name';
import type { Domain, Shown } from './domain';
import type { Evaluation } from './evaluation';
import type { Grid } from './grid';
import { HiddenTable } from './HiddenTable';
import { heatMap } from './heat';
import { recallHistory } from './history';
import { Legend } from './Legend';
import { layout } from './layout';
import { widest } from './measure';
import type { Matched } from './numbers';
import { RASTER_BELOW } from './paint';
import { Save } from './Save';
import { useRoom } from './use_room';
import { type Extent, overview, type Viewport, zoom } from './viewport';

interface Props {
  readonly evaluation: Evaluation;
  readonly reference: Matched | undefined;
  readonly classes: readonly Series<'classes'>[];
  readonly grid: Grid;
  readonly by: Normalise;
  readonly shown: Shown;
  readonly domain: Domain;
  readonly step: number;
  readonly colour: string;
  readonly selected: readonly number[];
  readonly onSelect: (classes: readonly number[]) => void;
}

/** The matrix with its axes, the numbers of its classes and its legend. */
export function Matrix(props: Props) {
  const { evaluation, reference, classes, grid, by, shown, domain, selected, onSelect } = props;
  const { confusion: c, labels } = evaluation;
  const box = useRef<HTMLDivElement>(null);
  const cursor = useSignal<Place | null>(null);
  const hover = useSignal<Place | null>(null);
  const { width, height, ratio } = useRoom(box);

  const labelWidth = useMemo(() => widest([...labels.slice(0, 5000), ...extras(grid, c.size)], 140), [labels, grid, c.size]);
  const room = { width, height, ratio, rows: grid.rows.length, columns: grid.columns.length };
  const sizes = layout({ ...room, rowLabel: labelWidth, columnLabel: labelWidth, compared: reference !== undefined });
  const extent: Extent = {
    rows: grid.rows.length,
    columns: grid.columns.length,
    width: Math.round(sizes.width * ratio),
    height: Math.round(sizes.height * ratio),
  };
  const [view, setView] = useView(extent);
  const small = view.cell < RASTER_BELOW;
  const heat = useMemo(() => heatMap(c, by, shown, domain, small), [c, by, shown, domain, small]);
  const picture = useMemo(() => ({ confusion: c, grid, heat, by, view, ratio }), [c, grid, heat, by, view, ratio]);
  const { series } = evaluation;
  const history = useMemo(() => recallHistory({ ...evaluation, series, labels }, classes), [series, labels, classes]);

  // What does not depend on colours is made once, and not compared again when they change.
  const { step, colour } = props;
  const numbers = useMemo(() => {
    const shared = { evaluation, reference, history, step, colour };
    if (sizes.numbers !== 'below') return <ClassNumbers {...shared} grid={grid} layout={sizes} />;
    return <ClassTable {...shared} order={grid.rows.subarray(0, c.size)} selected={selected} onSelect={onSelect} />;
  }, [evaluation, reference, history, step, colour, grid, ...Object.values(sizes), selected, onSelect]);
  const table = useMemo(() => <HiddenTable {...{ evaluation, grid, selected, cursor }} />, [evaluation, grid, selected, cursor]);

  const axis = { view, ratio, widest: labelWidth, active: useComputed(() => hover.value ?? cursor.value) };
  const zoomable = sizes.cell < 18;
  const named = view.cell / ratio >= LEAST_NAMED;
  const zoomBy = (factor: number) => setView(zoom(view, factor, extent.width / 2, extent.height / 2, extent, 40 * ratio));
  return (
    <div ref={box} class="ls-confusion-matrix">
      <div
        class="ls-confusion-picture"
        style={{ gridTemplate: `${sizes.header}px ${sizes.height}px / ${sizes.gutter}px ${sizes.width}px auto` }}
      >
        <div class={`ls-confusion-header${named ? '' : ' ls-confusion-nameless'}`}>
          {named ? null : <p>point at a cell for its classes; Ctrl + wheel zooms, also + and − on the keyboard</p>}
          <span class="ls-confusion-title">predicted</span>
          <AxisLabels
            axis="column"
            ids={grid.columns}
            name={(id) => predictedName(evaluation, id)}
            length={sizes.width}
            room={110}
            {...axis}
          />
        </div>
        <div class="ls-confusion-gutter">
          <span class="ls-confusion-title">true</span>
          <AxisLabels
            axis="row"
            ids={grid.rows}
            name={(id) => trueName(evaluation, id)}
            length={sizes.height}
            room={sizes.labelWidth - 8}
            {...axis}
          />
        </div>
        <Cells {...{ evaluation, grid, picture, extent, selected, onSelect, cursor, hover }} layout={sizes} onView={setView} />
        {sizes.numbers === 'below' ? null : numbers}
      </div>
      <div class="ls-confusion-foot" style={{ paddingLeft: `${sizes.gutter}px` }}>
        <Legend
          by={by}
          shown={shown}
          domain={domain}
          doubt={heat.unsure.includes(1)}
          gaps={(by === 'column' ? c.predictions : c.examples).subarray(0, c.size).includes(0)}
          small={small}
        />
        {zoomable ? (
          <span class="ls-confusion-zoom" data-unsaved>
            <button type="button" class="ls-button" aria-label="zoom in" onClick={() => zoomBy(2)}>
              +
            </button>
            <button type="button" class="ls-button" aria-label="zoom out" onClick={() => zoomBy(0.5)}>
              −
            </button>
            <button type="button" class="ls-button" onClick={() => setView(overview(extent))}>
              whole
            </button>
          </span>
        ) : null}
        <Save evaluation={evaluation} grid={grid} picture={() => box.current} />
      </div>
      {sizes.numbers === 'below' ? numbers : null}
      {table}
    </div>
  );
}

function extras(grid: Grid, size: number): readonly string[] {
  return [...(grid.rows.length > size ? ['unknown truth'] : []), ...(grid.columns.length > size ? ['abstained'] : [])];
}

/** The viewport, back at the whole matrix whenever the canvas or the number of classes changes. */
function useView(extent: Extent): readonly [Viewport, (view: Viewport) => void] {
  const key = `${extent.rows} ${extent.columns} ${extent.width} ${extent.height}`;
  const whole = useMemo(() => overview(extent), [key]);
  const [held, setHeld] = useState({ key, view: whole });
  const view = held.key === key ? held.view : whole;
  return [view, (next) => setHeld({ key, view: next })];
}
