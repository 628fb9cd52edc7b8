import { Term } from '../../components/Term';
import { MACRO, type Place, precisionLine } from '../../math/curve';
import { percent } from '../../math/format';
import { Figure, Picture } from './Card';
import { along, Lines } from './Lines';
import type { Overlay } from './overlays';
import { path, RATES } from './Plane';
import { Diamond, type Optimum, Undefined } from './Roc';
import type { Linked } from './use_threshold';
import { four } from './words';

interface Props {
  readonly overlays: readonly Overlay[];
  readonly width: number;
  readonly threshold: Linked | undefined;
  readonly optimum: Optimum | undefined;
}

const F1 = [0.2, 0.4, 0.6, 0.8];

/** The precision-recall curve with its average precision. */
export function PrecisionRecall({ overlays, width, threshold, optimum }: Props) {
  const own = overlays[0];
  const curve = own?.curve;
  if (own === undefined || curve === undefined) return null;
  const why = curve.undefined === 'no positives' ? curve.undefined : '';
  return (
    <Picture
      id="precision-recall"
      title="precision–recall"
      figure={<Figure name="AP" overlays={overlays} of={(overlay) => overlay.curve?.ap} write={four} />}
      note={
        why !== '' || curve.prevalence === undefined ? undefined : (
          <>
            dashed: <Term name="prevalence">prevalence</Term> <span title={String(curve.prevalence)}>{percent(curve.prevalence)}</span> ·
            fine: <Term name="F1 lines">F1</Term>
          </>
        )
      }
      width={width}
      x={{ title: 'recall', from: 0, to: 1, ticks: RATES }}
      y={{ title: 'precision', from: 0, to: 1, ticks: RATES }}
      label={why === '' ? `precision-recall curve, average precision ${four(curve.ap.value)}` : `precision-recall curve, undefined: ${why}`}
      colour={own.colour}
      handle={
        why === ''
          ? threshold?.handle('threshold on the precision-recall curve', (i) => [curve.recall[i] ?? 0, curve.precision[i] ?? 1])
          : undefined
      }
    >
      {(at) =>
        why !== '' ? (
          <Undefined why={why} at={at([0.5, 0.5])} />
        ) : curve.of === MACRO ? (
          <text class="ls-curves-undefined" x={at([0.5, 0.5])[0]} y={at([0.5, 0.5])[1]} text-anchor="middle">
            the mean has no such curve
          </text>
        ) : (
          <>
            {F1.map((f) => (
              <path key={f} class="ls-curves-iso" d={path(isoF1(f), at)} />
            ))}
            {F1.map((f) => (
              <text key={f} class="ls-curves-iso-text" x={at([1, 0])[0] - 3} y={at([1, f / (2 - f)])[1] - 3} text-anchor="end">
                {f}
              </text>
            ))}
            {curve.prevalence === undefined ? null : (
              <path
                class="ls-curves-guess"
                d={path(
                  [
                    [0, curve.prevalence],
                    [1, curve.prevalence],
                  ],
                  at,
                )}
              />
            )}
            <Lines overlays={overlays} line={along(precisionLine)} at={at} />
            {optimum?.at === undefined ? null : (
              <Diamond at={at([curve.recall[optimum.at.index] ?? 0, curve.precision[optimum.at.index] || 1])} />
            )}
          </>
        )
      }
    </Picture>
  );
}

/** Where recall r and precision p have the same F1: p = f r / (2 r − f). */
function isoF1(f: number): readonly Place[] {
  const first = f / (2 - f);
  return Array.from({ length: 41 }, (_, k): Place => {
    const r = first + ((1 - first) * k) / 40;
    return [r, (f * r) / (2 * r - f)];
  });
}
