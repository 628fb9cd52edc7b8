import { useMemo, useRef, useState } from 'preact/hooks';
import { type Field, ofTable } from '../../components/download';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { latest, useAnswer } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { withOptions } from '../../frame/options';
import { writtenKey } from '../../frame/store';
import { useWidth } from '../../frame/use_width';
import { type Best, best, type Judged } from '../../math/best';
import { confusion } from '../../math/confusion';
import { MACRO } from '../../math/curve';
import { middle } from '../../math/ellipsis';
import { between, count, exact, inFull, plural } from '../../math/format';
import { focused, labelsOf, matched, type Props, recordOf } from '../confusion_matrix/evaluation';
import { Bins } from '../score_curves/Bins';
import { type Axis, across, Plane, path } from '../score_curves/Plane';
import './best_evaluation.css';
import { isOfClass, isOfScores, judgedByScores, type Metric, OF_CLASS, OF_MATRIX, toldOf } from './metrics';

const OPTION = 'best_evaluation';
const BY_MATRIX = ['accuracy', 'macro_recall', 'macro_f1'] as const;
const BY_CLASS = ['recall', 'precision', 'f1'] as const;
const BY_SCORES = ['auc', 'ap', 'nll', 'brier', 'ece'] as const;
const HEIGHT = 78;
const BOTTOM = 18;
const WIDEST = 420;

/** Which evaluation is the best by a number that is chosen, how sure that is, and how the number went. */
export function BestEvaluation(props: Props) {
  const { asked = [], focus, selection, select, step, colour } = props;
  const series = focused(props);
  const scores = asked.find(
    ({ kind, training, evaluation }) => kind === 'score_curves' && training === focus && evaluation === series?.evaluation,
  );
  const last = series?.points.at(-1);
  const labels = useMemo(
    () => (series === undefined || last === undefined ? [] : labelsOf(last.payload, series.run, props.series.classes)),
    [series, last, props.series.classes],
  );
  const box = useRef<HTMLElement>(null);
  const room = useWidth(box, 280);

  // Of a cell the predicted class, as the curves have it.
  const selected = selection.classes.at(-1);
  const of = selected !== undefined && selected < labels.length ? selected : undefined;
  const told = selection.options[`${OPTION}.by`];
  const metrics: readonly Metric[] = [...BY_MATRIX, ...(of === undefined ? [] : BY_CLASS), ...(scores === undefined ? [] : BY_SCORES)];
  const metric = metrics.find((each) => each === told) ?? 'accuracy';

  const positive = last === undefined ? undefined : recordOf(last.payload, series?.run ?? '', props.series.classes)?.positive;
  const curve = of ?? (labels.length === 2 ? (positive ?? 1) : MACRO);
  const [attempt, setAttempt] = useState(0);
  const key = scores === undefined || !isOfScores(metric) ? null : `${writtenKey(scores)} ${curve} ${attempt}`;
  const answered = useAnswer(key, (source, signal) =>
    scores === undefined
      ? Promise.reject(new Error('nothing is asked'))
      : source.scoreHistory(scores, curve === MACRO ? 'macro' : curve, signal),
  );
  const history = latest(answered);
  const judged = useMemo((): readonly Judged[] => {
    if (isOfScores(metric)) return history === null ? [] : judgedByScores(metric, history.payload);
    return (series?.points ?? []).map((point) => {
      const c = confusion(point.payload);
      if (!isOfClass(metric)) return { step: point.step, ...OF_MATRIX[metric].of(c) };
      const ids = matched(labels, labelsOf(point.payload, series?.run ?? '', props.series.classes));
      return { step: point.step, ...OF_CLASS[metric].of(c, ids[of ?? 0] ?? -1) };
    });
  }, [metric, history, series, labels, of, props.series.classes]);

  const { isLowest, write } = toldOf(metric);
  const found = best(judged, isLowest);
  // That evaluations have no examples is said beside.
  if (series === undefined || last === undefined || (found === undefined && metric === 'accuracy')) return null;
  const nameOf = (each: Metric) => {
    const isOne = isOfClass(each) || ((each === 'auc' || each === 'ap') && curve !== MACRO);
    const name = `${toldOf(each).name}${(each === 'auc' || each === 'ap') && curve === MACRO ? ', mean of the classes' : ''}`;
    return isOne ? `${name} of ${middle(labels[of ?? curve] ?? '', 24)}` : name;
  };
  const subject = { run: series.run, tag: `${series.tag.slice(0, series.tag.lastIndexOf('/') + 1)}${metric}`, step: last.step };
  const width = Math.min(WIDEST, room);
  return (
    <section class="ls-best" aria-label="best evaluation" ref={box}>
      <header>
        <h2>
          <Term name="best evaluation">Best evaluation</Term>
        </h2>
        <label>
          by{' '}
          <select
            aria-label="by which number"
            value={metric}
            onChange={({ currentTarget }) =>
              select({
                options: withOptions(selection.options, OPTION, {
                  by: currentTarget.value === 'accuracy' ? undefined : currentTarget.value,
                }),
              })
            }
          >
            {metrics.map((each) => (
              <option key={each} value={each}>
                {nameOf(each)}
              </option>
            ))}
          </select>
        </label>
        {judged.length < 2 ? null : (
          <SaveMenu
            what={`${nameOf(metric)} of all evaluations`}
            subject={{ training: series.training, evaluation: series.evaluation, step: last.step }}
            formats={[
              ...ofTable(
                () => rowsOf(judged),
                () => ({ ...subject, metric: nameOf(metric), evaluations: objectsOf(judged) }),
              ),
              asPicture(() => box.current, `${series.training} · ${nameOf(metric)}`),
              asVectors(() => box.current, `${series.training} · ${nameOf(metric)}`),
            ]}
          />
        )}
      </header>
      {answered.state === 'failed' && isOfScores(metric) ? (
        <Failure problem={answered.problem} request={answered.request} retry={() => setAttempt(attempt + 1)} />
      ) : null}
      {found === undefined ? (
        <p class="ls-soft">{key !== null && history === null ? ' ' : `No evaluation has ${nameOf(metric)}.`}</p>
      ) : (
        <Verdict found={found} judged={judged} write={write} step={step} isLowest={isLowest} onStep={(to) => select({ step: to })} />
      )}
      {judged.length < 2 ? null : (
        <>
          <Line
            judged={judged}
            width={width}
            found={found}
            write={write}
            step={step}
            colour={colour(series.training)}
            name={nameOf(metric)}
            onStep={(to) => select({ step: to })}
          />
          {series.allSteps === undefined || isOfScores(metric) ? null : (
            <p class="ls-soft">
              of {count(judged.length)} of {count(series.allSteps.length)} evaluations
            </p>
          )}
        </>
      )}
    </section>
  );
}

