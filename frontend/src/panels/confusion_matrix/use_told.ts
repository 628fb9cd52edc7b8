/** The sentences above the matrix: what is computed here, and what the server is asked for when it is needed. */
import { useMemo } from 'preact/hooks';
import type { Told } from '../../components/Sentences';
import { type Answered, latest, useAnswer } from '../../frame/answers';
import { referenceOf } from '../../frame/reference';
import { writtenKey } from '../../frame/store';
import { classChanges, difference, type Earlier, falls, turnedClasses } from '../../math/class_changes';
import { curvesOf } from '../../math/curve';
import { middle } from '../../math/ellipsis';
import { inFull } from '../../math/format';
import { otherClasses } from '../../math/other_classes';
import { kappaSentence } from '../../math/sentence_kappa';
import { againstSentence, fallSentence, riseSentence } from '../../math/sentences_classes';
import { accuracySentence, changeSentence, errorsSentence, referenceSentence, type Sentence } from '../../math/sentences_predictions';
import { aloneSentence, changesSentence, turnedByClass } from '../../math/sentences_samples';
import { areaSentence, confidenceSentence } from '../../math/sentences_scores';
import { withoutShared } from '../../math/shared_ends';
import type { Point, SeriesInfo } from '../../panel';
import type { Comparison, Kind, Payloads } from '../../schema.gen';
import type { Source } from '../../source';
import { evaluationSteps } from '../predictions/asking';
import { choices as sampleChoices } from '../predictions/choices';
import { type Evaluation, matched, type Props, recordOf } from './evaluation';
import { PENDING, useLayers } from './use_layers';
import type { Kept } from './use_pinned';

/** Letters of a class in a sentence. */
const LONGEST = 40;

/** Classes that are said to have got worse, each in a sentence of its own. */
const MOST_FALLS = 3;

