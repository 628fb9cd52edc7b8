import { useMemo, useRef } from 'preact/hooks';
import { csv, json } from '../../components/download';
import { EvaluationTitle } from '../../components/EvaluationTitle';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Sentences } from '../../components/Sentences';
import { asVectors } from '../../components/vectors';
import { withOptions } from '../../frame/options';
import { referenceOf } from '../../frame/reference';
import { called } from '../../frame/shown';
import { useWidth } from '../../frame/use_width';
import { inFull } from '../../math/format';
import { labelNumbers, overall } from '../../math/multilabel';
import { changeSentence, swapSentence, worstSentence } from '../../math/multilabel_sentences';
import { otherClasses } from '../../math/other_classes';
import type { Point } from '../../panel';
import type { Became } from '../../source';
import { withChoices } from '../label_predictions/label_sample';
import { useKept } from '../regression/use_kept';
import { labelRows, labelsOf } from './download';
import { chosenLabel, countedText, type Evaluation, evaluationAt, focused, type Props, referenced, titleOf } from './evaluation';
import { LabelTable } from './LabelTable';
import './multilabel.css';
import { OneLabel } from './OneLabel';
import { Overall, type Row } from './Overall';
import { type Line, OverSteps } from './OverSteps';
import { WrongCounts } from './WrongCounts';

const FIND = 'multilabel.find';
/** Room that the other pictures take beside the one over the steps: one, and two where a label is selected. */
const ONE = 320;
const TWO = 604;
const WIDEST = 560;
const LEAST = 240;

/** Each label by itself, all together, and how many are wrong of a sample. */
export function Multilabel(props: Props) {
  const series = focused(props);
  const shown = evaluationAt(series, props.series.classes, props.step);
  if (shown === undefined) {
    const first = series?.points[0]?.step;
    return (
      <p class="ls-soft">
        {first === undefined ? 'No evaluation of labels has been logged yet.' : `The first evaluation is at step ${inFull(first)}.`}
      </p>
    );
  }
  return <Shown {...props} shown={shown} />;
}

