import { Term } from '../../components/Term';
import type { Cheapest, Costs } from '../../math/cost';
import { type Curve, MACRO, type Place, rocLine } from '../../math/curve';
import { Figure, Picture } from './Card';
import { along, Lines } from './Lines';
import type { Overlay } from './overlays';
import { DIAGONAL, path, RATES } from './Plane';
import type { Linked } from './use_threshold';
import { four } from './words';

interface Props {
  readonly overlays: readonly Overlay[];
  readonly width: number;
  readonly threshold: Linked | undefined;
  readonly optimum: Optimum | undefined;
}

/** The point at which wrong decisions cost least, and what they cost. */
export interface Optimum extends Costs {
  readonly at: Cheapest | undefined;
}

/** The ROC curve with its area. */
export function Roc({ overlays, width, threshold, optimum }: Props) {
  const own = overlays[0];
  const curve = own?.curve;
  if (own === undefined || curve === undefined) return null;
  const isBinned = curve.binned && curve.bound > 0;
  return (
    <Picture
      id="roc"
      title="ROC"
      figure={
        <Figure
          name="AUC"
          overlays={overlays}
          of={(overlay) => overlay.curve?.auc}
          write={four}
          more={({ curve: of }) =>
            isBinned && of !== undefined ? (
              <small>
                {' '}
                ± {four(of.bound)} <Term name="by binning">by binning</Term>
              </small>
            ) : null
          }
        />
      }
      note={
        <>
          {curve.band === undefined ? null : (
            <>
              pale: <Term name="pointwise band">95 % band, pointwise</Term>
            </>
          )}
          {optimum?.at === undefined || curve.undefined !== '' ? null : (
            <>
              {curve.band === undefined ? '' : ' · '}◇ <Term name="cheapest">cheapest</Term>, fine: as dear
            </>
          )}
          {curve.of === MACRO ? 'The mean has no threshold of its own.' : null}
        </>
      }
      width={width}
      x={{ title: 'false positive rate', from: 0, to: 1, ticks: RATES }}
      y={{ title: 'true positive rate', from: 0, to: 1, ticks: RATES }}
      label={said(curve)}
      colour={own.colour}
      handle={threshold?.handle('threshold on the ROC curve', (i) => [curve.falsePositiveRate[i] ?? 0, curve.recall[i] ?? 0])}
    >
      {(at) =>
        curve.undefined !== '' ? (
          <Undefined why={curve.undefined} at={at([0.5, 0.5])} />
        ) : (
          <>
            <path class="ls-curves-guess" d={path(DIAGONAL, at)} />
            {curve.band === undefined ? null : (
              <path class="ls-curves-band" d={`${path(around(curve.band), at)}Z`} style={{ fill: own.colour }} />
            )}
            {optimum?.at === undefined || curve.prevalence === undefined ? null : (
              <path class="ls-curves-iso" d={path(equalCost(optimum, optimum.at.cost, curve.prevalence), at)} />
            )}
            <Lines overlays={overlays} line={along(rocLine)} at={at} />
            {optimum?.at === undefined ? null : (
              <Diamond at={at([curve.falsePositiveRate[optimum.at.index] ?? 0, curve.recall[optimum.at.index] ?? 0])} />
            )}
          </>
        )
      }
    </Picture>
  );
}

/** Where false alarms and misses together cost the same. */
function equalCost({ falseAlarm, miss }: Costs, cost: number, prevalence: number): readonly Place[] {
  const [alarms, misses] = [falseAlarm * (1 - prevalence), miss * prevalence];
  // The false positive rates at which none and all of the positives are missed.
  if (alarms === 0) return [0, 1].map((x): Place => [x, 1 - cost / misses]);
  return [0, 1].map((y): Place => [(cost - misses * (1 - y)) / alarms, y]);
}

/** Marks a point of a curve that is not the threshold. */
export function Diamond({ at: [x, y] }: { at: Place }) {
  return <path class="ls-curves-diamond" d={`M${x - 5} ${y}L${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}Z`} />;
}

/** Around a band: along its upper ends, and back along the lower ones. */
function around({ low, high }: NonNullable<Curve['band']>): readonly Place[] {
  const last = low.length - 1;
  const upper = Array.from(high, (y, k): Place => [k / last, y]);
  const lower = Array.from(low, (y, k): Place => [k / last, y]).toReversed();
  return [...upper, ...lower];
}

function said(curve: Curve): string {
  return curve.undefined === '' ? `ROC curve, area ${four(curve.auc.value)}` : `ROC curve, undefined: ${curve.undefined}`;
}

/** What stands in place of a curve that there is not. */
export function Undefined({ why, at }: { why: string; at: Place }) {
  return (
    <text class="ls-curves-undefined" x={at[0]} y={at[1]} text-anchor="middle">
      undefined: {why}
    </text>
  );
}
