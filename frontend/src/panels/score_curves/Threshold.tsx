import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import { between, count, exact, percent } from '../../math/format';
import { operatingAt, type Rate } from '../../math/threshold';
import { Swatch } from './Card';
import { OperatingPoints } from './OperatingPoints';
import type { Overlay } from './overlays';
import type { Linked } from './use_threshold';
import { three, thresholdText, told } from './words';

interface Props {
  readonly overlays: readonly Overlay[];
  readonly linked: Linked;
  readonly onReset: () => void;
  /** What wrong decisions cost, as a link has it. */
  readonly costs: string | undefined;
  readonly onCosts: (costs: string | undefined) => void;
}

const ROWS = [
  ['recall there', 'recall', 'recall'],
  ['precision there', 'precision', 'precision'],
  ['false positive rate', 'falsePositiveRate', 'false positive rate'],
] as const;

/** What holds at the threshold, and the ways to others. */
export function Threshold({ overlays, linked, onReset, costs, onCosts }: Props) {
  const curve = overlays[0]?.curve;
  if (curve === undefined) return null;
  // At the same threshold as the focus.
  const columns = overlays.flatMap((overlay, k) => {
    const other = overlay.curve;
    if (k === 0) return [{ overlay, here: linked.here }];
    return other === undefined || other.threshold.length === 0 ? [] : [{ overlay, here: operatingAt(other, linked.here.threshold) }];
  });
  return (
    <div class="ls-curves-threshold">
      <table data-testid="threshold">
        <thead>
          <tr>
            <th scope="row">
              <Term name="threshold">threshold</Term>
            </th>
            {columns.map(({ overlay, here }, k) => (
              <th key={overlay.name} scope="col" colSpan={k === 0 ? 2 : 1}>
                {columns.length > 1 ? <Swatch overlay={overlay} /> : null}
                {k > 0 ? <Label text={overlay.name} max={14} /> : null}
                {k === 0 ? (
                  <>
                    <b data-measure="threshold" title={String(here.threshold)}>
                      ≥ {linked.text}
                    </b>{' '}
                    {linked.chosen ? (
                      <button type="button" class="ls-curves-quiet" data-unsaved onClick={onReset}>
                        back to 0.5
                      </button>
                    ) : null}
                  </>
                ) : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ROWS.map(([term, key, label]) => (
            <tr key={key}>
              <th scope="row" class="ls-soft">
                <Term name={term}>{label}</Term>
              </th>
              {columns.map(({ overlay, here }, k) => (
                <RateCells key={overlay.name} rate={here[key]} measure={key} of={k === 0 ? 'focus' : overlay.name} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {linked.here.between === undefined ? null : (
        <p class="ls-soft" data-testid="between-thresholds">
          No threshold between {thresholdText(linked.here.between[0])} and {thresholdText(linked.here.between[1])} is known: where samples
          lie there, both ends of what can be are told.
        </p>
      )}
      <OperatingPoints curve={curve} linked={linked} costs={costs} onCosts={onCosts} />
    </div>
  );
}

/** A rate with its interval beside it; of what the focus is compared with only in the tooltip. */
function RateCells({ rate, measure, of }: { rate: Rate; measure: string; of: string }) {
  const base =
    rate.most !== undefined
      ? `at most ${exact(rate.most)}`
      : rate.of === undefined
        ? 'weighted'
        : `${count(rate.of[0])} of ${count(rate.of[1])}`;
  const ends = rate.range === undefined ? '' : `; 95 % interval (Wilson) ${between(rate.range, percent)}`;
  return (
    <>
      <td data-measure={measure} data-of={of} title={rate.value === undefined ? 'undefined' : `${rate.value} (${base}${ends})`}>
        <b>{told(rate)}</b>
      </td>
      {of === 'focus' ? (
        <td class="ls-soft ls-curves-between" title="95 % interval (Wilson)">
          {rate.range !== undefined ? (
            between(rate.range, three)
          ) : rate.value === undefined ? null : (
            <Term name="no interval">no interval</Term>
          )}
        </td>
      ) : null}
    </>
  );
}
