import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { css, sequential, theme } from '../../charts/colour';
import { valueTexts, valueTicks } from '../../charts/ticks';
import { Term } from '../../components/Term';
import { hideTooltip, showTooltip } from '../../components/tooltip';
import { announce } from '../../live';
import { middle as shortened, visible } from '../../math/ellipsis';
import { count, inFull, percent, plural } from '../../math/format';
import { gridMove } from '../../math/grid_move';
import { ALL_BINS, binsOf, type Cells, cellsOf, edgesOf, type Range, type Target } from '../../math/regression';
import { rangeText } from '../../math/regression_sentences';
import { valueText } from './words';

interface Props {
  readonly target: Target;
  readonly name: string;
  readonly width: number;
  /** The fullest cell of all evaluations: colours are the same at every step. */
  readonly most: number;
  /** How many evaluations have other bins. */
  readonly others: number;
  /** Whether any evaluation has values outside. */
  readonly strips: boolean;
  /** A value to point at. */
  readonly marked: { readonly truth: number; readonly predicted: number } | undefined;
  /** The cell whose samples are listed. */
  readonly chosen: Cell | undefined;
  /** Lists the samples of a cell; undefined where they are not logged. */
  readonly onCell: ((cell: Cell) => void) | undefined;
}

/** Bins of the truth and of the prediction. */
interface Cell {
  readonly truth: number;
  readonly predicted: number;
}

const LEFT = 58;
const TOP = 40;
const BOTTOM = 36;
const SIDE = 40;
/** Room between the picture and the bars at its sides, where strips stand. */
const GAP = 4;
const STRIP = 8;
const LEVELS = 24;
const FAINTEST = 0.12;
const LAST = ALL_BINS - 1;
/** Letters of a mark that have room. */
const LONGEST = 7;
/** Values in a bin of which the mean is drawn. */
const FEW = 10;

/** Where bins stand along a side. */
interface Scale {
  readonly at: (value: number) => number;
  /** Where a bin begins and ends; the outer ones are strips. */
  readonly bin: (bin: number) => readonly [number, number];
  /** The bin at a place. */
  readonly under: (place: number) => number;
}