export function useTold(props: Props, shown: Evaluation, reference: Evaluation | undefined, kept: readonly Kept[]): readonly Told[] {
  const { selection, asked = [] } = props;
  const { training } = shown.series;
  const step = shown.point.step;
  const shorten = useMemo(() => withoutShared(shown.labels), [shown.labels]);
  const label = (k: number) => middle(shorten(shown.labels[k] ?? ''), LONGEST);
  const find = (kind: Kind, of: string | undefined) => asked.find((info) => info.kind === kind && info.training === of);

  const now = useMemo((): Earlier => ({ step, confusion: shown.confusion, ids: matched(shown.labels, shown.labels) }), [shown]);
  const earlier = useMemo(
    () =>
      kept
        .filter((each) => each.training === training && each.step < step && isOfSameClasses(shown, each))
        .map((each): Earlier => ({ step: each.step, confusion: each.confusion, ids: matched(shown.labels, each.labels) })),
    [kept, training, step, shown.labels],
  );
  const half = earlier.findLast((each) => each.step <= step / 2) ?? earlier[0];
  const there = useMemo(
    (): Earlier | undefined =>
      reference && {
        step: reference.point.step,
        confusion: reference.confusion,
        ids: matched(shown.labels, reference.labels),
      },
    [reference, shown.labels],
  );

  const others = useMemo(() => (reference === undefined ? undefined : otherClasses(shown.labels, reference.labels)), [shown, reference]);

  // What became of single samples, where they are logged.
  const predictions = find('predictions', training);
  const stepsTold = useAnswer(predictions === undefined ? null : writtenKey(predictions), (s, signal) =>
    asks(predictions, (info) => evaluationSteps(s, info, signal)),
  );
  const predicted = latest(stepsTold);
  const isTold = (at: number | undefined): at is number => at !== undefined && predicted?.includes(at) === true && predicted.includes(step);
  const alone = useMemo(() => falls(now, earlier), [now, earlier]);
  const base = isTold(alone.likely?.step) ? alone.likely.step : undefined;
  const turned = useChanges(predictions, base, step);
  const fallen = useMemo(() => {
    const since = turned.state === 'ready' ? turned.answer : undefined;
    if (since === undefined || since.payload.from_step !== base || since.payload.to_step !== step) return alone;
    return falls(now, earlier, { step: since.payload.from_step, of: turnedByClass(since.payload) });
  }, [alone, turned, now, earlier]);
  const chosen = selection.classes.length === 1 ? selection.classes[0] : undefined;
  const worse = useMemo(
    () => [...fallen.sure].sort((a, b) => Number(b.k === chosen) - Number(a.k === chosen)).slice(0, MOST_FALLS),
    [fallen, chosen],
  );
  const [worst] = worse;
  const layers = useLayers(asked, training, worst);

  const wanted = sampleChoices(selection.options).since;
  const before = predicted?.filter((each) => each < step) ?? [];
  const since = before.findLast((each) => each <= (wanted ?? Number.POSITIVE_INFINITY)) ?? before[0];
  const changes = useChanges(predictions, isTold(since) ? since : undefined, step);

  const predictionsThere = reference === undefined || others !== undefined ? undefined : find('predictions', reference.series.training);
  const paired = useComparison(predictions, step, predictionsThere, there?.step);

  // How sure the model is, and how well its scores tell a class from the rest.
  const scores = find('score_curves', training);
  const calibrated = useAnswer(scores === undefined ? null : atStep(scores, step, 'calibration'), (s, signal) =>
    asks(scores, (info) => s.calibration(info, step, { bins: 15, by: 'width' }, signal)),
  );
  const record = useMemo(() => recordOf(shown.point.payload, shown.series.run, props.series.classes), [shown, props.series.classes]);
  const of = record?.task === 'binary' ? (record.positive ?? undefined) : chosen;
  const own = useNumbers(of === undefined ? undefined : scores, step);
  const scoresThere = reference === undefined ? scores : others !== undefined ? undefined : find('score_curves', reference.series.training);
  const stepThere = there === undefined ? half?.step : there.step;
  const other = useNumbers(of === undefined || latest(own) === null ? undefined : scoresThere, stepThere);
  const ofThere = of === undefined || there === undefined ? of : there.ids[of];

  return useMemo(() => {
    const told: Told[] = [];
    const tell = (key: string, sentence: Sentence | typeof PENDING | undefined, more: Partial<Told> = {}) => {
      if (sentence !== undefined) told.push({ key, sentence, ...more });
    };
    tell('accuracy', accuracySentence(shown.confusion));
    if (shown.confusion.samples === 0) return told;
    if (record?.task === 'ordinal') tell('kappa', kappaSentence(shown.confusion));
    const named = reference && referenceOf(reference.series.training, training, selection, others);
    if (there === undefined || named === undefined) tell('change', changeSentence(now, earlier));
    else tell('reference', referenceSentence(now, there, named, paired?.p ?? undefined));

    const against =
      there === undefined || others !== undefined
        ? []
        : paired === undefined
          ? classChanges(now, there)
          : turnedClasses(now, there, (k) => ({ right: paired.only_this_right[k] ?? 0, wrong: paired.only_other_right[k] ?? 0 }));
    if (named !== undefined) tell('reference-worse', againstSentence(against, 'Worse', named, label));
    worse.forEach((fall, i) => {
      const prefix = fall.to < step ? earlier.find((each) => each.step === fall.to) : undefined;
      // The step of the fall, unless it is not sure there yet.
      const at = prefix !== undefined && falls(prefix, earlier).sure.some(({ k }) => k === fall.k) ? fall.to : step;
      tell(`fall-${fall.k}`, fallSentence(fall, label, at), i === 0 ? { beside: layers } : {});
    });

    const curve = ofClass(own, of);
    const curveThere = ofClass(other, ofThere);
    const area =
      curve &&
      areaSentence(
        curve,
        label(of ?? 0),
        curveThere && {
          curve: curveThere,
          name: named === undefined ? `step ${inFull(latest(other)?.step ?? 0)}` : named.name,
          isEarlier: named === undefined,
        },
      );
    tell('area', of !== undefined && isComing(own, scores) ? PENDING : area, { stale: isOld(own) || isOld(other) });
    tell('errors', errorsSentence(shown.confusion, label));
    tell('confidence', isComing(calibrated, scores) ? PENDING : known(calibrated, confidenceSentence), { stale: isOld(calibrated) });
    const mayTurn = isComing(stepsTold, predictions) || isTold(since) ? predictions : undefined;
    tell('changes', isComing(changes, mayTurn) ? PENDING : known(changes, changesSentence), { stale: isOld(changes) });
    if (named !== undefined && paired !== undefined) tell('reference-samples', aloneSentence(paired, named.name));
    if (named !== undefined) tell('reference-better', againstSentence(against, 'Better', named, label));
    if (half !== undefined)
      tell(
        'rise',
        riseSentence(
          classChanges(now, half).filter((each) => difference(each) > 0),
          label,
        ),
      );
    return told;
  }, [
    shown,
    record,
    reference,
    now,
    earlier,
    there,
    others,
    selection.trainings,
    paired,
    worse,
    layers,
    own,
    other,
    of,
    ofThere,
    calibrated,
    changes,
    stepsTold,
    since,
    half,
  ]);
}

