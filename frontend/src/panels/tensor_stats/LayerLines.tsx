import { useMemo } from 'preact/hooks';
import { gutterOf, RIGHT } from '../../charts/axis';
import { notFinite } from '../../charts/colour';
import type { Line } from '../../charts/lines';
import { Over } from '../../charts/Over';
import { Plot } from '../../charts/Plot';
import { StepMarks } from '../../charts/StepMarks';
import type { StepAxis } from '../../charts/use_step_axis';
import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import { called } from '../../frame/shown';
import { type Domain, domainInside } from '../../math/domain';
import { exact, inFull } from '../../math/format';
import { lastNear } from '../../math/series';
import { IS } from '../../math/tensor_measures';
import type { TensorSeries } from '../../math/tensor_series';
import { CALLED, cellText } from '../../math/tensor_words';
import { chartsOf, type LayerLine, type Lines } from './lines_of';

interface Props {
  /** Path of the selected layer. */
  readonly layer: string;
  readonly own: TensorSeries;
  readonly reference: TensorSeries | undefined;
  readonly kernelsOnly: boolean;
  readonly axis: StepAxis;
  readonly width: number;
  readonly colour: (training: string) => string;
  /** The selected layer is let go. */
  readonly onLeave: () => void;
}

/** Of the table behind a chart. */
const STEPS = 11;
const HEIGHT = 110;
/** Room that a chart leaves free above and below its lines. */
const PADDING = 6;
/** Between which sizes updates usually lie: a step that is larger shakes a layer, a smaller one hardly moves it. */
const USUAL: Domain = [1e-4, 1e-2];

/** The selected layer's parameters as lines, on the axis of all pictures. */
export function LayerLines({ layer, own, reference, kernelsOnly, axis, width, colour, onLeave }: Props) {
  const charts = useMemo(
    () => chartsOf(layer, own, reference, kernelsOnly, axis.placed),
    [layer, own, reference, kernelsOnly, axis.placed],
  );
  if (charts.length === 0) return null;
  return (
    <section class="ls-tensors-lines" aria-label={`parameters of ${layer}`}>
      <header>
        <h4>
          <Label text={layer} max={56} />
        </h4>
        <button type="button" class="ls-button" data-unsaved onClick={onLeave}>
          let it go (Esc)
        </button>
      </header>
      {charts.map((chart, k) => (
        <Chart
          key={chart.measure}
          chart={chart}
          axis={axis}
          width={width}
          colour={colour}
          isNamed={reference !== undefined}
          labelled={k === charts.length - 1}
        />
      ))}
    </section>
  );
}

interface ChartProps {
  readonly chart: Lines;
  readonly axis: StepAxis;
  readonly width: number;
  readonly colour: (training: string) => string;
  /** Whether each training is named. */
  readonly isNamed: boolean;
  /** Marks of the axis below it. */
  readonly labelled: boolean;
}

