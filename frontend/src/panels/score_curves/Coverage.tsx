import { MICRO, type Place } from '../../math/curve';
import { percent } from '../../math/format';
import type { Calibration } from '../../schema.gen';
import { Picture } from './Card';
import { Lines } from './Lines';
import type { Overlay } from './overlays';
import { type Axis, RATES } from './Plane';
import type { Linked } from './use_threshold';
import { pooledOver, WORDS } from './whose';
import { thresholdText } from './words';

interface Props {
  readonly overlays: readonly Overlay[];
  readonly width: number;
  readonly threshold: Linked | undefined;
  /** Where the threshold is, also without a curve to move it along. */
  readonly at: number;
}

/** How often the model is right, if it may abstain where it is less sure than the threshold. */
export function Coverage({ overlays, width, threshold, at: t }: Props) {
  const own = overlays[0];
  const told = own?.calibration;
  if (own === undefined || told === undefined || told.coverage.length === 0) return null;
  const lowest = Math.min(
    ...overlays.flatMap(({ calibration }) => (calibration === undefined ? [] : Array.from(calibration.covered_accuracy))),
  );
  const from = Math.min(0.9, Math.floor(10 * lowest) / 10);
  const y: Axis = { title: 'accuracy', from, to: 1, ticks: marks(from) };
  const k = cutAt(told, t);
  const { each } = WORDS[told.of];
  return (
    <Picture
      id="coverage"
      title="coverage"
      of={pooledOver(told, (own.curve?.of ?? MICRO) >= 0)}
      figure={
        <p class="ls-curves-figure">
          <span>
            {k === undefined ? (
              `no ${told.of === 'label' ? 'decision' : 'sample'} is as sure`
            ) : (
              <>
                <b>{percent(told.covered_accuracy[k] ?? 0)}</b> right on <b>{percent(told.coverage[k] ?? 0)}</b>
                {told.of === 'label' ? ' of all decisions' : ''}
              </>
            )}
          </span>
        </p>
      }
      note={
        <>
          where it is at least {thresholdText(t, 1e-6)} sure{told.of === 'label' ? ', of a label or of its absence' : ''}
        </>
      }
      width={width}
      x={{ title: `share of ${each} answered`, from: 0, to: 1, ticks: RATES }}
      y={y}
      label="accuracy against coverage"
      colour={own.colour}
      handle={
        k === undefined
          ? undefined
          : threshold?.handle('threshold on accuracy against coverage', () => [told.coverage[k] ?? 1, told.covered_accuracy[k] ?? 1], {
              nearest: ([x]) => told.covered_from[nearestCut(told, x)] ?? 0,
            })
      }
    >
      {(at) => <Lines overlays={overlays} line={({ calibration }) => calibration && line(calibration)} at={at} />}
    </Picture>
  );
}

function line({ coverage, covered_accuracy }: Calibration): readonly Place[] {
  return Array.from(coverage, (x, i): Place => [x, covered_accuracy[i] ?? 0]);
}

/** The cut with the most samples of which the model is at least so sure. Cuts fall in coverage, so they rise in confidence. */
function cutAt({ covered_from }: Calibration, threshold: number): number | undefined {
  const found = covered_from.findIndex((from) => from >= threshold - 1e-12);
  return found < 0 ? undefined : found;
}

function nearestCut({ coverage }: Calibration, x: number): number {
  let best = 0;
  coverage.forEach((each, k) => {
    if (Math.abs(each - x) < Math.abs((coverage[best] ?? 0) - x)) best = k;
  });
  return best;
}

function marks(from: number): Axis['ticks'] {
  const step = 1 - from < 0.11 ? 0.02 : 1 - from < 0.31 ? 0.05 : 1 - from < 0.51 ? 0.1 : 0.2;
  const size = Math.floor((1 - from) / step + 1e-9);
  return Array.from({ length: size + 1 }, (_, k) => Number((1 - k * step).toFixed(3))).map((at) => ({ at, text: String(at) }));
}