interface VerdictProps {
  readonly found: Best;
  readonly judged: readonly Judged[];
  readonly write: (x: number) => string;
  readonly step: number;
  readonly isLowest: boolean;
  readonly onStep: (step: number) => void;
}

/** "step 1 100: 98.6 %, not surely better than 7 of 11 others, the first at step 400". */
function Verdict({ found, judged, write, step, isLowest, onStep }: VerdictProps) {
  const { step: at = 0, value, range } = judged[found.index] ?? {};
  const first = judged[Math.min(...found.unsure)]?.step;
  const go = (to: number) => (
    <button type="button" class="ls-best-step" aria-pressed={to === step} onClick={() => onStep(to)}>
      step {inFull(to)}
    </button>
  );
  return (
    <p data-testid="best-evaluation">
      <span class="ls-best-number">
        <b title={value === undefined ? undefined : exact(value)}>{value === undefined ? '' : write(value)}</b>{' '}
        {range === undefined ? null : <small title="95 % interval">{between(range, write)}</small>} at {go(at)}
      </span>
      <span class="ls-soft">
        {found.others === 0 ? (
          'the only evaluation'
        ) : found.isUntold ? (
          <>
            {isLowest ? 'lowest' : 'highest'} of {count(found.others + 1)}
            {found.equal.length === 0 ? '' : `, with ${plural(found.equal.length, 'other')} just as good`}; without intervals nothing tells
            how surely
          </>
        ) : found.unsure.length === 0 ? (
          `surely better than ${found.others === 1 ? 'the other one' : `all ${count(found.others)} others`}`
        ) : (
          <>
            <Term name="not surely better">not surely better</Term> than {unsureOf(found)}
            {first === undefined ? null : <> {go(first)}</>}
          </>
        )}
      </span>
    </p>
  );
}

/** "3 of 11 others, the first at", before the step. */
function unsureOf({ unsure, others }: Best): string {
  if (others === 1) return 'the other one, at';
  const which = unsure.length === others ? `any of the ${count(others)} others` : `${count(unsure.length)} of ${count(others)} others`;
  return unsure.length === 1 ? `${which}, at` : `${which}, the first at`;
}

