import { useMemo, useRef, useState } from 'preact/hooks';
import { notFinite } from '../../charts/colour';
import { useStepAxis } from '../../charts/use_step_axis';
import { csv, json, png } from '../../components/download';
import { Label } from '../../components/Label';
import { Missing } from '../../components/Missing';
import { pictureOf } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { called } from '../../frame/shown';
import { useWidth } from '../../frame/use_width';
import { oddOf } from '../../math/bins';
import { count, plural } from '../../math/format';
import { type Curve, countInWords, countsOf, curvesOf, place } from '../../math/series';
import { stepCurve } from '../../math/step_curve';
import { momentsOf } from '../../math/tensor_moments';
import type { TensorSeries } from '../../math/tensor_series';
import { tensorTables } from '../../math/tensor_tables';
import { inStretch, shownOf } from '../../math/told';
import type { PanelProps, Series } from '../../panel';
import { choices, OF, type Picture, withChoice } from './choices';
import { numbers, rows } from './download';
import { terms } from './help';
import { BANDS, colourOf, edgeOf } from './paint';
import { type PlacedMoments, type Reference, RIDGES, SpreadPicture } from './SpreadPicture';
import { isOfLayer, type Of, ours, type Spread, theirs } from './spreads_of';
import './distributions.css';

/** Pictures drawn without being asked for. */
const FEW = 12;
const LEAST_WIDTH = 200;
/** Whose moments are those of some values. */
const ONE = { weights: 'weight', gradients: 'gradient' } as const;

type Common = Pick<PanelProps<'scalars' | 'training_facts'>, 'series' | 'selection' | 'step' | 'select' | 'colour'>;

/** Distributions as Layerscope counts them: by sign and power of two. */
export function Distributions(props: PanelProps<'distributions' | 'tensor_stats' | 'parameters' | 'scalars' | 'training_facts'>) {
  const { distributions, tensor_stats, parameters } = props.series;
  const focus = distributions[0]?.training ?? '';
  const { reference } = props.selection;
  const of = (wanted: string | null) =>
    ours(
      distributions.filter(({ training }) => training === wanted),
      parameters,
    );
  const spreads = useMemo(() => of(focus), [distributions, parameters, focus]);
  const others = useMemo(() => (reference === focus ? [] : of(reference)), [distributions, parameters, focus, reference]);
  const table = useMemo(
    () => tensorTables(tensor_stats, parameters).find(({ training }) => training === focus),
    [tensor_stats, parameters, focus],
  );
  return (
    <Spreads
      {...props}
      panel="distributions"
      focus={focus}
      spreads={spreads}
      others={others}
      table={table}
      records={distributions.filter(({ training }) => training === focus)}
    />
  );
}

/** Histograms that other tools wrote, from the bins that these chose. */
export function Histograms(props: PanelProps<'histograms' | 'scalars' | 'training_facts'>) {
  const { histograms } = props.series;
  const focus = histograms[0]?.training ?? '';
  const own = useMemo(() => histograms.filter(({ training }) => training === focus), [histograms, focus]);
  const spreads = useMemo(() => theirs(own), [own]);
  const { reference } = props.selection;
  const others = useMemo(
    () => (reference === focus ? [] : theirs(histograms.filter(({ training }) => training === reference))),
    [histograms, focus, reference],
  );
  const problems = useMemo(
    () => [...new Map(own.flatMap((each) => each.problems.map((problem) => [problem.error, { ...problem, tag: each.tag }])))].slice(0, 3),
    [own],
  );
  return (
    <>
      <Spreads {...props} panel="histograms" focus={focus} spreads={spreads} others={others} table={undefined} records={[]} />
      {spreads.length > 0 && !spreads.some(({ of }) => of === 'gradients') ? (
        <p class="ls-distributions-lack">No gradients are logged.</p>
      ) : null}
      {problems.map(([error, { tag, fix }]) => (
        <p key={error} class="ls-distributions-problem">
          {tag}: {error}. {fix}
        </p>
      ))}
    </>
  );
}

interface Props extends Common {
  readonly panel: 'distributions' | 'histograms';
  readonly focus: string;
  readonly spreads: readonly Spread[];
  /** Those of the reference. */
  readonly others: readonly Spread[];
  /** What tells the exact means of the training in focus. */
  readonly table: TensorSeries | undefined;
  /** What they were read from, where each record says how many there are. */
  readonly records: readonly Pick<Series, 'points'>[];
}

