import { useCallback, useContext, useMemo } from 'preact/hooks';
import { Label } from '../../components/Label';
import { Orders } from '../../frame/class_orders';
import { confusion } from '../../math/confusion';
import { inFull } from '../../math/format';
import { accuracySentence, changeSentence, errorsSentence, referenceSentence, type Sentence } from '../../math/sentences_predictions';
import type { Series } from '../../panel';
import { choices, withChoice } from './choices';
import './confusion_matrix.css';
import { counted } from './counted';
import { domain } from './domain';
import { type Evaluation, focused, type Props, referenced } from './evaluation';
import { grid } from './grid';
import { Matrix } from './Matrix';
import { matchReference } from './numbers';
import { Sentences } from './Sentences';
import { Toolbar } from './Toolbar';
import { useEvaluation } from './use_evaluation';
import { useOrder } from './use_order';

/** What the model takes for what: the confusion matrix of an evaluation, in sentences, picture and numbers. */
export function ConfusionMatrix(props: Props) {
  const shown = useEvaluation(focused(props), props.series.classes, props.step);
  if (shown === undefined) {
    const first = focused(props)?.points[0]?.step;
    return (
      <p class="ls-soft">
        {first === undefined ? 'No confusion matrix has been logged yet.' : `The first evaluation is at step ${inFull(first)}.`}
      </p>
    );
  }
  return <Shown {...props} shown={shown} />;
}

function Shown(props: Props & { readonly shown: Evaluation }) {
  const { shown, selection, select, step, colour } = props;
  const orders = useContext(Orders);
  const reference = useEvaluation(referenced(props), props.series.classes, step);
  const chosen = choices(selection.options, shown.confusion.size);
  const { order, problem, waiting } = useOrder(shown, chosen.order);
  const places = useMemo(() => grid(shown.confusion, order), [shown.confusion, order]);
  const range = useMemo(
    () => domain([...kept(shown.series), ...(reference === undefined ? [] : kept(reference.series))], chosen.by, chosen.shown),
    [shown.series, reference?.series, chosen.by, chosen.shown],
  );
  const compared = useMemo(
    () => matchReference(shown, reference),
    [shown.confusion, shown.labels, reference?.confusion, reference?.labels],
  );

  const told = useMemo(() => sentences(shown, reference), [shown, reference]);
  const onSelect = useCallback((classes: readonly number[]) => select({ classes }), [select]);
  const change = (name: 'normalise' | 'order' | 'shown', value: string) => {
    if (value === 'confusion') orders?.refresh(shown.series);
    select({ options: withChoice(selection.options, name, value) });
  };
  return (
    <section class="ls-confusion" aria-label="confusion matrix">
      <Heading shown={shown} reference={reference} step={step} />
      <Sentences sentences={told} select={select} />
      {shown.confusion.samples === 0 ? null : (
        <>
          <Toolbar choices={chosen} onChange={change} />
          {problem === undefined ? null : (
            <p class="ls-confusion-problem">
              {problem.error} ({problem.fix}); shown as given.
            </p>
          )}
          <div class={waiting ? 'ls-confusion-waiting' : undefined}>
            <Matrix
              evaluation={shown}
              reference={compared}
              classes={props.series.classes}
              grid={places}
              by={chosen.by}
              shown={chosen.shown}
              domain={range}
              step={step}
              colour={colour(shown.series.training)}
              selected={selection.classes}
              onSelect={onSelect}
            />
          </div>
        </>
      )}
    </section>
  );
}

/** "training · evaluation · step", the reference if there is one, and what became of the samples. */
function Heading({ shown, reference, step }: { shown: Evaluation; reference: Evaluation | undefined; step: number }) {
  const { series, point } = shown;
  const samples = counted(shown);
  return (
    <header class="ls-confusion-heading">
      <h2>
        <Label text={series.training} max={48} /> · <Label text={series.evaluation ?? series.tag} max={32} /> · step {inFull(point.step)}
        {point.step === step ? null : (
          <span title={`the last evaluation at or before step ${inFull(step)}`}> (the last before {inFull(step)})</span>
        )}
        {reference === undefined ? null : (
          <>
            {' '}
            · against <Label text={reference.series.training} max={32} /> at step {inFull(reference.point.step)}
          </>
        )}
      </h2>
      <p class={samples.warns ? 'ls-confusion-problem' : undefined}>{samples.text}</p>
    </header>
  );
}

function sentences(shown: Evaluation, reference: Evaluation | undefined): readonly Sentence[] {
  const label = (k: number) => shown.labels[k] ?? '';
  const now = { step: shown.point.step, confusion: shown.confusion };
  const change =
    reference === undefined
      ? changeSentence(
          now,
          shown.series.points.map(({ step, payload }) => ({ step, confusion: confusion(payload) })),
        )
      : referenceSentence(now, { step: reference.point.step, confusion: reference.confusion }, reference.series.training);
  return [accuracySentence(shown.confusion), errorsSentence(shown.confusion, label), change].filter((s) => s !== undefined);
}

function kept(series: Series<'confusion_matrix'>) {
  return series.points.map(({ payload }) => confusion(payload));
}