interface LineProps {
  readonly judged: readonly Judged[];
  readonly width: number;
  readonly found: Best | undefined;
  readonly write: (x: number) => string;
  readonly step: number;
  readonly colour: string;
  readonly name: string;
  readonly onStep: (step: number) => void;
}

/** The number at each evaluation with its interval; a press selects the step. */
function Line({ judged, width, found, write, step, colour, name, onStep }: LineProps) {
  const there = judged.flatMap(({ value }, i) => (value === undefined ? [] : [i]));
  const steps = judged.map((each) => each.step);
  const [first, last] = [steps[0] ?? 0, steps.at(-1) ?? 1];
  const beside = 0.02 * (last - first);
  const x: Axis = {
    title: '',
    from: first - beside,
    to: last + beside,
    ticks: [
      { at: first, text: `step ${inFull(first)}`, anchor: 'start' },
      { at: last, text: inFull(last), anchor: 'end' },
    ],
  };
  const ends = judged.flatMap(({ value, range }) => [value ?? [], range?.low ?? [], range?.high ?? []].flat());
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = high > low ? 0.08 * (high - low) : 0.05;
  const y: Axis = {
    title: '',
    from: low - room,
    to: high + room,
    ticks: (high > low ? [low, high] : [low]).map((at) => ({ at, text: write(at) })),
  };
  const share = (at: number) => across(width, (at - x.from) / (x.to - x.from));
  const shown = judged.findLastIndex((each) => each.step <= step);
  const text = (i: number) => {
    const { value, range } = judged[i] ?? {};
    const written = value === undefined ? 'undefined' : write(value);
    return `step ${inFull(steps[i] ?? 0)}: ${name} ${written}${range === undefined ? '' : `, 95 % interval ${between(range, write)}`}${i === found?.index ? '; the best' : ''}`;
  };
  // Each has half of the way to its neighbours.
  const edge = (i: number, side: -1 | 1) => {
    const [here, next] = [steps[i] ?? 0, steps[i + side]];
    return share(next === undefined ? here : (here + next) / 2);
  };
  const band = there.filter((i) => judged[i]?.range !== undefined);
  return (
    <div class="ls-curves-over-bins" style={{ width: `${width}px` }}>
      <Plane width={width} height={HEIGHT} bottom={BOTTOM} x={x} y={y} label={`${name} at ${judged.length} evaluations`} colour={colour}>
        {(at) => (
          <>
            {band.length < 2 ? null : (
              <path
                class="ls-curves-band"
                style={{ fill: colour }}
                d={`${path(
                  [
                    ...band.map((i) => [steps[i] ?? 0, judged[i]?.range?.high ?? 0] as const),
                    ...band.toReversed().map((i) => [steps[i] ?? 0, judged[i]?.range?.low ?? 0] as const),
                  ],
                  at,
                )}Z`}
              />
            )}
            <path
              class="ls-curves-line"
              d={path(
                there.map((i) => [steps[i] ?? 0, judged[i]?.value ?? 0] as const),
                at,
              )}
              style={{ stroke: colour, strokeWidth: 1.5 }}
            />
            {shown < 0 ? null : (
              <line
                class="ls-curves-at"
                x1={at([steps[shown] ?? 0, 0])[0]}
                x2={at([steps[shown] ?? 0, 0])[0]}
                y1={at([0, y.to])[1]}
                y2={at([0, y.from])[1]}
              />
            )}
            {found === undefined ? null : (
              <circle
                class="ls-curves-dot"
                cx={at([steps[found.index] ?? 0, 0])[0]}
                cy={at([0, judged[found.index]?.value ?? 0])[1]}
                r="4"
                style={{ stroke: colour, fill: colour }}
              />
            )}
          </>
        )}
      </Plane>
      <Bins
        label="evaluations: arrow keys go along them, Enter selects the step of one"
        bins={there}
        place={(i) => [edge(i, -1), edge(i, 1) - edge(i, -1)]}
        text={text}
        selected={undefined}
        onSelect={(i) => i !== undefined && onStep(steps[i] ?? 0)}
      />
    </div>
  );
}

function rowsOf(judged: readonly Judged[]): readonly (readonly Field[])[] {
  return [['step', 'value', 'low', 'high'], ...judged.map(({ step, value, range }) => [step, value, range?.low, range?.high])];
}

function objectsOf(judged: readonly Judged[]) {
  return judged.map(({ step, value, range }) => ({
    step,
    value: value ?? null,
    interval: range === undefined ? null : [range.low, range.high],
  }));
}