/** The parameters of the selected layer, or the first of all, each a picture on the axis of the charts. */
function Spreads({ panel, focus, spreads, others, table, records, ...props }: Props) {
  const { series, selection, step, select, colour } = props;
  const box = useRef<HTMLDivElement>(null);
  const pictures = useRef<HTMLDivElement>(null);
  const width = Math.max(LEAST_WIDTH, useWidth(box, 800));
  const [most, setMost] = useState(FEW);

  const there = useMemo(() => new Set(spreads.map(({ of }) => of)), [spreads]);
  const { of, picture } = choices(selection.options, there);
  const all = useMemo(() => spreads.filter((spread) => spread.of === of), [spreads, of]);
  const { layer } = selection;
  const ofLayer = useMemo(() => (layer === null ? [] : all.filter((spread) => isOfLayer(spread.layer, layer))), [all, layer]);
  const chosen = ofLayer.length > 0 ? ofLayer : all;
  const shown = chosen.slice(0, most);

  const scalars = useMemo(() => curvesOf(series.scalars), [series.scalars]);
  const facts = series.training_facts;
  const curves = useMemo(() => shown.map((spread) => curveOf(spread, scalars, facts)), [chosen, most, scalars, facts]);
  const axis = useStepAxis(panel, curves, scalars, focus, props);
  const places = useMemo(() => new Map(axis.placed.map(({ curve, x }) => [curve.tag, x])), [axis.placed]);
  const xOf = (curve: Curve) => place(curve, axis.axis, axis.clocks.get(curve.training));
  const moments = useMemo(
    () =>
      new Map(
        shown.flatMap((spread): readonly (readonly [string, PlacedMoments])[] => {
          const found = table === undefined || of === 'other' ? undefined : momentsOf(table, spread.path, ONE[of]);
          if (table === undefined || found === undefined) return [];
          const x = xOf(stepCurve({ training: focus, run: '', tag: '', name: '' }, found.step, table.records, scalars, facts));
          return x === undefined ? [] : [[spread.path, { ...found, x }]];
        }),
      ),
    [chosen, most, of, table, scalars, facts, focus, axis.axis, axis.clocks],
  );
  const { reference } = selection;
  const references = useMemo(() => {
    if (reference === null) return new Map<string, Reference>();
    const name = called(reference);
    const like = new Map(others.filter((each) => each.of === of).map((each) => [each.path, each]));
    return new Map(
      shown.flatMap(({ path }): readonly (readonly [string, Reference])[] => {
        const spread = like.get(path);
        const x = spread && xOf(curveOf(spread, scalars, facts));
        return spread === undefined || x === undefined ? [] : [[path, { name, spread, x, colour: colour(reference) }]];
      }),
    );
  }, [chosen, most, others, of, reference, scalars, facts, colour, axis.axis, axis.clocks]);
  const hasReference = references.size > 0 || others.some((each) => each.of === of && xOf(curveOf(each, scalars, facts)) !== undefined);

  if (spreads.length === 0) return null;
  const isAlone = shown.length === 1;
  const height = picture === 'ridges' ? (isAlone ? 340 : 240) : ofLayer.length > 0 ? (isAlone ? 220 : 140) : 72;
  const option = (name: 'of' | 'picture') => (value: string) => select({ options: withChoice(selection.options, name, value) });
  const letGo = () => select({ layer: null });
  const unplaced = shown.filter((spread) => !places.has(spread.path)).length;
  const steps = new Set(chosen.flatMap((spread) => Array.from(spread.step))).size;
  const inside =
    axis.stops.length === 0
      ? steps
      : inStretch(
          Float64Array.from(axis.stops, ({ x }) => x),
          axis.shown,
        );
  const drawn = axis.isZoomed || picture === 'ridges' ? Math.min(inside, picture === 'ridges' ? RIDGES : inside) : steps;
  return (
    <div ref={box} class="ls-distributions">
      <header>
        <h3>
          <Term name="distribution">{panel === 'histograms' ? 'histograms' : 'distributions'}</Term> of{' '}
          {of === 'other' ? 'what else was logged' : of}
          <span class="ls-soft">
            {' '}
            · {ofLayer.length > 0 ? `${layer}: ` : ''}
            {plural(
              chosen.length,
              panel === 'histograms' && of === 'other' ? 'series' : 'parameter',
              of === 'other' ? 'series' : undefined,
            )}{' '}
            × {shownOf(drawn, steps, `logged ${countsOf(curves, focus)}`)}
            <Missing series={records} />
            {layer !== null && ofLayer.length === 0 ? ` · nothing was logged of ${layer}: all are shown` : ''}
          </span>
        </h3>
        {ofLayer.length > 0 ? (
          <button type="button" class="ls-button" onClick={letGo}>
            show all layers
          </button>
        ) : null}
        <SaveMenu
          what={panel === 'histograms' ? 'the histograms' : 'the distributions'}
          subject={{ training: focus, part: of, step }}
          formats={[
            { label: 'CSV', make: () => csv(rows(chosen)) },
            { label: 'JSON', make: () => json({ training: focus, ...numbers(chosen) }) },
            {
              label: 'PNG',
              make: async () =>
                pictures.current === null
                  ? null
                  : png(await pictureOf(pictures.current, `${called(focus)} · ${of} · ${countInWords(countsOf(curves, focus), step)}`)),
            },
          ]}
        />
      </header>
      <div class="ls-distributions-controls">
        {there.size > 1 ? (
          <Segmented<Of>
            label="whose values"
            options={OF.filter((each) => there.has(each)).map((value) => ({ value, label: value }))}
            value={of}
            onChange={option('of')}
          />
        ) : null}
        <Segmented<Picture>
          label="the picture"
          options={[
            { value: 'bands', label: 'bands', help: terms.bands },
            { value: 'ridges', label: 'ridges', help: terms.ridges },
          ]}
          value={picture}
          onChange={option('picture')}
        />
        {axis.isZoomed && scalars.length === 0 ? (
          <button type="button" class="ls-chip" onClick={() => axis.zoom(undefined)}>
            show all (Esc)
          </button>
        ) : null}
      </div>
      <div ref={pictures} class="ls-distributions-pictures">
        {shown.map((spread, k) => {
          const x = places.get(spread.path);
          return x === undefined ? null : (
            <SpreadPicture
              key={spread.path}
              spread={spread}
              moments={moments.get(spread.path)}
              reference={references.get(spread.path)}
              picture={picture}
              axis={axis}
              x={x}
              width={width}
              height={height}
              step={step}
              labelled={k === shown.length - 1}
              onLeave={ofLayer.length > 0 ? letGo : undefined}
              select={(to) => select({ step: to, layer: spread.layer === '' ? layer : spread.layer })}
            />
          );
        })}
        <Legend
          picture={picture}
          isTheirs={panel === 'histograms'}
          isSampled={chosen.some(({ stride }) => stride > 1)}
          hasMeans={shown.some(({ path }) => moments.has(path))}
          isOdd={shown.some(({ bins }) => bins.some((each) => oddOf(each) !== 'none'))}
          reference={shown.map(({ path }) => references.get(path)).find((each) => each !== undefined)}
        />
        {reference !== null && reference !== focus && !hasReference ? (
          <p class="ls-distributions-lack">
            Of the reference, <Label text={called(reference)} max={48} />, none of these is logged.
          </p>
        ) : null}
      </div>
      {unplaced > 0 ? <p class="ls-soft">{plural(unplaced, 'parameter')} without a place on this axis</p> : null}
      {chosen.length > shown.length ? (
        <button type="button" class="ls-chip" onClick={() => setMost(most + 4 * FEW)}>
          show {count(Math.min(4 * FEW, chosen.length - shown.length))} more of {count(chosen.length)}
        </button>
      ) : null}
    </div>
  );
}

