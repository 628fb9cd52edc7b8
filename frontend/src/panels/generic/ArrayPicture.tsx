import { useEffect, useRef } from 'preact/hooks';
import { css, diverging, theme } from '../../charts/colour';
import type { NamedArray } from '../../decode';
import { exact, number } from '../../math/format';
import { extent, picture } from './picture';

const WIDTH = 420;
const HEIGHT = 120;

/** An array without known meaning: numbers when there are few, a line when it has one axis, else a heatmap of its last two. */
export function ArrayPicture({ array }: { array: NamedArray }) {
  switch (picture(array.shape)) {
    case 'table':
      return <Numbers array={array} />;
    case 'line':
      return <Line array={array} />;
    case 'heatmap':
      return <Heatmap array={array} />;
    case 'nothing':
      return <p class="ls-soft">empty</p>;
  }
}

function Numbers({ array }: { array: NamedArray }) {
  const columns = array.shape.length < 2 ? array.data.length : (array.shape.at(-1) ?? 1);
  const values = Array.from(array.data);
  const rows = Array.from({ length: Math.ceil(values.length / columns) }, (_, r) => values.slice(r * columns, (r + 1) * columns));
  return (
    <div class="ls-generic-numbers">
      <table>
        <tbody>
          {rows.map((row, r) => (
            <tr key={String(r)}>
              {row.map((value, c) => (
                <td key={String(c)} title={exact(value)}>
                  {number(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ array }: { array: NamedArray }) {
  const { low, high } = extent(array.data);
  const x = (k: number) => (WIDTH * k) / Math.max(1, array.data.length - 1);
  const y = (value: number) => 4 + (HEIGHT - 8) * (high === low ? 0.5 : (high - value) / (high - low));
  let path = '';
  let pen = false;
  array.data.forEach((value, k) => {
    // A value that is none is a gap.
    if (Number.isFinite(value)) path += `${pen ? 'L' : 'M'}${x(k).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = Number.isFinite(value);
  });
  return (
    <>
      <svg class="ls-generic-line" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${array.data.length} values`}>
        <path d={path} />
      </svg>
      <Ends low={low} high={high} />
    </>
  );
}

function Heatmap({ array }: { array: NamedArray }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const columns = array.shape.at(-1) ?? 1;
  const rows = array.data.length / columns;
  const { low, high } = extent(array.data);
  const most = Math.max(Math.abs(low), Math.abs(high));
  const now = theme.value;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = context.createImageData(columns, rows);
    array.data.forEach((value, k) => {
      const [r, g, b] = diverging(value === 0 ? 0 : value / most);
      image.data.set([r, g, b, 255], 4 * k);
    });
    context.putImageData(image, 0, 0);
  }, [array, columns, rows, most, now]);
  return (
    <>
      <canvas
        ref={canvas}
        class="ls-generic-heat"
        width={columns}
        height={rows}
        role="img"
        aria-label={`${rows} × ${columns} values from ${number(low)} to ${number(high)}`}
        style={{ aspectRatio: `${columns} / ${rows}` }}
      />
      <p class="ls-soft">
        <i class="ls-generic-key" style={{ background: css(diverging(-1)) }} /> {number(-most)} … 0 …{' '}
        <i class="ls-generic-key" style={{ background: css(diverging(1)) }} /> {number(most)}
      </p>
    </>
  );
}

function Ends({ low, high }: { low: number; high: number }) {
  return (
    <p class="ls-soft">
      from {number(low)} to {number(high)}
    </p>
  );
}
