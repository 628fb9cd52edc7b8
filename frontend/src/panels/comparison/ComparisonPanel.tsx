import { useState } from 'preact/hooks';
import { CopyButton } from '../../components/CopyCode';
import { Label } from '../../components/Label';
import { latest, useAnswer } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { Loading } from '../../frame/PanelFrame';
import { called } from '../../frame/shown';
import { writtenKey } from '../../frame/store';
import { classesOf, uniqueLabels } from '../../math/classes';
import { inFull } from '../../math/format';
import type { PanelProps, Point, SeriesInfo } from '../../panel';
import type { Kind } from '../../schema.gen';
import { otherPredictions } from '../predictions/other';
import { LINE } from '../predictions/Predictions';
import './comparison.css';
import { OPTIONS as TARGET } from '../regression/evaluation';
import { Compared } from './Compared';
import { LabelsCompared } from './LabelsCompared';
import { NumbersCompared } from './NumbersCompared';

/** What two models make of the same samples: who is right where the other is not. */
export function ComparisonPanel(props: PanelProps<'classes'>) {
  const { asked = [], focus, selection } = props;
  const here = taskOf(asked, focus);
  const own = here && asked.find(({ kind, training }) => kind === SINGLE[here] && training === focus);
  const other = own && otherPredictions(props, own);
  if (own !== undefined && other !== undefined)
    return <Asked key={`${writtenKey(own)} ${other.training}`} {...props} own={own} other={other} />;
  const wanted = selection.reference ?? asked.find(({ training }) => training !== focus)?.training ?? null;
  if (here === undefined || wanted === null || wanted === focus) return null;
  // Of a training that is shown for another reason nobody asked.
  if (selection.reference === null && taskOf(asked, wanted) !== here) return null;
  return (
    <section class="ls-comparison" aria-label="two models on the same samples">
      <h2>Two models on the same samples</h2>
      <p class="ls-partly" data-testid="not-compared">
        <Label text={called(wanted)} max={40} /> <WhyNot here={here} there={taskOf(asked, wanted)} evaluation={evaluation(asked, focus)} />
      </p>
    </section>
  );
}

interface WhyNotProps {
  readonly here: Task;
  readonly there: Task | undefined;
  readonly evaluation: string | null;
}

/** Why the other one is not compared sample by sample, and what there is instead. */
function WhyNot({ here, there, evaluation }: WhyNotProps) {
  if (there === undefined)
    return (
      <>
        has no evaluation {evaluation === null ? 'of this name' : <Label text={evaluation} max={24} />}: there is nothing to compare with.
      </>
    );
  if (there !== here)
    return (
      <>
        tells {TELLS[there]}, and this training {TELLS[here]}: the two do not compare.
      </>
    );
  if (here === 'class')
    return (
      <>
        does not tell of single samples, so which ones it gets right is not known. <code>{LINE}</code> adds them. <CopyButton text={LINE} />
      </>
    );
  return (
    <>
      is not compared sample by sample: what became of single samples (<code>{SINGLE[here]}</code>) is not logged of both, but counts alone.
      Above, its numbers stand beside these, and the first sentence takes the two for independent: on the same samples that is on the safe
      side.
    </>
  );
}

type Task = 'class' | 'labels' | 'numbers';

const TELLS: Readonly<Record<Task, string>> = {
  class: 'the class of each sample',
  labels: 'any number of labels of each sample',
  numbers: 'numbers',
};

/** The kind that tells of single samples, in each task. */
const SINGLE: Readonly<Record<Task, Kind>> = { class: 'predictions', labels: 'label_predictions', numbers: 'number_predictions' };

/** What a training's evaluation tells, by what is logged of it. */
function taskOf(asked: readonly SeriesInfo[], training: string): Task | undefined {
  const has = (kind: Kind) => asked.some((each) => each.training === training && each.kind === kind);
  if (has('predictions') || has('confusion_matrix')) return 'class';
  return has('multilabel') ? 'labels' : has('regression') ? 'numbers' : undefined;
}

function evaluation(asked: readonly SeriesInfo[], training: string): string | null {
  return asked.find((each) => each.training === training)?.evaluation ?? null;
}

type AskedProps = PanelProps<'classes'> & { readonly own: SeriesInfo; readonly other: SeriesInfo };

function Asked(props: AskedProps) {
  const { own, other, step } = props;
  const [tries, setTries] = useState(0);
  const [here, there] = [Math.min(step, own.lastStep), Math.min(step, other.lastStep)];
  const answered = useAnswer<Told>(`${writtenKey(own)} ${here} ${writtenKey(other)} ${there} ${tries}`, (source, signal) =>
    own.kind === 'label_predictions'
      ? source.compareLabels(own, here, other, there, signal)
      : own.kind === 'number_predictions'
        ? source.compareNumbers(own, here, other, there, signal)
        : source.compare(own, here, other, there, signal),
  );
  const point = latest(answered);
  return (
    <section class="ls-comparison" aria-label="two models on the same samples" data-testid="comparison">
      <Heading own={own} other={other} step={step} point={point} />
      {answered.state === 'failed' && answered.isMissing ? (
        <p class="ls-partly" data-testid="not-compared">
          Nothing to compare yet: {answered.problem.error}. {answered.problem.fix}
        </p>
      ) : answered.state === 'failed' ? (
        <Failure problem={answered.problem} request={answered.request} retry={() => setTries(tries + 1)} />
      ) : null}
      {answered.state === 'failed' && answered.isMissing ? null : point === null ? (
        answered.state === 'failed' ? null : (
          <Loading />
        )
      ) : (
        <div class={answered.state === 'loading' ? 'ls-comparison-waiting' : undefined}>
          <Answer {...props} point={point} />
        </div>
      )}
    </section>
  );
}

type Told = Point<'comparison'> | Point<'label_comparison'> | Point<'number_comparison'>;

function is<K extends Told['payload']['kind']>(kind: K, point: Told): point is Extract<Told, Point<K>> {
  return point.payload.kind === kind;
}

/** What is told of two models, by what they predict. */
function Answer(props: AskedProps & { readonly point: Told }) {
  const { own, other, point, series, selection, select } = props;
  const title = `${called(own.training)} · ${own.evaluation ?? own.tag} · step ${point.step} against ${called(other.training)} at step ${point.payload.other_step}`;
  if (is('label_comparison', point)) {
    const labels = classesOf(series.classes, point.payload.classes, own.run);
    const unique = labels && uniqueLabels(labels);
    return (
      <LabelsCompared
        own={own}
        other={other}
        point={point}
        title={title}
        label={(id) => unique?.[id] ?? String(id)}
        chosen={selection.classes}
        onChoose={(id) => select({ classes: selection.classes[0] === id ? [] : [id], sample: null })}
      />
    );
  }
  if (is('number_comparison', point))
    return <NumbersCompared own={own} other={other} point={point} title={title} target={Number(selection.options[TARGET.target] ?? 0)} />;
  return is('comparison', point) ? <Compared {...props} point={point} title={title} /> : null;
}

/** "training · evaluation · step N against the other one at step M". */
function Heading({ own, other, step, point }: { own: SeriesInfo; other: SeriesInfo; step: number; point: Told | null }) {
  return (
    <h2>
      <Label text={called(own.training)} max={40} /> · <Label text={own.evaluation ?? own.tag} max={28} /> · step{' '}
      {inFull(point?.step ?? step)} against <Label text={called(other.training)} max={40} />
      {point === null ? '' : ` at step ${inFull(point.payload.other_step)}`}, sample by sample
    </h2>
  );
}
