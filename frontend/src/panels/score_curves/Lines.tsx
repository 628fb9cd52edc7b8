import type { Curve, Place } from '../../math/curve';
import type { Overlay } from './overlays';
import { path } from './Plane';

interface Props {
  readonly overlays: readonly Overlay[];
  readonly line: (curve: Curve) => readonly Place[];
  readonly at: (place: Place) => Place;
}

/** The curve of each evaluation; that in focus is drawn last, over the others. */
export function Lines({ overlays, line, at }: Props) {
  return (
    <>
      {overlays
        .toReversed()
        .map(({ name, curve, colour, dashed }, k) =>
          curve === undefined || curve.undefined === 'no positives' ? null : (
            <path
              key={name}
              class="ls-curves-line"
              d={path(line(curve), at)}
              style={{ stroke: colour, strokeWidth: k === overlays.length - 1 ? 2 : 1.4 }}
              stroke-dasharray={dashed ? '5 4' : undefined}
            />
          ),
        )}
    </>
  );
}
