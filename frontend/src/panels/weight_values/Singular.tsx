import { number } from '../../math/format';

const WIDTH = 240;
const HEIGHT = 56;
const EDGE = 3;
/** Below this share of the first one they are not exact. */
const LEAST = 1e-7;

/** Singular values on a log scale, the largest first. */
export function Singular({ values }: { values: readonly number[] }) {
  const first = values[0] ?? 0;
  const last = values.at(-1) ?? 0;
  if (!(first > 0)) return null;
  const low = Math.log10(Math.max(LEAST * first, Math.min(last, first / 10)));
  const high = Math.log10(first);
  const x = (k: number) => EDGE + ((WIDTH - 2 * EDGE) * k) / Math.max(1, values.length - 1);
  const y = (value: number) => EDGE + ((HEIGHT - 2 * EDGE) * (high - Math.log10(Math.max(value, 10 ** low)))) / (high - low || 1);
  const end = last < LEAST * first ? `≤ ${number(LEAST * first)}` : number(last);
  return (
    <figure class="ls-values-singular">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={`${values.length} singular values from ${number(first)} to ${end}`}
      >
        {values.length === 1 ? (
          <circle cx={x(0)} cy={y(first)} r={2.5} />
        ) : (
          <path d={values.map((value, k) => `${k === 0 ? 'M' : 'L'}${x(k).toFixed(1)} ${y(value).toFixed(1)}`).join('')} />
        )}
      </svg>
      <figcaption class="ls-soft">
        <span>σ₁ {number(first)}</span>
        <span>
          σ<sub>{values.length}</sub> {end}
        </span>
      </figcaption>
    </figure>
  );
}
