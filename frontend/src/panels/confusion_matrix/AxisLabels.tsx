import type { ReadonlySignal } from '@preact/signals';
import { cut } from './measure';
import type { Viewport } from './viewport';

export interface Place {
  readonly row: number;
  readonly column: number;
}

interface Props {
  readonly axis: 'row' | 'column';
  readonly ids: Int32Array;
  readonly name: (id: number) => string;
  /** A name as it is drawn, the whole one being in its title. */
  readonly shorten: (name: string) => string;
  readonly view: Viewport;
  readonly ratio: number;
  /** Length of the axis and room for a label, in CSS pixels. */
  readonly length: number;
  readonly room: number;
  /** The widest of all labels: columns narrower than that have theirs upright. */
  readonly widest: number;
  /** Where the cursor or the mouse is: its labels are always shown. */
  readonly active: ReadonlySignal<Place | null>;
}

/** Cells of fewer CSS pixels have no room for a name each. */
export const LEAST_NAMED = 12;

/** Names along the rows or above the columns: of every class where there is room, else of the one under the cursor. */
export function AxisLabels(props: Props) {
  const { axis, ids, view, ratio, length } = props;
  const cell = view.cell / ratio;
  const first = axis === 'row' ? view.top : view.left;
  const places: number[] = [];
  if (cell >= LEAST_NAMED) {
    const end = Math.min(ids.length, Math.floor(first + length / cell + 1e-6));
    for (let place = Math.ceil(first); place < end; place++) places.push(place);
  }
  return (
    <div class={`ls-confusion-labels ls-confusion-${axis}s`} aria-hidden="true">
      {places.map((place) => (
        <AxisLabel key={ids[place]} place={place} cell={cell} first={first} {...props} />
      ))}
      <ActiveLabel cell={cell} first={first} {...props} />
    </div>
  );
}

type Placed = Props & { readonly cell: number; readonly first: number };

function ActiveLabel(props: Placed) {
  const { active, axis, first, cell, length } = props;
  const place = active.value?.[axis];
  if (place === undefined || (place - first) * cell < -1 || (place - first) * cell > length) return null;
  return <AxisLabel {...props} place={place} emphasised />;
}

function AxisLabel({
  axis,
  ids,
  name,
  shorten,
  place,
  cell,
  first,
  room,
  widest,
  emphasised = false,
}: Placed & { place: number; emphasised?: boolean }) {
  const whole = name(ids[place] ?? 0);
  const sideways = axis === 'column' && widest > cell - 4;
  const middle = (place + 0.5 - first) * cell;
  const text = cut(shorten(whole), room);
  return (
    <bdi
      class={`${emphasised ? 'ls-confusion-active ' : ''}${sideways ? 'ls-confusion-upright' : ''}`}
      style={axis === 'row' ? { top: `${middle}px` } : { left: `${middle}px` }}
      title={whole}
    >
      {text}
    </bdi>
  );
}
