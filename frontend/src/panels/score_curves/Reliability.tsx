import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { estimate, MICRO, type Place } from '../../math/curve';
import { between, count, exact, percent } from '../../math/format';
import type { Calibration } from '../../schema.gen';
import { Bins } from './Bins';
import { Card, Figure } from './Card';
import type { Overlay } from './overlays';
import { type Axis, across, DIAGONAL, Plane, path, RATES, square } from './Plane';
import { pooledOver, WORDS } from './whose';
import { four, three } from './words';

interface Props {
  readonly overlays: readonly Overlay[];
  readonly width: number;
  readonly by: Calibration['by'];
  readonly onBy: (by: Calibration['by']) => void;
  /** The confidences whose samples are shown. */
  readonly confidence: Range | undefined;
  /** Shows the samples of a bin; undefined where samples are not logged. */
  readonly onConfidence: ((range: Range | undefined) => void) | undefined;
}

/** A bin, as from above its lower edge up to its upper one. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

const WAYS = [
  { value: 'width', label: 'equal width', help: '15 bins of confidence, equally wide.' },
  { value: 'mass', label: 'equal mass', help: 'Up to 15 bins of equally many samples.' },
] as const;

const COUNTS = 48;

/** Whether the model is as often right as it is sure, with how many samples stand behind each bin. */
export function Reliability({ overlays, width, by, onBy, confidence, onConfidence }: Props) {
  const own = overlays[0];
  const told = own?.calibration;
  if (own === undefined || told === undefined) return null;
  const name = told.by === 'width' ? 'ECE' : 'ACE';
  const words = WORDS[told.of];
  const used = Array.from(told.count.keys()).filter((b) => (told.count[b] ?? 0) > 0);
  const selected = used.find((b) => isSame(told.low[b], confidence?.low) && isSame(told.high[b], confidence?.high));
  return (
    <Card id="reliability" title="reliability" of={pooledOver(told, (own.curve?.of ?? MICRO) >= 0)}>
      <Figure
        name={name}
        overlays={overlays}
        of={({ calibration }) => (calibration === undefined ? undefined : estimate(calibration.ece, null, null))}
        write={four}
        isEstimated={false}
        more={({ calibration }) =>
          calibration?.ece_floor == null ? null : (
            <small title={exact(calibration.ece_floor)}>
              · <span data-measure="floor">{four(calibration.ece_floor)}</span> <Term name="if perfectly calibrated">if perfect</Term>
            </small>
          )
        }
      />
      <div class="ls-curves-over-bins">
        <Plane
          width={width}
          height={square(width)}
          x={{ title: words.confidence, from: 0, to: 1, ticks: RATES }}
          y={{ title: words.accuracy, from: 0, to: 1, ticks: RATES }}
          label={`reliability diagram, ${name} ${four(told.ece ?? undefined)}`}
          colour={own.colour}
        >
          {(at) => (
            <>
              <path class="ls-curves-guess" d={path(DIAGONAL, at)} />
              {overlays.toReversed().map((overlay) => (
                <Dots key={overlay.name} overlay={overlay} at={at} />
              ))}
            </>
          )}
        </Plane>
        <Counts told={told} width={width} colour={own.colour} />
        {onConfidence === undefined || used.length === 0 ? null : (
          <Bins
            label="bins of confidence: arrow keys go along them, Enter shows the samples of one"
            bins={used}
            place={(b) => [across(width, told.low[b] ?? 0), across(width, told.high[b] ?? 0) - across(width, told.low[b] ?? 0)]}
            text={(b) => binText(told, b)}
            selected={selected}
            onSelect={(b) => onConfidence(b === undefined ? undefined : { low: told.low[b] ?? 0, high: told.high[b] ?? 1 })}
          />
        )}
      </div>
      <div data-unsaved>
        <Segmented label={told.of === 'label' ? 'bins of probability' : 'bins of confidence'} options={WAYS} value={by} onChange={onBy} />
      </div>
      <Figure
        name="Brier"
        overlays={overlays}
        of={({ calibration: c }) => (c?.brier == null ? undefined : estimate(c.brier, c.brier_low, c.brier_high))}
        write={three}
      />
      <Figure
        name="NLL"
        overlays={overlays}
        of={({ calibration: c }) => (c?.nll == null ? undefined : estimate(c.nll, c.nll_low, c.nll_high))}
        write={three}
        more={({ calibration: c }) => (c === undefined || c.clipped === 0 ? null : <small>{count(c.clipped)} clipped at 1e−12</small>)}
      />
      <Figure
        name="MCE"
        overlays={overlays}
        of={({ calibration }) => (calibration === undefined ? undefined : estimate(calibration.mce, null, null))}
        write={three}
        isEstimated={false}
      />
    </Card>
  );
}

