import { useMemo, useRef, useState } from 'preact/hooks';
import { Label } from '../../components/Label';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { latest } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { withOptions } from '../../frame/options';
import { Loading } from '../../frame/PanelFrame';
import { called } from '../../frame/shown';
import { useWidth } from '../../frame/use_width';
import { classesOf } from '../../math/classes';
import { cheapest, costsOf } from '../../math/cost';
import { type Curve, curvesOf, MACRO, MICRO } from '../../math/curve';
import { count, inFull } from '../../math/format';
import { otherClasses, sharedText } from '../../math/other_classes';
import type { PanelProps, Point, Series, SeriesInfo } from '../../panel';
import type { Bins, CurveOf } from '../../source';
import { Areas } from './Areas';
import { Swatch } from './Card';
import { Coverage } from './Coverage';
import { Det } from './Det';
import { calledOf } from './download';
import type { Overlay } from './overlays';
import { PrecisionRecall } from './PrecisionRecall';
import { type Range, Reliability } from './Reliability';
import { Roc } from './Roc';
import { Save } from './Save';
import { Scores } from './Scores';
import './score_curves.css';
import { Threshold } from './Threshold';
import { useCalibration, useCurves } from './use_curves';
import { useThreshold } from './use_threshold';
import { MANY, type Noun } from './whose';

type Props = PanelProps<'classes'> & { readonly series: { readonly confusion_matrix?: readonly Series<'confusion_matrix'>[] } };

const BINS = 15;
const GAP = 24;
const WIDEST = 400;
/** Pictures side by side, by the room that there is: six in full rows. */
const COLUMNS = [
  { columns: 6, least: 6 * 230 + 5 * GAP },
  { columns: 3, least: 3 * 200 + 2 * GAP },
  { columns: 2, least: 2 * 190 + GAP },
] as const;

const OPTIONS = {
  bins: 'score_curves.bins',
  average: 'score_curves.average',
  beside: 'score_curves.beside',
  costs: 'score_curves.costs',
} as const;

/** How the server says that a step lies before the first curves. */
const BEFORE = /at or before step \d+$/;

/** Whose samples are listed beside: an option of that panel. */
const CONFIDENCE = 'predictions.confidence';

function averagesOf(noun: Noun) {
  return [
    { value: 'pooled', label: 'pooled', help: `All decisions together, one for each sample and ${noun} (micro average).` },
    { value: 'mean', label: `mean of ${MANY[noun]}`, help: `Every ${noun} counts the same (macro average).` },
  ] as const;
}

/** The curves of one class, how sure the model is, and the areas of all classes. */
export function ScoreCurves(props: Props) {
  const { asked = [], focus, selection } = props;
  const find = (training: string | null) => asked.find((info) => info.kind === 'score_curves' && info.training === training);
  const own = find(focus);
  const reference = selection.reference === focus ? undefined : find(selection.reference);
  const matrices = props.series.confusion_matrix?.find(({ training }) => training === focus);
  const begins = matrices?.allSteps?.[0] ?? matrices?.points[0]?.step;
  // Before the first evaluation there is nothing, which the matrix says.
  if (own === undefined || (begins !== undefined && props.step < begins)) return null;
  return <Pictures {...props} own={own} reference={reference} />;
}

