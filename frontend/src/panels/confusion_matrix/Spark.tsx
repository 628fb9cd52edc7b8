import type { Moment } from './history';

interface Props {
  readonly moments: readonly Moment[];
  /** The step on the page, marked by a dot. */
  readonly step: number;
  readonly colour: string;
  readonly width: number;
  readonly height: number;
  /** The value at the upper edge. */
  readonly top?: number;
}

const EDGE = 2;

/** A rate over time, from 0 at the bottom line to `top`. Where it is undefined there is a gap, never 0. */
export function Spark({ moments, step, colour, width, height, top = 1 }: Props) {
  const first = moments[0]?.step ?? 0;
  const last = moments.at(-1)?.step ?? first;
  const x = (s: number) => EDGE + (last > first ? (s - first) / (last - first) : 1) * (width - 2 * EDGE);
  const y = (value: number) => EDGE + (1 - value / top) * (height - 2 * EDGE);
  const path = moments.map(({ step: s, value }, i) => {
    if (value === undefined) return '';
    const joined = i > 0 && moments[i - 1]?.value !== undefined;
    return `${joined ? 'L' : 'M'}${x(s).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  const now = moments.findLast((m) => m.step <= step);
  return (
    <svg class="ls-confusion-spark" width={width} height={height} aria-hidden="true">
      <path class="ls-confusion-floor" d={`M0 ${height - 0.5}H${width}`} />
      <path d={path.join('')} fill="none" stroke={colour} stroke-width="1.5" stroke-linejoin="round" />
      {now?.value === undefined ? null : <circle cx={x(now.step)} cy={y(now.value)} r="2" fill={colour} />}
    </svg>
  );
}
