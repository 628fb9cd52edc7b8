import { useComputed, useSignal } from '@preact/signals';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Normalise } from '../../math/confusion';
import { type Difference, difference, type Share } from '../../math/difference';
import { withoutShared } from '../../math/shared_ends';
import { AxisLabels, LEAST_NAMED, type Place } from './AxisLabels';
import { Cells, LARGEST } from './Cells';
import { ClassNumbers } from './ClassNumbers';
import { ClassTable } from './ClassTable';
import { cellText, differenceText } from './cell_text';
import type { Change, Order } from './choices';
import { predictedName, trueName } from './class_name';
import type { Domain, Shown } from './domain';
import type { Evaluation, Matched } from './evaluation';
import { differenceGaps, gapsOf } from './gaps';
import type { Grid } from './grid';
import { HiddenTable } from './HiddenTable';
import { differenceHeat, heatMap } from './heat';
import type { History } from './history';
import { Legend } from './Legend';
import { layout } from './layout';
import { linesOf } from './lines';
import { widest } from './measure';
import { namesAside } from './numbers';
import { RASTER_BELOW } from './paint';
import { Save } from './Save';
import { useRoom } from './use_room';
import { type Extent, overview, type Viewport, zoom } from './viewport';

/** What is taken away from each cell, and how its colours are to be read. */
export interface Subtracted {
  readonly against: Matched;
  readonly by: Share;
  readonly domain: Domain;
}

interface Props {
  readonly evaluation: Evaluation;
  readonly reference: Matched | undefined;
  readonly differences: Subtracted | undefined;
  /** Name of what is subtracted. */
  readonly subtracted: string;
  readonly history: History;
  readonly grid: Grid;
  readonly by: Normalise;
  readonly shown: Shown;
  readonly domain: Domain;
  readonly step: number;
  readonly colour: string;
  readonly selected: readonly number[];
  readonly sorted: Order;
  readonly onSelect: (classes: readonly number[]) => void;
  readonly onBack: (classes: readonly number[]) => void;
  readonly onChange: (change: Change) => void;
}

const MOST_TOLD = 51;

