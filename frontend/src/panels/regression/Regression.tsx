import { useMemo, useRef } from 'preact/hooks';
import { EvaluationTitle } from '../../components/EvaluationTitle';
import { Segmented } from '../../components/Segmented';
import { Sentences, type Told } from '../../components/Sentences';
import { withOptions } from '../../frame/options';
import { referenceOf } from '../../frame/reference';
import { called } from '../../frame/shown';
import { useWidth } from '../../frame/use_width';
import { inFull } from '../../math/format';
import { cellsOf, edgesOf, largestOf, residualsAt, type Target, targetOf } from '../../math/regression';
import {
  biasSentence,
  changeSentence,
  type Judged,
  noTargetSentence,
  rangeSentence,
  referenceSentence,
} from '../../math/regression_sentences';
import type { Reference } from '../../math/sentences_predictions';
import type { Series } from '../../panel';
import { type Cell, chosenCell, withCell } from '../number_predictions/number_sample';
import { Agreement } from './Agreement';
import {
  chosenTarget,
  countedText,
  type Evaluation,
  evaluationAt,
  focused,
  matchedTarget,
  OPTIONS,
  type Props,
  referenced,
} from './evaluation';
import { Figures, type Row } from './Figures';
import './regression.css';
import { Residuals, SHARES, type Track } from './Residuals';
import { Save } from './Save';
import { useKept } from './use_kept';
import { targetName } from './words';

const GAP = 28;
/** Widths of a picture that can be read, and that is large enough. */
const LEAST = 330;
const MOST = 560;
/** More names than these are a list to choose from. */
const FEW = 5;

/** Predicted numbers against true ones, their errors over the steps, and how good they are. */
export function Regression(props: Props) {
  const series = focused(props);
  const first = evaluationAt(series, props.step, 0);
  const index = chosenTarget(props, first?.point.payload.targets.length ?? 0);
  const shown = evaluationAt(series, props.step, index);
  if (shown === undefined) {
    const begins = series?.points[0]?.step;
    return (
      <p class="ls-soft">
        {begins === undefined ? 'No regression has been logged yet.' : `The first evaluation is at step ${inFull(begins)}.`}
      </p>
    );
  }
  return <Shown {...props} shown={shown} />;
}

function Shown(props: Props & { readonly shown: Evaluation }) {
  const { shown, selection, select, step, colour } = props;
  const { series, point, target } = shown;
  const box = useRef<HTMLDivElement>(null);
  const room = useWidth(box, 2 * MOST + GAP);
  const names = point.payload.targets;
  const name = targetName(names, target.index);
  const there = referenced(props);
  const first = evaluationAt(there, step, 0);
  const reference = evaluationAt(there, step, matchedTarget(names, target.index, first?.point.payload.targets ?? []));
  // A reference that begins later says nothing yet.
  const named = first && { ...referenceOf(first.series.training, series.training, selection, undefined), step: first.point.step };
  const kept = Number(selection.options[OPTIONS.beside] ?? Number.NaN);
  const beside = Number.isInteger(kept) && kept >= 0 ? evaluationAt(series, kept, target.index) : undefined;
  const then = beside?.point.step === point.step ? undefined : beside;

  const looked = useKept([series, ...(there === undefined ? [] : [there])], selection.step !== null);
  const indices = [target.index, reference?.target.index];
  const tracks = useMemo(
    (): readonly Track[] => looked.flatMap((each, i) => (indices[i] === undefined ? [] : [trackOf(each, indices[i], names, colour)])),
    [looked, ...indices, colour],
  );
  const { most, strips } = useMemo(() => domainOf(looked, target.index), [looked, target.index]);
  const others = useMemo(() => otherBins(looked, target), [looked, target.payload, target.index]);
  const marked = largestOf(target).find(({ id }) => id === selection.sample);
  const rows: readonly Row[] = [
    { of: 'focus', name: `${called(series.training)}, step ${inFull(point.step)}`, colour: colour(series.training), dashed: false, target },
    ...(reference === undefined
      ? []
      : [
          {
            of: 'reference',
            name: `${called(reference.series.training)}, step ${inFull(reference.point.step)}`,
            colour: colour(reference.series.training),
            dashed: false,
            target: reference.target,
          },
        ]),
    ...(then === undefined
      ? []
      : [{ of: 'beside', name: `step ${inFull(then.point.step)}`, colour: colour(series.training), dashed: true, target: then.target }]),
  ];
  const option = (change: { readonly [P in keyof typeof OPTIONS]?: string | undefined }) =>
    select({ options: withOptions(selection.options, 'regression', change) });
  const hasSamples = (props.asked ?? []).some(({ kind, training }) => kind === 'number_predictions' && training === series.training);
  const onCell = hasSamples ? (cell: Cell) => select({ options: withCell(selection.options, cell), sample: null }) : undefined;
  const counted = countedText(target);
  const columns = room >= 2 * LEAST + GAP ? 2 : 1;
  const width = Math.max(220, Math.min(MOST, Math.floor((room - (columns - 1) * GAP) / columns)));
  return (
    <section class="ls-regression" aria-label="regression">
      <header>
        <EvaluationTitle shown={shown} reference={reference} step={step} />
        <p class={counted.warns ? 'ls-regression-warns' : 'ls-soft'} data-testid="counted">
          {counted.text}
          {target.payload.weight_sum === null ? '' : ', weighted'}
        </p>
        <Targets names={names} index={target.index} onChange={(to) => option({ target: to === 0 ? undefined : String(to) })} />
      </header>
      <div ref={box} class="ls-regression-box">
        {target.count === 0 ? (
          <p>
            {point.payload.samples === 0
              ? 'This evaluation has no samples.'
              : 'No value of this evaluation counts: there is nothing to draw.'}
          </p>
        ) : (
          <>
            <Figures rows={rows} />
            <Sentences told={sentencesOf(shown, reference, named)} options={selection.options} select={select} />
            <div class="ls-regression-pictures" style={{ gridTemplateColumns: `repeat(${columns}, ${width}px)`, columnGap: `${GAP}px` }}>
              <Agreement
                target={target}
                name={name}
                width={width}
                most={most}
                others={others}
                strips={strips}
                marked={marked}
                chosen={chosenCell(selection.options)}
                onCell={onCell}
              />
              <Residuals
                tracks={tracks}
                width={width}
                height={Math.round(width * 0.8)}
                step={point.step}
                name={name}
                onStep={(to) => select({ step: to })}
              />
            </div>
          </>
        )}
      </div>
      <div class="ls-regression-foot">
        <button
          type="button"
          class="ls-chip"
          aria-pressed={beside !== undefined}
          title="Keeps the numbers of this step beside those of any other."
          onClick={() => option({ beside: beside === undefined ? String(point.step) : undefined })}
        >
          {beside === undefined ? 'keep this step beside' : `step ${inFull(beside.point.step)} beside`}
        </button>
        <Save
          evaluations={[shown, ...(reference === undefined ? [] : [reference]), ...(then === undefined ? [] : [then])]}
          shown={() => box.current}
        />
      </div>
    </section>
  );
}

