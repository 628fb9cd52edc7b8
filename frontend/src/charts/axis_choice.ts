/** What is chosen of the axis that all pictures of a training share, kept in the selection's options: a link opens the same stretch. */
import type { Domain } from '../math/domain';
import { AXES, type Axis } from '../math/series';
import type { Selection } from '../selection';

type Options = Selection['options'];

const AXIS = 'training.axis';
const ZOOM = 'training.zoom';

/** The axis chosen; undefined when none is, or what a link asks for is none. */
export function chosenAxis(options: Options): Axis | undefined {
  return AXES.find((axis) => axis === options[AXIS]);
}

/** The stretch chosen; undefined: all of the axis. */
export function chosenZoom(options: Options): Domain | undefined {
  const [from = Number.NaN, to = Number.NaN] = (options[ZOOM] ?? '').split('_').map(Number.parseFloat);
  return from < to && Number.isFinite(to - from) ? [from, to] : undefined;
}

/** The options with another axis; a zoom into the old one means nothing on it. */
export function withAxis(options: Options, axis: Axis): Options {
  return { ...withZoom(options, undefined), [AXIS]: axis };
}

export function withZoom(options: Options, zoom: Domain | undefined): Options {
  const others = Object.fromEntries(Object.entries(options).filter(([key]) => key !== ZOOM));
  return zoom === undefined ? others : { ...others, [ZOOM]: zoom.map((x) => Number(x.toPrecision(14))).join('_') };
}
