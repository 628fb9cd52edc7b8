import type { Curve, Place } from '../../math/curve';
import type { Overlay } from './overlays';
import { path } from './Plane';

interface Props {
  readonly overlays: readonly Overlay[];
  /** Undefined where an evaluation has no line. */
  readonly line: (overlay: Overlay) => readonly Place[] | undefined;
  readonly at: (place: Place) => Place;
}

/** The line of each evaluation; that in focus is drawn last, over the others. */
export function Lines({ overlays, line, at }: Props) {
  return (
    <>
      {overlays.toReversed().map((overlay, k) => {
        const places = line(overlay);
        return places === undefined ? null : (
          <path
            key={overlay.name}
            class="ls-curves-line"
            d={path(places, at)}
            style={{ stroke: overlay.colour, strokeWidth: k === overlays.length - 1 ? 2 : 1.4 }}
            stroke-dasharray={overlay.dashed ? '5 4' : undefined}
          />
        );
      })}
    </>
  );
}

/** The line of an evaluation's curve, where it has one. */
export function along(line: (curve: Curve) => readonly Place[]): Props['line'] {
  return ({ curve }) => (curve === undefined || curve.undefined === 'no positives' ? undefined : line(curve));
}
