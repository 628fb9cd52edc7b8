import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { theme } from '../../charts/colour';
import { announce } from '../../live';
import { count, number } from '../../math/format';
import { gridMove, within } from '../../math/grid_move';
import type { Kernel } from '../../math/weight_cells';
import type { Sort } from './choices';
import { colourOf } from './Matrix';

interface Props {
  readonly kernels: readonly Kernel[];
  readonly sort: Sort;
  readonly limit: number;
  readonly label: string;
  readonly width: number;
}

const GAP = 4;
/** Of more, those of the largest norm are drawn. */
const MOST = 256;

/** The kernels that are drawn, in their order. */
export function drawnKernels(kernels: readonly Kernel[], sort: Sort): readonly Kernel[] {
  const byNorm = kernels.toSorted((a, b) => b.norm - a.norm);
  if (sort === 'norm') return byNorm.slice(0, MOST);
  const kept = new Set(byNorm.slice(0, MOST));
  return kernels.filter((each) => kept.has(each));
}

/** The kernels of a convolution, side by side. */
export function Kernels({ kernels, sort, limit, label, width }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cursor, setCursor] = useState<{ readonly row: number; readonly i: number } | null>(null);
  const drawn = useMemo(() => drawnKernels(kernels, sort), [kernels, sort]);
  const { rows = 1, columns = 1 } = drawn[0] ?? {};
  const pixel = Math.max(1, Math.floor(Math.min(drawn.length <= 64 ? 9 : 6, 64 / Math.max(rows, columns))));
  const tile = { width: columns * pixel + GAP, height: rows * pixel + GAP };
  const across = Math.max(1, Math.min(drawn.length, Math.floor((width + GAP) / tile.width)));
  const down = Math.ceil(drawn.length / across);
  const size = { width: across * tile.width - GAP, height: Math.max(1, down * tile.height - GAP) };
  const now = theme.value;

  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (canvas.current === null || context == null) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = Math.round(size.width * ratio);
    canvas.current.height = Math.round(size.height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawn.forEach(({ value }, k) => {
      const left = (k % across) * tile.width;
      const top = Math.floor(k / across) * tile.height;
      value.forEach((each, at) => {
        const [r, g, b] = colourOf(each, limit);
        context.fillStyle = `rgb(${r} ${g} ${b})`;
        context.fillRect(left + (at % columns) * pixel, top + Math.floor(at / columns) * pixel, pixel, pixel);
      });
    });
  }, [drawn, limit, across, pixel, size.width, size.height, now]);

  const place = cursor === null ? undefined : cursor.row * across + cursor.i;
  const chosen = place === undefined ? undefined : drawn[place];
  const words = (of: Kernel) => `input ${of.input} → output ${of.output}: norm ${number(of.norm)}`;
  const keyed = (event: KeyboardEvent) => {
    const next = gridMove(event.key, cursor ?? { row: 0, i: -1 }, down, across);
    const to = next === undefined || next.row * across + next.i < drawn.length ? next : undefined;
    if (to === undefined) return;
    setCursor(to);
    const kernel = drawn[to.row * across + to.i];
    if (kernel !== undefined) announce(words(kernel));
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <>
      <div
        class="ls-values-grid"
        role="application"
        aria-label={`${label}: ${drawn.length} kernels; arrow keys walk them`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: one tab stop, with arrow keys inside
        tabIndex={0}
        onKeyDown={keyed}
      >
        <canvas
          ref={canvas}
          style={{ width: `${size.width}px`, height: `${size.height}px` }}
          onMouseMove={({ clientX, clientY }) => {
            const box = canvas.current?.getBoundingClientRect();
            const at = { row: (clientY - (box?.top ?? 0)) / tile.height, i: (clientX - (box?.left ?? 0)) / tile.width };
            setCursor(within({ row: Math.floor(at.row), i: Math.floor(at.i) }, down, across));
          }}
          onMouseLeave={() => setCursor(null)}
        />
        {chosen === undefined || cursor === null ? null : (
          <i
            class="ls-values-cursor"
            data-unsaved
            style={{
              left: `${cursor.i * tile.width - 2}px`,
              top: `${cursor.row * tile.height - 2}px`,
              width: `${tile.width}px`,
              height: `${tile.height}px`,
            }}
          />
        )}
      </div>
      <p class="ls-values-readout" data-unsaved>
        {chosen === undefined ? (
          <span class="ls-soft">
            {drawn.length < kernels.length
              ? `the ${drawn.length} of the largest norm, of ${count(kernels.length)}`
              : `${drawn.length} kernels`}
          </span>
        ) : (
          words(chosen)
        )}
      </p>
      <div class="ls-hidden">
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <th scope="col">input</th>
              <th scope="col">output</th>
              <th scope="col">norm</th>
            </tr>
          </thead>
          <tbody>
            {drawn.map((each) => (
              <tr key={`${each.input},${each.output}`}>
                <td>{each.input}</td>
                <td>{each.output}</td>
                <td data-value={each.norm}>{number(each.norm)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