function Shown(props: Props & { readonly shown: Evaluation }) {
  const { shown, selection, select, step, colour } = props;
  const { series, point, labels } = shown;
  const { payload } = point;
  const box = useRef<HTMLDivElement>(null);
  const room = useWidth(box, 700);
  const reference = evaluationAt(referenced(props), props.series.classes, step);
  const label = chosenLabel(props, labels.length);
  const counted = countedText(payload);
  const own = colour(series.training);
  const rows: readonly Row[] = [
    { of: 'focus', name: called(series.training), colour: own, payload },
    ...(reference === undefined
      ? []
      : [
          {
            of: 'reference',
            name: called(reference.series.training),
            colour: colour(reference.series.training),
            payload: reference.point.payload,
          },
        ]),
  ];
  const there = referenced(props);
  const looked = useKept([series, ...(there === undefined ? [] : [there])], selection.step !== null);
  const labelThere = label === undefined ? undefined : reference?.labels.indexOf(labels[label] ?? '');
  const lines = useMemo(() => {
    const [points = [], others = []] = looked.map((each) => each.points);
    const [first] = labelThere === -1 ? [] : linesOf(others, labelThere, there === undefined ? own : colour(there.training));
    const beside =
      first === undefined || others.length === 0 || there === undefined
        ? []
        : [{ ...first, name: `${called(there.training)}: ${first.name}` }];
    return [...linesOf(points, label, own), ...beside];
  }, [looked, label, labelThere, own, there?.training]);
  const sentences = useMemo(() => {
    const name = (k: number) => labels[k] ?? '';
    const same = series.points.filter((each) => each.payload.classes === payload.classes);
    const before = same.findLast((each) => each.step <= point.step / 2) ?? same[0];
    const earlier = before === undefined || before.step >= point.step ? undefined : before;
    const change =
      reference === undefined
        ? changeSentence(point, earlier)
        : changeSentence(
            point,
            reference.point,
            referenceOf(reference.series.training, series.training, selection, otherClasses(labels, reference.labels)),
          );
    const all = { change, worst: worstSentence(payload, name), swap: swapSentence(payload, name) };
    return Object.entries(all).flatMap(([key, sentence]) => (sentence === undefined ? [] : [{ key, sentence }]));
  }, [point, series.points, reference?.point, reference?.labels, labels, selection.trainings]);
  const hasSamples = (props.asked ?? []).some(({ kind, training }) => kind === 'label_predictions' && training === series.training);
  const onCell = !hasSamples
    ? undefined
    : (became: Became) =>
        select({ classes: label === undefined ? [] : [label], sample: null, options: withChoices(selection.options, { became }) });
  const title = titleOf(shown);
  const subject = { run: series.run, tag: series.tag, step: point.step };
  const all = labels.map((_, k) => k);
  return (
    <section class="ls-multilabel" aria-label="labels">
      <header>
        <EvaluationTitle shown={shown} reference={reference} step={step} />
        <p class={counted.warns ? 'ls-multilabel-warns' : 'ls-soft'} data-testid="counted">
          {counted.text}
        </p>
      </header>
      {payload.samples === 0 ? (
        <p>This evaluation has no samples.</p>
      ) : (
        <>
          <div ref={box} class="ls-multilabel-box">
            <Overall rows={rows} />
            <Sentences told={sentences} options={selection.options} select={select} />
            <div class="ls-multilabel-pictures">
              {label === undefined ? null : <OneLabel evaluation={shown} label={label} onCell={onCell} />}
              <WrongCounts payload={payload} />
              <OverSteps
                title={label === undefined ? 'all labels' : (labels[label] ?? '')}
                lines={lines}
                width={widthOf(room, label === undefined ? ONE : TWO)}
                step={point.step}
                onStep={(to) => select({ step: to })}
              />
            </div>
          </div>
          <SaveMenu
            what="the pictures of all labels"
            subject={{
              training: series.training,
              evaluation: series.evaluation,
              part: label === undefined ? undefined : labels[label],
              step: point.step,
            }}
            formats={[
              { label: 'CSV', make: () => csv(labelRows(shown, all)) },
              {
                label: 'JSON',
                make: () =>
                  json({
                    ...subject,
                    evaluations: rows.map(({ of, payload: its }) => ({
                      of,
                      samples: its.samples,
                      ...overall(its),
                      wrong_count: Array.from(its.wrong_count),
                    })),
                    labels: labelsOf(shown, all),
                    label: label === undefined ? null : (labels[label] ?? ''),
                    over_steps: lines.map(({ name, points }) => ({ name, points })),
                  }),
              },
              asPicture(() => box.current, title),
              asVectors(() => box.current, title),
            ]}
          />
          <LabelTable
            evaluation={shown}
            find={selection.options[FIND] ?? ''}
            selected={label}
            onSelect={(classes) => select({ classes })}
            onFind={(find) => select({ options: withOptions(selection.options, 'multilabel', { find }) })}
          />
        </>
      )}
    </section>
  );
}

/** Width of the picture over the steps: what the others leave, or all of it below them. */
function widthOf(room: number, others: number): number {
  const left = room - others;
  return Math.min(WIDEST, left >= LEAST ? left : Math.max(LEAST, room));
}

/** The numbers of all labels, or of the selected one, at each evaluation. */
function linesOf(points: readonly Point<'multilabel'>[], label: number | undefined, colour: string): readonly Line[] {
  const line = (name: string, dash: string, of: (point: Point<'multilabel'>) => number | undefined): Line => ({
    name,
    colour,
    dash,
    points: points.map((point) => ({ step: point.step, value: of(point) })),
  });
  if (label !== undefined) {
    const numbers = new Map(points.map((point) => [point, labelNumbers(point.payload, label)]));
    const at = (point: Point<'multilabel'>) => numbers.get(point);
    return [
      line('F1', '', (point) => at(point)?.f1.value),
      line('precision', '5 3', (point) => at(point)?.precision.value),
      line('recall', '2 2', (point) => at(point)?.recall.value),
    ];
  }
  const numbers = new Map(points.map((point) => [point, overall(point.payload)]));
  const at = (point: Point<'multilabel'>) => numbers.get(point);
  return [
    line('subset accuracy', '', (point) => at(point)?.subset.value),
    line('micro F1', '5 3', (point) => at(point)?.micro.f1),
    line('macro F1', '2 2', (point) => at(point)?.macro.f1.value),
    line('Hamming loss', '8 2 2 2', (point) => at(point)?.hamming.value),
  ];
}