function Chart({ chart, axis, width, colour, isNamed, labelled }: ChartProps) {
  const { measure, scale, lines } = chart;
  const gutter = gutterOf(width);
  const inner = Math.max(1, width - gutter - RIGHT);
  const drawn = useMemo(
    // The training in focus is drawn last, over the other one.
    () =>
      lines
        .toReversed()
        .map((line): Line => ({ ...line, smooth: undefined, colour: colour(line.training), width: line.isOwn ? 1.75 : 1.25 })),
    [lines, colour],
  );
  const values = (at: number | undefined) =>
    lines.map((line) => {
      const i = at === undefined ? -1 : lastNear(line.track.x, at);
      return { line, i, text: i < 0 ? 'not logged' : cellText(measure, line.track, i, line.isFrozen) };
    });
  return (
    <div class="ls-tensors-line" data-measure={measure}>
      <header>
        <h5>
          <Term name={CALLED[measure]}>{CALLED[measure]}</Term> <span class="ls-soft">{scale}</span>
        </h5>
        {values(axis.at).map(({ line, i, text }, k) => (
          <span key={`${line.training} ${line.name}`} title={i < 0 ? undefined : exact(line.track.value[i] ?? Number.NaN)}>
            <Swatch line={line} colour={colour(line.training)} />
            {isNamed && line.training !== lines[k - 1]?.training ? <Label text={called(line.training)} max={18} /> : null}
            <Label text={line.name} max={24} />
            <b style={line.track.state[i] === IS.nonFinite ? { color: notFinite() } : undefined}>{text}</b>
          </span>
        ))}
        {measure === 'update_ratio' ? <span>band: 0.0001 to 0.01, as is usual</span> : null}
      </header>
      <div class="ls-tensors-plot" style={{ height: `${HEIGHT + (labelled ? 22 : 0)}px` }}>
        {measure === 'update_ratio' ? <Band lines={lines} shown={axis.shown} left={gutter} width={inner} /> : null}
        <Plot lines={drawn} axis={axis.axis} scale={scale} shown={axis.shown} width={width} height={HEIGHT} labelled={false} />
        <div class="ls-tensors-over" style={{ left: `${gutter}px`, width: `${inner}px`, height: `${HEIGHT}px` }}>
          <Over
            shown={axis.shown}
            at={axis.at}
            snap={(place) => {
              const x = lines[0]?.track.x;
              return x?.[Math.max(0, lastNear(x, place))];
            }}
            readout={(place) => (
              <div class="ls-tensors-tip">
                <div class="ls-soft">
                  {CALLED[measure]}, step {inFull(lines[0]?.track.step[Math.max(0, lastNear(lines[0].track.x, place))] ?? 0)}
                </div>
                <table>
                  <tbody>
                    {values(place).map(({ line, text }) => (
                      <tr key={`${line.training} ${line.name}`}>
                        <th scope="row">
                          {isNamed ? `${called(line.training)} ` : ''}
                          {line.name}
                        </th>
                        <td>{text}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            choose={(place) => axis.choose(place)}
            zoom={axis.zoom}
            remember={axis.remember}
          />
        </div>
        {labelled ? <StepMarks axis={axis} top={HEIGHT + 3} left={gutter} width={inner} /> : null}
      </div>
      <HiddenLines chart={chart} at={axis.at} />
    </div>
  );
}

/** The lines as a table, for who does not see the canvas: the steps up to the selected one. */
function HiddenLines({ chart: { measure, lines }, at }: { chart: Lines; at: number | undefined }) {
  const own = lines[0]?.track;
  if (own === undefined) return null;
  const end = at === undefined ? own.x.length - 1 : lastNear(own.x, at);
  const steps = Array.from({ length: Math.min(STEPS, end + 1) }, (_, k) => end + 1 - Math.min(STEPS, end + 1) + k);
  return (
    <div class="ls-hidden">
      <table data-testid="layer-lines" data-measure={measure}>
        <caption>
          {CALLED[measure]}: {steps.length} of {own.x.length} logged steps
        </caption>
        <thead>
          <tr>
            <th scope="col">parameter</th>
            {steps.map((i) => (
              <th key={i} scope="col">
                step {exact(own.step[i] ?? 0)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.training} ${line.name}`}>
              <th scope="row">
                {called(line.training)}, {line.name}
              </th>
              {steps.map((i) => {
                const k = lastNear(line.track.x, own.x[i] ?? Number.NaN);
                return <td key={i}>{k < 0 ? 'not logged' : cellText(measure, line.track, k, line.isFrozen, exact)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A piece of a line, as it is drawn in the chart. */
function Swatch({ line, colour }: { line: LayerLine; colour: string }) {
  return (
    <svg width="22" height="8" aria-hidden="true">
      <line x1="0" x2="22" y1="4" y2="4" stroke={colour} stroke-width={line.isOwn ? 2 : 1.25} stroke-dasharray={line.dash.join(' ')} />
    </svg>
  );
}

/** Where sizes of updates usually lie, behind the lines. */
function Band({ lines, shown, left, width }: { lines: readonly LayerLine[]; shown: Domain; left: number; width: number }) {
  const domain = domainInside(
    lines.map(({ x, y }) => ({ x: Array.from(x), y: Array.from(y) })),
    shown,
    'log',
  );
  if (domain === undefined) return null;
  const [low, high] = [Math.log(domain[0]), Math.log(domain[1])];
  const top = (value: number) => {
    const share = Math.min(1, Math.max(0, (Math.log(value) - low) / (high - low)));
    return PADDING + (1 - share) * (HEIGHT - 2 * PADDING);
  };
  const [bottom, upper] = [top(USUAL[0]), top(USUAL[1])];
  return (
    <div
      class="ls-tensors-band"
      style={{
        left: `${left}px`,
        width: `${width}px`,
        top: `${upper}px`,
        height: `${Math.max(0, bottom - upper)}px`,
      }}
    />
  );
}