/** Whether two evaluations are of the same classes: rates over others do not compare. */
function isOfSameClasses(one: Pick<Evaluation, 'labels'>, other: Pick<Evaluation, 'labels'>): boolean {
  return one.labels === other.labels || otherClasses(one.labels, other.labels) === undefined;
}

/** A question about a series, if there is one. */
function asks<T>(info: SeriesInfo | undefined, ask: (info: SeriesInfo) => Promise<T>): Promise<T> {
  return info === undefined ? Promise.reject(new Error('nothing is asked')) : ask(info);
}

function isOld<T>(answered: Answered<T>): boolean {
  return answered.state === 'loading' && answered.old !== null;
}

/** Whether the first answer to a question is on its way. */
function isComing<T>(answered: Answered<T>, of: SeriesInfo | undefined): boolean {
  return of !== undefined && answered.state === 'loading' && answered.old === null;
}

/** What an answer says, the one before it while the next is on its way; nothing of one that failed: its picture says why. */
function known<K extends Kind>(answered: Answered<Point<K>>, say: (payload: Payloads[K]) => Sentence | undefined): Sentence | undefined {
  const answer = answered.state === 'failed' ? null : latest(answered);
  return answer === null ? undefined : say(answer.payload);
}

/** What an answer about a step depends on: what is written later changes nothing at an earlier one. */
function atStep(info: SeriesInfo, step: number, ...more: readonly unknown[]): string {
  const { run, tag, lastStep, lastWallTime } = info;
  return JSON.stringify([run, tag, step < lastStep ? step : [lastStep, lastWallTime], ...more]);
}

function useChanges(info: SeriesInfo | undefined, from: number | undefined, to: number): Answered<Point<'changes'>> {
  const isAsked = info !== undefined && from !== undefined && from < to;
  return useAnswer(isAsked ? atStep(info, to, 'changes', from) : null, (s: Source, signal) =>
    asks(info, (series) => s.changes(series, from ?? 0, to, signal)),
  );
}

/** The areas of all classes; in numbers they are few. */
function useNumbers(info: SeriesInfo | undefined, step: number | undefined): Answered<Point<'curves'>> {
  const isAsked = info !== undefined && step !== undefined;
  return useAnswer(isAsked ? atStep(info, step, 'numbers') : null, (s: Source, signal) =>
    asks(info, (series) => s.curves(series, step ?? 0, [], signal)),
  );
}

function ofClass(answered: Answered<Point<'curves'>>, of: number | undefined) {
  const numbers = latest(answered);
  if (numbers === null || of === undefined || answered.state === 'failed') return undefined;
  return curvesOf(numbers.payload).find((curve) => curve.of === of);
}

/** Two trainings on the same samples, where both tell of each. */
function useComparison(
  own: SeriesInfo | undefined,
  step: number,
  other: SeriesInfo | undefined,
  otherStep: number | undefined,
): Comparison | undefined {
  const isAsked = own !== undefined && other !== undefined && otherStep !== undefined;
  const answered = useAnswer(isAsked ? atStep(own, step, 'compare', atStep(other, otherStep)) : null, (s: Source, signal) =>
    asks(own, (series) => asks(other, (second) => s.compare(series, step, second, otherStep ?? 0, signal))),
  );
  if (answered.state !== 'ready' || answered.answer.step !== step) return undefined;
  const told = answered.answer.payload;
  return told.other_step === otherStep && isOfTheSame(told) ? told : undefined;
}

/** Whether two evaluations are nearly all of the same samples: what is said of these is then said of both. */
function isOfTheSame({ compared, only_this, only_other, truth_differs }: Comparison): boolean {
  // Samples that have numbers alone may be others with the same numbers: then their classes tell.
  return truth_differs === 0 && compared > 0 && only_this + only_other <= 0.05 * compared;
}