function Dots({ overlay: { calibration, colour, dashed }, at }: { overlay: Overlay; at: (place: Place) => Place }) {
  if (calibration === undefined) return null;
  const { confidence, accuracy, accuracy_low, accuracy_high } = calibration;
  const used = Array.from(calibration.count.keys()).filter((b) => (calibration.count[b] ?? 0) > 0 && !Number.isNaN(accuracy[b]));
  const place = (b: number): Place => [confidence[b] ?? 0, accuracy[b] ?? 0];
  return (
    <g style={{ stroke: colour }}>
      <path class="ls-curves-line" d={path(used.map(place), at)} style={{ strokeWidth: 1 }} stroke-dasharray={dashed ? '5 4' : undefined} />
      {used.map((b) => {
        const [x, y] = at(place(b));
        const [low, high] = [at([0, accuracy_low[b] ?? Number.NaN])[1], at([0, accuracy_high[b] ?? Number.NaN])[1]];
        return (
          <g key={b}>
            {Number.isNaN(low) ? null : <line class="ls-curves-whisker" x1={x} x2={x} y1={low} y2={high} />}
            <circle cx={x} cy={y} r="2.5" style={{ fill: colour }}>
              <title>{binText(calibration, b)}</title>
            </circle>
          </g>
        );
      })}
    </g>
  );
}

/** Whether two edges are the same, also where one of them was written in a link. */
function isSame(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && Math.abs(one - other) < 1e-6;
}

/** How many samples are in each bin. */
function Counts({ told, width, colour }: { told: Calibration; width: number; colour: string }) {
  const heights = Array.from(told.count);
  const most = Math.max(1, ...heights);
  const y: Axis = {
    // There is no room for more.
    title: told.of === 'label' ? 'count' : 'samples',
    from: 0,
    to: most * 1.05,
    ticks: [
      { at: 0, text: '0' },
      { at: most, text: count(most) },
    ],
  };
  return (
    <Plane
      width={width}
      height={COUNTS}
      bottom={6}
      x={{ title: '', from: 0, to: 1, ticks: [] }}
      y={y}
      label={`${WORDS[told.of].each} in each of ${heights.length} bins`}
      colour={colour}
    >
      {(at) =>
        heights.map((n, b) => {
          const [left, bottom] = at([told.low[b] ?? 0, 0]);
          const [right, top] = at([told.high[b] ?? 0, n]);
          return n === 0 ? null : (
            <rect
              key={told.low[b]}
              class="ls-curves-count"
              x={left + 0.5}
              y={Math.min(top, bottom - 1)}
              width={Math.max(0.75, right - left - 1)}
              height={Math.max(1, bottom - top)}
            >
              <title>{binText(told, b)}</title>
            </rect>
          );
        })
      }
    </Plane>
  );
}

function binText({ of, low, high, count: n, accuracy, accuracy_low, accuracy_high, confidence }: Calibration, b: number): string {
  const { each, right, sure } = WORDS[of];
  const [from, to] = [accuracy_low[b] ?? Number.NaN, accuracy_high[b] ?? Number.NaN];
  const ends = Number.isNaN(from) ? '' : `, 95 % interval ${between({ low: from, high: to }, percent)}`;
  return `${three(low[b])} to ${three(high[b])}: ${count(n[b] ?? 0)} ${each}, ${right} ${percent(accuracy[b] ?? 0)}${ends}; ${sure} ${percent(confidence[b] ?? 0)}`;
}
