/** Still pictures of what each view would show, drawn from nothing but the theme. */
import { css, sequential, theme } from '../charts/colour';
import type { View } from '../selection';

const WIDTH = 300;
const HEIGHT = 170;

export function Picture({ view }: { view: View }) {
  return (
    <svg class="ls-picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      {view === 'model' ? <Boxes /> : view === 'training' ? <Curves /> : <Matrix />}
    </svg>
  );
}

function Boxes() {
  const layers = [70, 118, 118, 94];
  return (
    <>
      {layers.map((width, k) => {
        const y = 4 + k * 43;
        return (
          <g key={k}>
            <rect class="ls-picture-box" x={150 - width} y={y} width={2 * width} height="28" rx="4" />
            <rect class="ls-picture-word" x={162 - width} y={y + 8} width="52" height="5" rx="2" />
            <rect class="ls-picture-word ls-picture-faint" x={162 - width} y={y + 17} width="84" height="4" rx="2" />
            {k < layers.length - 1 ? <path class="ls-picture-line" d={`M150 ${y + 28}v11m-3 -4l3 4l3 -4`} /> : null}
          </g>
        );
      })}
    </>
  );
}

function Curves() {
  const curve = (floor: number, rise: number) =>
    Array.from({ length: 40 }, (_, k) => {
      const t = k / 39;
      return `${k === 0 ? 'M' : 'L'}${20 + 270 * t} ${14 + 120 * (1 - Math.exp(-4 * t)) * floor - rise * Math.max(0, t - 0.5)}`;
    }).join('');
  return (
    <>
      {[14, 54, 94, 134].map((y) => (
        <path key={y} class="ls-picture-rule" d={`M20 ${y}H290`} />
      ))}
      <path class="ls-picture-curve" d={curve(1, 0)} />
      <path class="ls-picture-curve ls-picture-dashed" d={curve(0.82, 40)} />
      <path class="ls-picture-line" d="M20 160h270" />
      <circle class="ls-picture-dot" cx="196" cy="160" r="5" />
    </>
  );
}

/** A matrix of six classes, two of which are taken for each other. */
const SHARES = [
  [9, 0, 0, 1, 0, 0],
  [0, 8, 4, 0, 0, 0],
  [0, 3, 8, 0, 0, 1],
  [1, 0, 0, 9, 0, 0],
  [0, 0, 2, 0, 8, 0],
  [0, 0, 0, 0, 1, 9],
];

function Matrix() {
  // Read, so that the picture is drawn again when the theme changes.
  theme.value;
  return (
    <>
      {SHARES.flatMap((row, i) =>
        row.map((share, j) => (
          <rect
            key={`${i}-${j}`}
            class="ls-picture-cell"
            x={66 + j * 28}
            y={1 + i * 28}
            width="27"
            height="27"
            fill={css(sequential(i === j ? 0.06 : share / 5))}
          />
        )),
      )}
    </>
  );
}