/** The pictures of one series. That of another tool is told as it was logged: one curve, of nobody knows which class. */
export function Pictures({
  own,
  reference,
  series,
  asked = [],
  selection,
  select,
  step,
  focus,
  colour,
}: Props & { readonly own: SeriesInfo; readonly reference: SeriesInfo | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const room = useWidth(box, 460);
  const [attempt, setAttempt] = useState(0);
  const by = selection.options[OPTIONS.bins] === 'mass' ? 'mass' : 'width';
  const bins: Bins = { bins: BINS, by };
  const kept = Number(selection.options[OPTIONS.beside] ?? Number.NaN);
  const beside = Number.isInteger(kept) && kept >= 0 ? kept : undefined;

  // The numbers of all classes tell which curves there are.
  const all = useCurves(own, step, [], attempt);
  const numbers = latest(all);
  const allThere = useCurves(reference, step, []);
  const numbersThere = latest(allThere);
  const curves = useMemo(() => (numbers === null ? [] : curvesOf(numbers.payload)), [numbers]);
  const labels = useMemo(() => labelsOf(series.classes, own.run, numbers), [series.classes, own.run, numbers]);
  const noun = numbers !== null && classesOf(series.classes, numbers.payload.classes, own.run)?.task === 'multilabel' ? 'label' : 'class';
  const labelsThere = useMemo(
    () => (reference === undefined ? [] : labelsOf(series.classes, reference.run, numbersThere)),
    [series.classes, reference, numbersThere],
  );
  // Of other classes a curve is against another rest, and confidence is among others: nothing of it compares.
  const others = useMemo(
    () => (labels.length === 0 || labelsThere.length === 0 ? undefined : otherClasses(labels, labelsThere)),
    [labels, labelsThere],
  );
  const compared = numbersThere === null || others !== undefined ? undefined : reference;
  const average = selection.options[OPTIONS.average] === 'mean' ? 'mean' : 'pooled';
  const isOthers = own.kind === 'curves';
  const of = useMemo(() => chosen(curves, selection.classes, average), [curves, selection.classes, average]);
  const curvesThere = useMemo(() => (numbersThere === null ? [] : curvesOf(numbersThere.payload)), [numbersThere]);
  const wished = of === undefined || of < 0 ? of : matched(of, labels, labelsThere);
  // Two classes have no pooled curve.
  const ofThere = curvesThere.some((each) => each.of === wished) ? wished : undefined;

  const ownDrawn = useCurves(own, step, isOthers ? undefined : asking(of), attempt);
  const drawn = isOthers ? all : ownDrawn;
  const told = useCalibration(isOthers ? undefined : own, step, bins, attempt);
  const ownDrawnThere = useCurves(compared, step, isOthers ? undefined : asking(ofThere));
  const drawnThere = isOthers ? allThere : ownDrawnThere;
  const toldThere = useCalibration(isOthers ? undefined : compared, step, bins);
  const drawnThen = useCurves(own, beside, isOthers ? [] : asking(of));
  const toldThen = useCalibration(isOthers ? undefined : own, beside, bins);

  const point = latest(drawn);
  const overlays = useMemo(() => {
    const stepText = (at: Point | null) => (at === null ? '' : `step ${inFull(at.step)}`);
    const overlay = (
      name: string,
      training: string,
      dashed: boolean,
      curve: Point<'curves'> | null,
      calibration: Point<'calibration'> | null,
    ): Overlay => ({
      name,
      colour: colour(training),
      dashed,
      curve: curve === null ? undefined : curvesOf(curve.payload)[0],
      calibration: calibration?.payload,
    });
    const own = overlay(called(focus), focus, false, point, latest(told));
    const then = latest(drawnThen);
    const there = latest(drawnThere);
    return [
      own,
      ...(compared === undefined || there === null
        ? []
        : [overlay(called(compared.training), compared.training, false, there, latest(toldThere))]),
      ...(beside === undefined || then === null || then.step === point?.step
        ? []
        : [overlay(stepText(then), focus, true, then, latest(toldThen))]),
    ];
  }, [point, told, drawnThere, toldThere, drawnThen, toldThen, compared, beside, focus, colour]);
  const curve = overlays[0]?.curve;
  const costs = useMemo(() => costsOf(selection.options[OPTIONS.costs]), [selection.options[OPTIONS.costs]]);
  const optimum = useMemo(
    () => (curve === undefined || costs === undefined ? undefined : { ...costs, at: cheapest(curve, costs) }),
    [curve, costs],
  );
  const { at, linked } = useThreshold(curve, selection.threshold, select);

  const failed = [all, drawn].find((each) => each.state === 'failed');
  if (failed !== undefined && point === null) {
    // An evaluation later on has them.
    if (step < own.lastStep && BEFORE.test(failed.problem.error)) return <p class="ls-soft">No curves yet. {failed.problem.fix}</p>;
    return <Failure problem={failed.problem} request={failed.request} retry={() => setAttempt(attempt + 1)} />;
  }
  const option = (change: { readonly [P in keyof typeof OPTIONS]?: string | undefined }) =>
    select({ options: withOptions(selection.options, 'score_curves', change) });
  const confidence = rangeOf(selection.options[CONFIDENCE]);
  const hasSamples = asked.some(({ kind, training }) => kind === 'predictions' && training === focus);
  // A bin is of the samples of all classes.
  const showSamples = (range: Range | undefined) =>
    select({
      ...(range === undefined ? {} : { classes: [], sample: null }),
      options: withOptions(selection.options, 'predictions', {
        confidence: range && `${range.low}..${range.high}`,
        outcome: range && 'any',
      }),
    });
  const columns = COLUMNS.find(({ least }) => room >= least)?.columns ?? 1;
  const width = Math.min(WIDEST, Math.floor((room - (columns - 1) * GAP) / columns));
  const isStale = (isOthers ? [all] : [all, drawn, told]).some((each) => each.state === 'loading') && point !== null;
  const classCurves = curves.filter((each) => each.of >= 0);
  const title = `${called(focus)} · ${own.evaluation ?? own.tag} · step ${inFull(point?.step ?? step)}`;
  const logged = { run: own.run, tag: own.tag, step: point?.step ?? step };
  const subject = { training: own.training, evaluation: own.evaluation, step: logged.step };
  const name = isOthers ? own.tag : calledOf(curve?.of ?? of ?? MICRO, labels, noun);
  const grid = { gridTemplateColumns: `repeat(${columns}, ${width}px)` };
  const scores = <Scores overlays={overlays} width={width} threshold={linked} />;
  const further = (
    <>
      <Coverage overlays={overlays} width={width} threshold={linked} at={at} />
      <Reliability
        overlays={overlays}
        width={width}
        by={by}
        onBy={(value) => option({ bins: value === 'width' ? undefined : value })}
        confidence={confidence}
        onConfidence={hasSamples ? showSamples : undefined}
      />
      <Det overlays={overlays} width={width} threshold={linked} />
    </>
  );
  return (
    <section class={`ls-curves ${isStale ? 'ls-stale' : ''}`} aria-label="curves" aria-busy={isStale || point === null}>
      <header>
        <h2>{isOthers ? <Label text={own.tag} max={48} /> : <Title of={curve?.of ?? of} labels={labels} noun={noun} />}</h2>
        <Positives curve={curve} />
        {point !== null && point.step !== step ? <span class="ls-soft">of step {inFull(point.step)}</span> : null}
        {of !== undefined && of < 0 && curves.some((each) => each.of === MICRO) && curves.some((each) => each.of === MACRO) ? (
          <Segmented
            label={`of all ${MANY[noun]}`}
            options={averagesOf(noun)}
            value={average}
            onChange={(value) => option({ average: value === 'pooled' ? undefined : value })}
          />
        ) : null}
        {of !== undefined && of >= 0 && classCurves.length > 1 ? (
          <button type="button" class="ls-curves-quiet" onClick={() => select({ classes: [] })}>
            all {MANY[noun]}
          </button>
        ) : null}
      </header>
      {numbers === null || numbers.payload.limits === '' ? null : <p class="ls-soft ls-curves-limits">{numbers.payload.limits}</p>}
      {others === undefined || reference === undefined ? null : (
        <p class="ls-soft" data-testid="curves-others">
          <Label text={called(reference.training)} max={28} /> is not drawn: its {MANY[noun]} are others ({sharedText(others)}).
        </p>
      )}
      <div ref={box} class="ls-curves-box">
        {point === null ? <Loading /> : null}
        {overlays.length < 2 ? null : (
          <p class="ls-curves-legend">
            {overlays.map((overlay) => (
              <span key={overlay.name}>
                <Swatch overlay={overlay} /> <Label text={overlay.name} max={28} />
              </span>
            ))}
          </p>
        )}
        <div class="ls-curves-pictures" style={grid}>
          <Roc overlays={overlays} width={width} threshold={curve?.undefined === '' ? linked : undefined} optimum={optimum} />
          <PrecisionRecall overlays={overlays} width={width} threshold={linked} optimum={optimum} />
          {columns > 2 ? scores : null}
          {columns > 3 ? further : null}
        </div>
        {linked === undefined ? null : (
          <Threshold
            overlays={overlays}
            linked={linked}
            onReset={() => select({ threshold: null })}
            costs={selection.options[OPTIONS.costs]}
            onCosts={(costs) => option({ costs })}
          />
        )}
        {columns > 3 ? null : (
          <div class="ls-curves-pictures" style={grid}>
            {columns > 2 ? null : scores}
            {further}
          </div>
        )}
      </div>
      <div class="ls-curves-foot">
        <button
          type="button"
          class="ls-chip"
          aria-pressed={beside !== undefined}
          title="Keeps the curves of this step, dashed, beside those of any other."
          onClick={() => option({ beside: beside === undefined ? String(point?.step ?? step) : undefined })}
        >
          {beside === undefined ? 'keep this step beside' : `step ${inFull(beside)} beside`}
        </button>
        {point === null ? null : (
          <Save
            overlays={overlays}
            called={(id) => calledOf(id, labels, noun)}
            subject={{ ...subject, part: name }}
            series={logged}
            title={`${title} · ${name}`}
            shown={() => box.current}
          />
        )}
      </div>
      {[told, failed].map((each) =>
        each?.state === 'failed' ? (
          <Failure key={each.request} problem={each.problem} request={each.request} retry={() => setAttempt(attempt + 1)} />
        ) : null,
      )}
      {classCurves.length < 2 ? null : (
        <Areas
          curves={classCurves}
          labels={labels}
          selected={of}
          onSelect={(classes) => select({ classes })}
          subject={subject}
          series={logged}
          noun={noun}
          title={title}
          isNarrow={room < 360}
        />
      )}
    </section>
  );
}

function Title({ of, labels, noun }: { of: number | undefined; labels: readonly string[]; noun: Noun }) {
  if (of === undefined) return <>Curves</>;
  if (of === MICRO) {
    return (
      <>
        Curves of all {MANY[noun]}, <Term name="pooled">pooled</Term>
      </>
    );
  }
  if (of === MACRO) {
    return (
      <>
        Curves, <Term name="mean of the classes">mean of the {MANY[noun]}</Term>
      </>
    );
  }
  return (
    <>
      Curves of <Label text={labels[of] ?? `${noun} ${of}`} max={24} />{' '}
      {noun === 'label' ? null : <Term name="one against the rest">against the rest</Term>}
    </>
  );
}

function Positives({ curve }: { curve: Curve | undefined }) {
  if (curve === undefined || curve.of === MACRO) return null;
  return (
    <span class="ls-soft">
      {count(curve.positives)} {curve.of === MICRO ? 'true decisions' : curve.positives === 1 ? 'positive' : 'positives'},{' '}
      {count(curve.negatives)} {curve.of === MICRO ? 'false ones' : curve.negatives === 1 ? 'negative' : 'negatives'}
    </span>
  );
}

/** The range of confidences that an option tells. */
function rangeOf(told: string | undefined): Range | undefined {
  const [low = Number.NaN, high = Number.NaN] = (told ?? '').split('..').map((end) => Number.parseFloat(end));
  return Number.isNaN(low) || Number.isNaN(high) ? undefined : { low, high };
}

/** Which curve is shown: of the selected class (of a cell, the predicted one), of the only one, else of all. */
function chosen(curves: readonly Curve[], classes: readonly number[], average: 'pooled' | 'mean'): number | undefined {
  const there = (id: number | undefined) => curves.some(({ of }) => of === id);
  const selected = classes.at(-1);
  if (selected !== undefined && there(selected)) return selected;
  const own = curves.filter(({ of }) => of >= 0);
  if (own.length === 1) return own[0]?.of;
  if (average === 'pooled' && there(MICRO)) return MICRO;
  return there(MACRO) ? MACRO : curves[0]?.of;
}

/** How the server is asked for a curve. */
function asking(of: number | undefined): readonly CurveOf[] | undefined {
  return of === undefined ? undefined : [of === MICRO ? 'micro' : of === MACRO ? 'macro' : of];
}

/** The class of the same name elsewhere; undefined where there is none. */
function matched(of: number, labels: readonly string[], there: readonly string[]): number | undefined {
  const name = labels[of];
  if (name === undefined || there.length === 0) return undefined;
  if (there[of] === name) return of;
  const found = there.indexOf(name);
  return found < 0 ? undefined : found;
}

/** Names of the classes that curves refer to: of their run, else of another; empty where they are not there. */
function labelsOf(classes: readonly Series<'classes'>[], run: string, numbers: Point<'curves'> | null): readonly string[] {
  return numbers === null ? [] : (classesOf(classes, numbers.payload.classes, run)?.labels ?? []);
}
