import { css, diverging, theme } from '../../charts/colour';
import { count } from '../../math/format';
import { Picture } from './Card';
import type { Overlay } from './overlays';
import { type Axis, RATES, roomy, square } from './Plane';
import type { Linked } from './use_threshold';

interface Props {
  readonly overlays: readonly Overlay[];
  readonly width: number;
  readonly threshold: Linked | undefined;
}

const MARKS = [0.5, 0.25, 0.1, 0.01];

/** Histograms of the probability: of the positives upwards, of the negatives downwards. */
export function Scores({ overlays, width, threshold }: Props) {
  // Read, so that the colours follow the theme.
  void theme.value;
  const own = overlays[0];
  const curve = own?.curve;
  const scores = curve?.scores;
  if (own === undefined || curve === undefined || scores === undefined) return null;
  const [up, down] = [shares(scores.positive), shares(scores.negative)];
  const most = Math.max(0.01, ...up, ...down);
  const marks = MARKS.filter((mark) => mark < most);
  const ticks = [0, ...marks.flatMap((mark) => [mark, -mark])].map((mark) => ({
    at: Math.sign(mark) * Math.sqrt(Math.abs(mark)),
    text: `${Math.abs(mark) * 100}%`,
  }));
  const top = Math.sqrt(most) * 1.04;
  const y: Axis = { title: 'share of each', from: -top, to: top, ticks: roomy(ticks, square(width), -top, top) };
  const size = up.length;
  return (
    <Picture
      id="scores"
      title="scores"
      figure={
        <p class="ls-curves-figure">
          <span>
            <Key colour={css(diverging(0.85))} /> {count(curve.positives)} positives
          </span>
          <span>
            <Key colour={css(diverging(-0.85))} /> {count(curve.negatives)} negatives
          </span>
        </p>
      }
      note={<>heights by square root</>}
      width={width}
      x={{ title: 'probability', from: 0, to: 1, ticks: RATES }}
      y={y}
      label="score histograms of positives and negatives"
      colour={own.colour}
      handle={threshold?.handle(
        'threshold in the score histograms',
        (i) => [i === threshold.here.index ? threshold.here.threshold : (curve.threshold[i] ?? 0), 0],
        { line: true, across: true },
      )}
    >
      {(at) => (
        <>
          {up.map((share, b) => (
            <Bar key={b} from={at([b / size, 0])} to={at([(b + 1) / size, Math.sqrt(share)])} colour={css(diverging(0.85))} />
          ))}
          {down.map((share, b) => (
            <Bar key={b} from={at([b / size, -Math.sqrt(share)])} to={at([(b + 1) / size, 0])} colour={css(diverging(-0.85))} />
          ))}
        </>
      )}
    </Picture>
  );
}

function Key({ colour }: { colour: string }) {
  return (
    <svg width="9" height="9" viewBox="0 0 9 9" aria-hidden="true">
      <rect width="9" height="9" rx="2" style={{ fill: colour }} />
    </svg>
  );
}

function shares(counts: ArrayLike<number>): readonly number[] {
  const all = Array.from(counts);
  const sum = all.reduce((a, b) => a + b, 0);
  return all.map((n) => (sum > 0 ? n / sum : 0));
}

function Bar({ from, to, colour }: { from: readonly [number, number]; to: readonly [number, number]; colour: string }) {
  const height = from[1] - to[1];
  return height <= 0 ? null : (
    <rect x={from[0] + 0.25} y={to[1]} width={Math.max(0.5, to[0] - from[0] - 0.5)} height={height} style={{ fill: colour }} />
  );
}
