import { type Curve, detLine, deviate, MACRO, probit } from '../../math/curve';
import { Picture } from './Card';
import { along, Lines } from './Lines';
import type { Overlay } from './overlays';
import { type Axis, roomy } from './Plane';
import { Undefined } from './Roc';
import type { Linked } from './use_threshold';

interface Props {
  readonly overlays: readonly Overlay[];
  readonly width: number;
  readonly threshold: Linked | undefined;
}

const MARKS = [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99];

/** Both kinds of error against each other, in normal deviates. */
export function Det({ overlays, width, threshold }: Props) {
  const own = overlays[0];
  const curve = own?.curve;
  // The mean of the classes has no number of samples that would say how small a rate can be told.
  if (own === undefined || curve === undefined || curve.of === MACRO) return null;
  const place = (i: number) =>
    [deviate(curve.falsePositiveRate[i] ?? 0, curve.negatives), deviate(1 - (curve.recall[i] ?? 0), curve.positives)] as const;
  return (
    <Picture
      id="det"
      title="DET"
      figure={
        <p class="ls-curves-figure">
          <span>misses against false alarms</span>
        </p>
      }
      note={<>axes: normal deviates</>}
      width={width}
      x={axis('false positive rate', curve.negatives, width)}
      y={axis('miss rate', curve.positives, width)}
      label={curve.undefined === '' ? 'DET curve' : `DET curve, undefined: ${curve.undefined}`}
      colour={own.colour}
      handle={curve.undefined === '' ? threshold?.handle('threshold on the DET curve', place) : undefined}
    >
      {(at) =>
        curve.undefined === '' ? (
          <Lines overlays={overlays.filter((each) => isWhole(each.curve))} line={along(detLine)} at={at} />
        ) : (
          <Undefined why={curve.undefined} at={at([middle(curve.negatives), middle(curve.positives)])} />
        )
      }
    </Picture>
  );
}

function isWhole(curve: Curve | undefined): boolean {
  return curve !== undefined && curve.undefined === '';
}

function ends(n: number): readonly [number, number] {
  const low = probit(Math.min(0.005, 0.4 / Math.max(1, n)));
  return [low, -low];
}

function middle(n: number): number {
  const [low, high] = ends(n);
  return (low + high) / 2;
}

function axis(title: string, n: number, width: number): Axis {
  const [from, to] = ends(n);
  const inside = MARKS.filter((rate) => probit(rate) > from && probit(rate) < to);
  const ticks = inside.map((rate) => ({ at: probit(rate), text: rateText(rate) }));
  // Where there is no room for all, those in the middle stay.
  const inner = ticks.toSorted((a, b) => Math.abs(a.at) - Math.abs(b.at));
  return { title, from, to, ticks: roomy(inner, width - 60, from, to, 25) };
}

function rateText(rate: number): string {
  const hundredths = rate * 100;
  return hundredths >= 0.01 ? `${Number(hundredths.toPrecision(2))}%` : rate.toExponential(0).replace('e-', 'e−');
}