function Targets({ names, index, onChange }: { names: readonly string[]; index: number; onChange: (index: number) => void }) {
  if (names.length < 2) return null;
  const called = names.map((_, k) => targetName(names, k));
  if (names.length <= FEW && called.every(({ length }) => length <= 24)) {
    return (
      <Segmented
        label="target"
        options={called.map((label, k) => ({ value: String(k), label }))}
        value={String(index)}
        onChange={(value) => onChange(Number(value))}
      />
    );
  }
  return (
    <label class="ls-regression-choice">
      target{' '}
      <select value={index} onChange={(event) => onChange(Number(event.currentTarget.value))}>
        {called.map((label, k) => (
          <option key={`${k} ${label}`} value={k}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** How the errors of a target spread at each evaluation of a training. */
function trackOf(series: Series<'regression'>, index: number, names: readonly string[], colour: Props['colour']): Track {
  const spreads = series.points.flatMap(({ step, payload }) => {
    const target = payload.targets.length === names.length ? targetOf(payload, index) : undefined;
    return target === undefined ? [] : [{ step, at: residualsAt(target, SHARES) }];
  });
  return { name: called(series.training), colour: colour(series.training), spreads };
}

/** What all pictures of a target share, so that they compare. */
function domainOf(all: readonly Series<'regression'>[], index: number) {
  const targets = all.flatMap(({ points }) => points.flatMap(({ payload }) => targetOf(payload, index) ?? []));
  const cells = targets.map(cellsOf);
  return {
    most: cells.reduce((most, { count }) => count.reduce((a, b) => Math.max(a, b), most), 1),
    strips: cells.some(({ outside }) => outside > 0),
  };
}

/** How many evaluations have other bins than the one shown, as those of another data set have. */
function otherBins(all: readonly Series<'regression'>[], target: Target): number {
  const own = edgesOf(target).join();
  const targets = all.flatMap(({ points }) => points.flatMap(({ payload }) => targetOf(payload, target.index) ?? []));
  return targets.filter((each) => edgesOf(each).join() !== own).length;
}

/** @param named The reference training, and the step of its evaluation: it may lack the target. */
function sentencesOf(
  { series, point, target }: Evaluation,
  reference: Evaluation | undefined,
  named: (Reference & { readonly step: number }) | undefined,
): readonly Told[] {
  const now: Judged = { step: point.step, target };
  const earlier = series.points.flatMap(({ step, payload }): readonly Judged[] => {
    const other = payload.targets.length === point.payload.targets.length ? targetOf(payload, target.index) : undefined;
    return other === undefined ? [] : [{ step, target: other }];
  });
  const change =
    named === undefined
      ? changeSentence(now, earlier)
      : reference === undefined
        ? noTargetSentence(point.payload.targets[target.index] || String(target.index + 1), named, point.step)
        : referenceSentence(now, { step: named.step, target: reference.target }, named);
  const all = { change, bias: biasSentence(target), range: rangeSentence(target) };
  return Object.entries(all).flatMap(([key, sentence]) => (sentence === undefined ? [] : [{ key, sentence }]));
}