/** The matrix with its axes, the numbers of its classes and its legend. */
export function Matrix(props: Props) {
  const { evaluation, reference, differences, grid, by, shown, domain, selected, onSelect, history, sorted, onChange } = props;
  const { confusion: c, labels } = evaluation;
  const box = useRef<HTMLDivElement>(null);
  const cursor = useSignal<Place | null>(null);
  const hover = useSignal<Place | null>(null);
  const { width, height, ratio } = useRoom(box);

  const shorten = useMemo(() => withoutShared(labels), [labels]);
  const labelWidth = useMemo(
    () => widest([...labels.slice(0, 5000).map(shorten), ...extras(grid, c.size)], 140),
    [labels, shorten, grid, c.size],
  );
  const room = { width, height, ratio, rows: grid.rows.length, columns: grid.columns.length };
  const numbersAside = namesAside(evaluation, reference).length;
  const sizes = layout({ ...room, rowLabel: labelWidth, columnLabel: labelWidth, numbers: numbersAside });
  const extent: Extent = {
    rows: grid.rows.length,
    columns: grid.columns.length,
    width: Math.round(sizes.width * ratio),
    height: Math.round(sizes.height * ratio),
  };
  const [view, setView] = useView(extent);
  const small = view.cell < RASTER_BELOW;
  const changed = useMemo(
    () => differences && difference(c, differences.against.confusion, differences.against.ids, differences.by),
    [c, differences?.against, differences?.by],
  );
  const drawn = useMemo(() => {
    if (differences !== undefined && changed !== undefined) {
      return {
        lines: linesOf(changed, grid.transposed),
        heat: differenceHeat(changed, differences.domain),
        gaps: differenceGaps(c, differences.against, differences.by),
        text: differenceText,
      };
    }
    return {
      lines: linesOf(c, grid.transposed),
      heat: heatMap(c, by, shown, domain, small),
      gaps: gapsOf(c, by),
      text: (value: number) => cellText(value, by),
    };
  }, [c, changed, differences, by, shown, domain, small, grid.transposed]);
  const picture = useMemo(() => ({ ...drawn, grid, view, ratio }), [drawn, grid, view, ratio]);

  // What does not depend on colours is made once, and not compared again when they change.
  const { step, colour } = props;
  const numbers = useMemo(() => {
    const shared = { evaluation, reference, history, step, colour };
    const rows = grid.rows.subarray(0, c.size);
    const table = <ClassTable {...shared} order={rows} selected={selected} onSelect={onSelect} />;
    if (sizes.numbers === 'below') return { aside: null, below: table };
    return {
      aside: <ClassNumbers {...shared} grid={grid} layout={sizes} sorted={sorted} onSort={(order) => onChange({ order })} />,
      below: (
        <details class="ls-confusion-more">
          <summary>all numbers of each class, to sort and save</summary>
          {table}
        </details>
      ),
    };
  }, [evaluation, reference, history, step, colour, grid, ...Object.values(sizes), selected, onSelect, sorted, onChange]);
  // Of many classes the table behind the canvas tells counts alone: it need not be made again for other shares.
  const told = grid.rows.length > MOST_TOLD ? 'count' : by;
  const table = useMemo(
    () => <HiddenTable {...{ evaluation, grid, selected, cursor, by: told, changed }} />,
    [evaluation, grid, selected, cursor, told, changed],
  );

  const axis = { view, ratio, shorten, widest: labelWidth, active: useComputed(() => hover.value ?? cursor.value) };
  const zoomable = sizes.cell < 18;
  const named = view.cell / ratio >= LEAST_NAMED;
  const zoomBy = (factor: number) => setView(zoom(view, factor, extent.width / 2, extent.height / 2, extent, LARGEST * ratio));
  const [down, across] = grid.transposed ? (['predicted', 'true'] as const) : (['true', 'predicted'] as const);
  const nameOf = (which: 'true' | 'predicted') => (id: number) => (which === 'true' ? trueName : predictedName)(evaluation, id);
  return (
    <div ref={box} class="ls-confusion-matrix">
      <div
        class="ls-confusion-picture"
        style={{ gridTemplate: `${sizes.header}px ${sizes.height}px / ${sizes.gutter}px ${sizes.width}px auto` }}
      >
        <div class={`ls-confusion-header${named ? '' : ' ls-confusion-nameless'}`}>
          {named ? null : <p>point at a cell for its classes; Ctrl + wheel zooms, also + and − on the keyboard</p>}
          <span class="ls-confusion-title">{across}</span>
          <AxisLabels axis="column" ids={grid.columns} name={nameOf(across)} length={sizes.width} room={110} {...axis} />
        </div>
        <div class="ls-confusion-gutter">
          <span class="ls-confusion-title">{down}</span>
          <AxisLabels axis="row" ids={grid.rows} name={nameOf(down)} length={sizes.height} room={sizes.labelWidth - 8} {...axis} />
        </div>
        <Cells
          {...{ evaluation, grid, picture, extent, selected, onSelect, cursor, hover, history, step, colour, by, differences }}
          onBack={props.onBack}
          layout={sizes}
          onView={setView}
        />
        {numbers.aside}
      </div>
      <div class="ls-confusion-foot" style={{ paddingLeft: `${sizes.gutter}px` }}>
        <Legend
          by={by}
          shown={shown}
          domain={differences?.domain ?? domain}
          doubt={drawn.heat.unsure.includes(1)}
          gaps={isGap(drawn.gaps, c.size)}
          small={small}
          changed={changed === undefined || differences === undefined ? undefined : summary(changed, differences.by, props.subtracted)}
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
        <Save evaluation={evaluation} picture={picture} by={by} shown={() => box.current} />
      </div>
      {numbers.below}
      {table}
    </div>
  );
}

function summary({ tested, differing }: Difference, by: Share, subtracted: string) {
  return { tested, differing, by, subtracted };
}

function isGap({ truth, predicted }: { readonly truth: Uint8Array; readonly predicted: Uint8Array }, size: number): boolean {
  return truth.subarray(0, size).includes(1) || predicted.subarray(0, size).includes(1);
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