function curveOf(spread: Spread, scalars: readonly Curve[], facts: readonly Series<'training_facts'>[]): Curve {
  const { training, path, step, wall } = spread;
  const records = Array.from(step, (at, i) => ({ step: at, wallTime: wall[i] ?? 0 }));
  return { ...stepCurve({ training, run: '', tag: path, name: path }, step, records, scalars, facts), counts: spread.counts };
}

const BAND_WORDS = ['least to greatest', '7 to 93 %', '16 to 84 %', '31 to 69 %', 'median'];

interface LegendProps {
  readonly picture: Picture;
  readonly isTheirs: boolean;
  readonly isSampled: boolean;
  readonly hasMeans: boolean;
  /** Whether something is not finite. */
  readonly isOdd: boolean;
  readonly reference: Reference | undefined;
}

function Legend({ picture, isTheirs, isSampled, hasMeans, isOdd, reference }: LegendProps) {
  const isBands = picture === 'bands';
  return (
    <p class="ls-distributions-legend">
      {isBands
        ? BANDS.map((_, band) => (
            <span key={BAND_WORDS[band]} class="ls-distributions-chip">
              <svg width="16" height="10" aria-hidden="true">
                <rect width="16" height="10" style={{ fill: colourOf(band) }} />
                <path d="M0 0.5h16M0 9.5h16" style={{ stroke: edgeOf(band) }} />
              </svg>
              {BAND_WORDS[band]}
            </span>
          ))
        : null}
      {isBands && hasMeans ? <Dashes words="exact mean, ± standard deviation" colour="var(--ls-text)" /> : null}
      {reference === undefined ? null : (
        <span title={reference.name}>
          <Dashes words={isBands ? 'reference: median, 7 and 93 %' : 'reference'} colour={reference.colour} isPlain={!isBands} />
        </span>
      )}
      {isOdd ? (
        <span class="ls-distributions-chip">
          <svg width="16" height="10" aria-hidden="true">
            <rect width="16" height="10" style={{ fill: notFinite() }} />
          </svg>
          NaN or infinite
        </span>
      ) : null}
      {isTheirs ? 'bins as the tool that wrote them chose them' : <Term name="bins of powers of two">bins are powers of two</Term>}
      {'; '}
      axes linear, or <Term name="symmetric-log axis">symmetric log</Term> where sizes differ much
      {isSampled ? (
        <>
          {'; '}
          <Term name="sampled">large parameters sampled</Term>
        </>
      ) : null}
      .
    </p>
  );
}

/** A line, and the dashed ones beside it. */
function Dashes({ words, colour, isPlain = false }: { words: string; colour: string; isPlain?: boolean }) {
  return (
    <span class="ls-distributions-chip">
      <svg width="20" height="10" aria-hidden="true">
        <path d="M0 5h20" style={{ stroke: colour }} />
        {isPlain ? null : <path d="M0 1h20M0 9h20" stroke-dasharray="3 2" style={{ stroke: colour }} />}
      </svg>
      {words}
    </span>
  );
}
