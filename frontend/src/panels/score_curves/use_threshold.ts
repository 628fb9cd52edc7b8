import { useState } from 'preact/hooks';
import type { Curve, Place } from '../../math/curve';
import { moved, nearestVertex, type Operating, operating, operatingAt, pointNear, roomBelow, vertices } from '../../math/threshold';
import type { Selection } from '../../selection';
import type { Handle } from './Plane';
import { thresholdText, told } from './words';

/** Where nothing is chosen: more likely than not. */
export const USUAL = 0.5;

interface More {
  /** A line across the picture at the place. */
  readonly line?: boolean;
  /** Only the horizontal place counts. */
  readonly across?: boolean;
  /** The threshold that a place stands for, where that is not the nearest point of the curve. */
  readonly nearest?: (place: Place) => number;
}

/** One threshold, moved in any picture. */
export interface Linked {
  readonly here: Operating;
  /** It as it is written. */
  readonly text: string;
  readonly chosen: boolean;
  readonly handle: (label: string, place: (index: number) => Place, more?: More) => Handle;
  readonly moveTo: (index: number) => void;
}

/** The threshold of the selection on a curve, and while a dot is dragged that under the pointer. `linked` is undefined where no threshold is known. */
export function useThreshold(
  curve: Curve | undefined,
  selected: number | null,
  select: (change: Partial<Selection>) => void,
): { readonly at: number; readonly linked: Linked | undefined } {
  const [dragged, setDragged] = useState<number | null>(null);
  const at = dragged ?? selected ?? USUAL;
  if (curve === undefined) return { at, linked: undefined };
  const all = vertices(curve);
  if (all.length === 0 || curve.undefined === 'no positives') return { at, linked: undefined };
  const isChosen = dragged !== null || selected !== null;
  // What nobody chose need not be told as such: the next best that is known is.
  const here = isChosen ? operatingAt(curve, at) : operating(curve, pointNear(curve, at));
  const { index } = here;
  const text = thresholdText(here.threshold, roomBelow(curve, here.threshold));
  const take = (threshold: number | undefined, done: boolean) => {
    if (threshold === undefined) return;
    setDragged(done ? null : threshold);
    if (done) select({ threshold });
  };
  const moveTo = (to: number) => take(curve.threshold[to], true);
  return {
    at,
    linked: {
      here,
      text,
      chosen: isChosen,
      moveTo,
      handle: (label, place, { line = false, across = false, nearest } = {}) => ({
        label,
        line,
        // Where nothing is called positive, precision is not defined, and the threshold infinite.
        at: inside(place(index)),
        chosen: isChosen,
        value: Math.min(1, here.threshold),
        text: `${text}: recall ${told(here.recall)}, precision ${told(here.precision)}, false positive rate ${told(here.falsePositiveRate)}`,
        onMove: (by) => {
          const down = -(Math.abs(by) < 1 ? Math.sign(by) * Math.max(1, Math.round(all.length / 10)) : by);
          // From between two points the first step up is to the upper one.
          moveTo(moved(curve, index, here.between !== undefined && down < 0 ? down + 1 : down));
        },
        onPoint: (point, [scaleX, scaleY], done) => {
          if (nearest !== undefined) return take(nearest(point), done);
          const to = nearestVertex(curve, (i) => {
            const [x, y] = place(i);
            return Math.hypot(scaleX * (x - point[0]), across ? 0 : scaleY * (y - point[1]));
          });
          return take(to === undefined ? undefined : curve.threshold[to], done);
        },
      }),
    },
  };
}

function inside([x, y]: Place): Place {
  return [Number.isFinite(x) ? x : 1, Number.isFinite(y) ? y : 1];
}
