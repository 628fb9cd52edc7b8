import type { Signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { theme } from '../../charts/colour';
import { hideTooltip, showTooltip } from '../../components/tooltip';
import { announce } from '../../live';
import type { Normalise } from '../../math/confusion';
import type { Place } from './AxisLabels';
import { CellTip, cellSentence } from './CellTip';
import { cellSelection } from './class_name';
import type { Evaluation } from './evaluation';
import { cellOf, type Grid, placeOf } from './grid';
import type { History } from './history';
import { inkOf } from './ink';
import { move } from './keys';
import type { Layout } from './layout';
import { Marks } from './Marks';
import type { Subtracted } from './Matrix';
import { LINES_FROM, type Picture, paint } from './paint';
import { underPixel } from './under_pixel';
import { type Extent, hit, overview, pan, reveal, type Viewport, zoom } from './viewport';

interface Props {
  readonly evaluation: Evaluation;
  readonly grid: Grid;
  readonly picture: Picture;
  readonly layout: Layout;
  readonly extent: Extent;
  readonly selected: readonly number[];
  readonly onSelect: (classes: readonly number[]) => void;
  /** Out of what a cell is in, such as a group that was opened. */
  readonly onBack: (classes: readonly number[]) => void;
  readonly onView: (view: Viewport) => void;
  /** Where the keyboard is, and where the mouse is. */
  readonly cursor: Signal<Place | null>;
  readonly hover: Signal<Place | null>;
  readonly history: History;
  readonly step: number;
  readonly colour: string;
  readonly by: Normalise;
  readonly differences: Subtracted | undefined;
}

/** Biggest cell that zooming makes, in CSS pixels. */
export const LARGEST = 40;

/** The cells: a canvas that is one tab stop, with arrow keys inside, and what marks cells on top of it. */
export function Cells(props: Props) {
  const { evaluation, grid, picture, layout, extent, selected, onSelect, onBack, onView, cursor, hover } = props;
  const { history, step, colour, by, differences } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const { view, ratio } = picture;
  const edge = Math.round(ratio);
  const shade = theme.value;

  // The theme is among what it depends on: it changes what the ink is.
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (canvas.current !== null && context != null) paint(context, picture, inkOf(canvas.current, context));
  }, [picture, shade, extent.width, extent.height]);

  // What the mouse is on may go while it is there, such as with the view.
  useEffect(() => hideTooltip, []);

  const idsAt = (place: Place) => cellOf(grid, place);
  const select = (place: Place) => {
    const { truth, predicted } = idsAt(place);
    const chosen = cellSelection(evaluation, truth, predicted);
    const same = chosen.length === selected.length && chosen.every((id, i) => id === selected[i]);
    onSelect(same ? [] : chosen);
  };

  const mouse = useMouse(box, view, extent, ratio, onView, (place, event) => {
    if (place === undefined) {
      hover.value = null;
      hideTooltip();
      return;
    }
    if (hover.value?.row !== place.row || hover.value.column !== place.column) hover.value = place;
    showTooltip(
      <CellTip
        {...{ evaluation, history, step, colour, by, differences }}
        {...idsAt(place)}
        under={underPixel(evaluation.confusion, grid, place, view.cell)}
      />,
      event.clientX,
      event.clientY,
    );
  });

  const goTo = (place: Place) => {
    cursor.value = place;
    onView(reveal(view, place.row, place.column, extent));
    announce(cellSentence({ evaluation, ...idsAt(place) }));
  };
  const start = (): Place => {
    const { row, column } = placeOf(grid, selected[0], selected[1]);
    return { row: Math.max(0, row), column: Math.max(0, column) };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = cursor.value ?? start();
    const next = move(event, at, extent);
    if (next !== undefined) goTo(next);
    else if (event.key === 'Enter' || event.key === ' ') select(at);
    else if (event.key === 'Escape' && selected.length > 0) onSelect([]);
    else if (event.key === 'Escape') onBack(cellSelection(evaluation, idsAt(at).truth, idsAt(at).predicted));
    else if (event.key === '+' || event.key === '=') onView(zoom(view, 2, extent.width / 2, extent.height / 2, extent, LARGEST * ratio));
    else if (event.key === '-') onView(zoom(view, 0.5, extent.width / 2, extent.height / 2, extent, LARGEST * ratio));
    else if (event.key === '0') onView(overview(extent));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={box}
      class="ls-confusion-cells"
      role="application"
      aria-label="confusion matrix: arrow keys move between cells, Enter selects one, Escape goes back, plus and minus zoom"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the one tab stop of the matrix.
      tabIndex={0}
      style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (box.current?.matches(':focus-visible') === true) goTo(cursor.value ?? start());
      }}
      onBlur={() => {
        cursor.value = null;
      }}
      onPointerDown={mouse.down}
      onPointerMove={mouse.move}
      onPointerLeave={mouse.leave}
      onClick={(event) => {
        const place = mouse.clicked(event);
        if (place !== undefined) select(place);
      }}
    >
      <canvas
        ref={canvas}
        class={view.cell < LINES_FROM * ratio ? 'ls-confusion-framed' : undefined}
        width={extent.width + edge}
        height={extent.height + edge}
        style={{ width: `${(extent.width + edge) / ratio}px`, height: `${(extent.height + edge) / ratio}px` }}
      />
      <Marks grid={grid} view={view} ratio={ratio} selected={selected} cursor={cursor} hover={hover} />
    </div>
  );
}