/** How many values have their truth and their prediction where; one tab stop, the arrow keys go from cell to cell. */
export function Agreement({ target, name, width, most, others, strips, marked, chosen, onCell }: Props) {
  const cursor = useSignal<{ row: number; i: number } | null>(null);
  const edges = edgesOf(target);
  const cells = useMemo(() => cellsOf(target), [target.payload, target.index]);
  const room = strips ? STRIP + 3 : 0;
  const inner = Math.max(40, width - LEFT - SIDE - GAP - 2 * room);
  const height = TOP + GAP + inner + 2 * room + BOTTOM;
  const x = scaleOf(edges, LEFT + room, inner, 1);
  const y = scaleOf(edges, TOP + GAP + room + inner, inner, -1);
  const shade = theme.value;
  const layers = useMemo(() => layersOf(cells, most, x, y), [cells, most, width, room, shade]);
  const [low, high] = [edges[0] ?? 0, edges.at(-1) ?? 1];
  const ticks = valueTicks([low, high], 'linear', Math.max(3, Math.round(inner / 70)));
  const { texts, less } = shortTexts(ticks);
  const unit = (high - low) / 640;
  const said = (truth: number, predicted: number) => {
    const n = countAt(cells, truth, predicted);
    return {
      truth: binText(edges, truth, unit),
      predicted: binText(edges, predicted, unit),
      count: `${plural(n, 'value')}, ${percent(n / Math.max(1, target.count))}`,
    };
  };
  const goTo = (row: number, i: number) => {
    cursor.value = { row, i };
    const told = said(i, LAST - row);
    announce(`true ${told.truth}, predicted ${told.predicted}: ${told.count}`);
  };
  const onMove = (event: MouseEvent) => {
    if (!(event.currentTarget instanceof Element)) return;
    const box = event.currentTarget.getBoundingClientRect();
    const [truth, predicted] = [x.under(event.clientX - box.left), y.under(event.clientY - box.top)];
    const told = said(truth, predicted);
    showTooltip(
      <>
        <b>{told.count}</b>
        <div>true {told.truth}</div>
        <div>predicted {told.predicted}</div>
      </>,
      event.clientX,
      event.clientY,
    );
  };
  const at = cursor.value;
  const title = name === '' ? '' : ` ${visible(shortened(name, 24))}`;
  const means = binsOf(target).filter(({ count: n, from, to }) => n >= FEW && Number.isFinite(from) && Number.isFinite(to));
  const line = meansPath(means, x, y, [low, high]);
  return (
    <section class="ls-regression-card" data-picture="agreement" aria-label="predicted against true">
      <h3>
        <Term name="predicted against true">predicted against true</Term>
      </h3>
      <div
        class="ls-regression-plane"
        role="application"
        aria-label={`cells of truth and prediction: arrow keys go from cell to cell${onCell === undefined ? '' : ', Enter lists the samples of one'}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the one tab stop of the picture.
        tabIndex={0}
        data-drills={onCell === undefined ? undefined : true}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          onCell?.({ truth: x.under(event.clientX - box.left), predicted: y.under(event.clientY - box.top) });
        }}
        onMouseMove={onMove}
        onMouseLeave={hideTooltip}
        onBlur={() => {
          cursor.value = null;
        }}
        onKeyDown={(event) => {
          const next = gridMove(event.key, cursor.value ?? { row: ALL_BINS / 2, i: ALL_BINS / 2 }, ALL_BINS, ALL_BINS);
          if (next !== undefined) goTo(next.row, next.i);
          else if (event.key === 'Enter' && cursor.value !== null && onCell !== undefined) {
            onCell({ truth: cursor.value.i, predicted: LAST - cursor.value.row });
          } else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
          <g class="ls-regression-grid">
            {ticks.map((tick) => (
              <g key={tick}>
                <line x1={x.at(tick)} x2={x.at(tick)} y1={y.at(low)} y2={y.at(high)} />
                <line x1={x.at(low)} x2={x.at(high)} y1={y.at(tick)} y2={y.at(tick)} />
              </g>
            ))}
          </g>
          <g shape-rendering="crispEdges">
            {layers.map(({ fill, path }) => (
              <path key={fill} d={path} fill={fill} />
            ))}
          </g>
          <rect class="ls-regression-frame" x={x.at(low)} y={y.at(high)} width={inner} height={inner} />
          <line class="ls-regression-diagonal" x1={x.at(low)} y1={y.at(low)} x2={x.at(high)} y2={y.at(high)} />
          <path class="ls-regression-means" d={line} />
          <Margin counts={sumsBy(cells.truth, cells.count)} scale={x} base={TOP} size={TOP - 6} direction="up" />
          <Margin counts={sumsBy(cells.predicted, cells.count)} scale={y} base={width - SIDE} size={SIDE - 6} direction="right" />
          {marked === undefined ? null : (
            <circle class="ls-regression-marked" cx={placeOf(marked.truth, x, edges)} cy={placeOf(marked.predicted, y, edges)} r="6" />
          )}
          {chosen === undefined ? null : <Cursor x={x.bin(chosen.truth)} y={y.bin(chosen.predicted)} />}
          {at === null ? null : <Cursor x={x.bin(at.i)} y={y.bin(LAST - at.row)} />}
          <g>
            {ticks.map((tick, k) => (
              <g key={tick}>
                <text x={x.at(tick)} y={height - 20} text-anchor="middle">
                  {texts[k]}
                </text>
                <text x={LEFT - 5} y={y.at(tick) + 4} text-anchor="end">
                  {texts[k]}
                </text>
              </g>
            ))}
            <text class="ls-regression-axis" x={(x.at(low) + x.at(high)) / 2} y={height - 4} text-anchor="middle">
              true{title}
              {less}
            </text>
            <text class="ls-regression-axis" transform={`translate(10 ${(y.at(low) + y.at(high)) / 2}) rotate(-90)`} text-anchor="middle">
              predicted{title}
              {less}
            </text>
          </g>
        </svg>
      </div>
      <Legend most={most} others={others} few={means.length === 0} cells={cells} total={target.count} />
      <HiddenTable target={target} name={name} unit={unit} />
    </section>
  );
}

function Legend({ most, others, few, cells, total }: { most: number; others: number; few: boolean; cells: Cells; total: number }) {
  const stops = [1, most ** 0.25, most ** 0.5, most ** 0.75, most].map((n) => css(sequential(heatOf(n, most))));
  return (
    <div class="ls-regression-legend">
      <span>1</span>
      <i style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }} />
      <span>
        {count(most)} {most === 1 ? 'value' : 'values'} in a cell, logarithmic; same scale at every step
      </span>
      <span class="ls-regression-key">
        <Line kind="diagonal" /> predicted = true
      </span>
      {few ? null : (
        <span class="ls-regression-key">
          <Line kind="means" /> <Term name="mean prediction">mean prediction</Term>
        </span>
      )}
      {cells.outside === 0 ? null : (
        <span class="ls-regression-key" data-testid="outside">
          <span>
            {count(cells.outside)} of {plural(total, 'value')} <Term name="outside">outside</Term>, in the strips
          </span>
        </span>
      )}
      {others === 0 ? null : (
        <span class="ls-regression-key" data-testid="other-bins">
          {plural(others, 'evaluation')} beside this one {others === 1 ? 'has' : 'have'} other bins: there a cell holds another range of
          values
        </span>
      )}
    </div>
  );
}

function Line({ kind }: { kind: 'diagonal' | 'means' }) {
  return (
    <svg width="18" height="8" viewBox="0 0 18 8" aria-hidden="true">
      <line class={`ls-regression-${kind}`} x1="0" x2="18" y1="4" y2="4" />
    </svg>
  );
}

/** Bars along a side: how many values lie in each bin, whatever the other number of them is. */
function Margin({
  counts,
  scale,
  base,
  size,
  direction,
}: {
  counts: Float64Array;
  scale: Scale;
  base: number;
  size: number;
  direction: 'up' | 'right';
}) {
  const top = Math.max(1, ...counts);
  let path = '';
  counts.forEach((n, bin) => {
    if (n === 0) return;
    const [a, b] = scale.bin(bin);
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    // A single value is seen.
    const length = Math.max(1, (size * n) / top);
    path +=
      direction === 'up'
        ? `M${from.toFixed(1)} ${base}H${to.toFixed(1)}V${(base - length).toFixed(1)}H${from.toFixed(1)}Z`
        : `M${base} ${from.toFixed(1)}V${to.toFixed(1)}H${(base + length).toFixed(1)}V${from.toFixed(1)}Z`;
  });
  return <path class="ls-regression-margin" d={path} shape-rendering="crispEdges" />;
}

function Cursor({ x, y }: { x: readonly [number, number]; y: readonly [number, number] }) {
  const [left, top] = [Math.min(...x), Math.min(...y)];
  return (
    <rect class="ls-regression-cursor" x={left - 1.5} y={top - 1.5} width={Math.abs(x[1] - x[0]) + 3} height={Math.abs(y[1] - y[0]) + 3} />
  );
}

/** What the picture shows, by ranges of the truth, for who does not see it. */
function HiddenTable({ target, name, unit }: { target: Target; name: string; unit: number }) {
  return (
    <div class="ls-hidden">
      <table data-testid="regression-bins">
        <caption>Errors by truth{name === '' ? '' : ` of ${name}`}</caption>
        <thead>
          <tr>
            <th scope="col">true</th>
            <th scope="col">values</th>
            <th scope="col">mean error</th>
            <th scope="col">mean absolute error</th>
          </tr>
        </thead>
        <tbody>
          {binsOf(target).map((range) => (
            <tr key={range.from}>
              <th scope="row">{rangeText(range)}</th>
              <td>{count(range.count)}</td>
              <td>{valueText(range.bias, unit)}</td>
              <td>{range.mae.value === undefined ? '–' : valueText(range.mae.value, unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function scaleOf(edges: Float64Array, start: number, size: number, sign: 1 | -1): Scale {
  const [low, high] = [edges[0] ?? 0, edges.at(-1) ?? 1];
  const at = (value: number) => start + (sign * size * (value - low)) / (high - low);
  const end = start + sign * size;
  return {
    at,
    bin: (bin) => {
      if (bin === 0) return [start - sign * (STRIP + 3), start - sign * 3];
      if (bin === LAST) return [end + sign * 3, end + sign * (STRIP + 3)];
      return [at(edges[bin - 1] ?? low), at(edges[bin] ?? high)];
    },
    under: (place) => {
      const along = sign * (place - start);
      if (along < 0) return 0;
      if (along >= size) return LAST;
      const value = low + ((high - low) * along) / size;
      let bin = 1;
      while (bin < LAST - 1 && (edges[bin] ?? high) <= value) bin += 1;
      return bin;
    },
  };
}

/** Cells of about the same colour as one path. */
function layersOf({ truth, predicted, count: counts }: Cells, most: number, x: Scale, y: Scale) {
  const paths = new Map<number, string>();
  counts.forEach((n, i) => {
    const level = Math.round(LEVELS * heatOf(n, most));
    const [x0, x1] = x.bin(truth[i] ?? 0);
    const [y0, y1] = y.bin(predicted[i] ?? 0);
    const d = `M${x0.toFixed(2)} ${y0.toFixed(2)}H${x1.toFixed(2)}V${y1.toFixed(2)}H${x0.toFixed(2)}Z`;
    paths.set(level, `${paths.get(level) ?? ''}${d}`);
  });
  return [...paths].sort(([a], [b]) => a - b).map(([level, path]) => ({ fill: css(sequential(level / LEVELS)), path }));
}

/** Colour of so many values: a single one is seen. */
function heatOf(n: number, most: number): number {
  return most <= 1 ? 1 : FAINTEST + (1 - FAINTEST) * Math.min(1, Math.log(n) / Math.log(most));
}

function countAt({ truth, predicted, count: counts }: Cells, t: number, p: number): number {
  const i = truth.findIndex((each, k) => each === t && predicted[k] === p);
  return i < 0 ? 0 : (counts[i] ?? 0);
}

/** What the marks say; where that is long, what they lie above one of them, which `less` names. */
function shortTexts(ticks: readonly number[]): { readonly texts: readonly string[]; readonly less: string } {
  const texts = valueTexts(ticks);
  const base = ticks[ticks.length >> 1];
  if (base === undefined || base === 0 || Math.max(...texts.map(({ length }) => length)) <= LONGEST) return { texts, less: '' };
  return {
    texts: valueTexts(ticks.map((tick) => Number((tick - base).toPrecision(6)))),
    less: ` ${base < 0 ? '+' : '−'} ${inFull(Math.abs(base))}`,
  };
}

function sumsBy(bins: Int32Array, counts: Float64Array): Float64Array {
  const found = new Float64Array(ALL_BINS);
  bins.forEach((bin, i) => {
    found[bin] = (found[bin] ?? 0) + (counts[i] ?? 0);
  });
  return found;
}

/** "3.2 to 3.4", "below 3.2". */
function binText(edges: Float64Array, bin: number, unit: number): string {
  const [from, to] = [edges[bin - 1], edges[bin]];
  if (from === undefined) return `below ${valueText(edges[0] ?? 0, unit)}`;
  return to === undefined ? `${valueText(from, unit)} or above` : `${valueText(from, unit)} to ${valueText(to, unit)}`;
}

/** Where a value stands, in a strip where it lies outside. */
function placeOf(value: number, scale: Scale, edges: Float64Array): number {
  const [low, high] = [edges[0] ?? 0, edges.at(-1) ?? 1];
  const strip = value < low ? scale.bin(0) : value >= high ? scale.bin(LAST) : undefined;
  return strip === undefined ? scale.at(value) : (strip[0] + strip[1]) / 2;
}

/** A line through the means of bins; it breaks where one leaves the picture. */
function meansPath(means: readonly Range[], x: Scale, y: Scale, [low, high]: readonly [number, number]): string {
  let path = '';
  let isDown = false;
  for (const { from, to, bias } of means) {
    const middle = (from + to) / 2;
    const isInside = middle + bias >= low && middle + bias <= high;
    if (isInside) path += `${isDown ? 'L' : 'M'}${x.at(middle).toFixed(1)} ${y.at(middle + bias).toFixed(1)}`;
    isDown = isInside;
  }
  return path;
}
