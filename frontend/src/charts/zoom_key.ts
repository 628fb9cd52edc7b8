import { zoomed } from '../math/domain';
import type { StepAxis } from './use_step_axis';

/** Does what + and = (closer), - (further) and 0 (all) do in a picture of the shared axis, around a place; whether it was one of them. */
export function zoomKey(key: string, axis: StepAxis, place: number): boolean {
  if (key === '+' || key === '=') axis.zoom(zoomed(axis.shown, place, 0.5));
  else if (key === '-') axis.zoom(zoomed(axis.shown, place, 2));
  else if (key === '0') axis.zoom(undefined);
  else return false;
  return true;
}