/** Hover, drag and wheel, in cells. */
function useMouse(
  box: { readonly current: HTMLDivElement | null },
  view: Viewport,
  extent: Extent,
  ratio: number,
  onView: (view: Viewport) => void,
  onHover: (place: Place | undefined, event: PointerEvent) => void,
) {
  const dragged = useRef<{ x: number; y: number; far: boolean } | null>(null);
  const zoomed = view.cell > overview(extent).cell;
  const point = (event: MouseEvent) => {
    const frame = box.current?.getBoundingClientRect();
    return { x: (event.clientX - (frame?.left ?? 0)) * ratio, y: (event.clientY - (frame?.top ?? 0)) * ratio };
  };
  const place = (event: MouseEvent) => {
    const { x, y } = point(event);
    return hit(view, x, y, extent);
  };

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent) => {
      const { x, y } = point(event);
      const next =
        event.ctrlKey || event.metaKey
          ? zoom(view, event.deltaY < 0 ? 1.25 : 0.8, x, y, extent, LARGEST * ratio)
          : pan(view, -event.deltaX * ratio, -event.deltaY * ratio, extent);
      // At its end, and when the whole matrix is seen, the wheel moves the page as anywhere else.
      if (next.cell === view.cell && next.left === view.left && next.top === view.top && !event.ctrlKey) return;
      event.preventDefault();
      onView(next);
    };
    // Not passive: it must be able to keep the page still.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  });

  return {
    down: (event: PointerEvent) => {
      dragged.current = zoomed ? { x: event.clientX, y: event.clientY, far: false } : null;
    },
    move: (event: PointerEvent) => {
      const drag = dragged.current;
      if (drag !== null && event.buttons === 1) {
        const dx = event.clientX - drag.x;
        const dy = event.clientY - drag.y;
        if (!drag.far && Math.hypot(dx, dy) < 4) return;
        dragged.current = { x: event.clientX, y: event.clientY, far: true };
        onHover(undefined, event);
        onView(pan(view, dx * ratio, dy * ratio, extent));
      } else onHover(place(event), event);
    },
    leave: (event: PointerEvent) => onHover(undefined, event),
    /** The cell that was clicked; undefined when the mouse was dragged. */
    clicked: (event: MouseEvent) => {
      const far = dragged.current?.far === true;
      dragged.current = null;
      return far ? undefined : place(event);
    },
  };
}
