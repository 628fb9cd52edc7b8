import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { csv, json } from '../../components/download';
import { SaveMenu } from '../../components/SaveMenu';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { Answers, latest, useAnswer } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { oneOf } from '../../frame/options';
import { writtenKey } from '../../frame/store';
import { announce } from '../../live';
import { classesOf } from '../../math/classes';
import { inFull, plural } from '../../math/format';
import type { PanelProps, SeriesInfo } from '../../panel';
import { evaluationSteps, type Question, whole } from './asking';
import { ChangeChips } from './ChangeChips';
import { CopyAll } from './CopyIds';
import {
  type Changed,
  choices,
  creditedChoices,
  decidedCell,
  filterOf,
  isChange,
  isVersus,
  needsOther,
  type Outcome,
  SORTS,
  type Sort,
  withChoices,
  withoutOther,
} from './choices';
import { Details } from './Details';
import { sampleObjects, sampleRows } from './download';
import { List } from './List';
import { neighbours } from './neighbours';
import { otherPredictions } from './other';
import { Range } from './Range';
import { changedIds, type Names, namesOf, type Sample } from './sample';
import { storedText, summaryOf, Title, titleOf } from './Title';
import { useList } from './use_list';
import { useOrigin } from './use_origin';
import type { Listed } from './use_pages';
import { VersusChips } from './VersusChips';
import { countsOf } from './versus';

interface Props extends PanelProps<'classes'> {
  /** Its predictions, and its examples where there are any. */
  readonly own: SeriesInfo;
  readonly examples: SeriesInfo | undefined;
}

const OUTCOMES = [
  { value: 'wrong', label: 'wrong', help: 'Samples whose prediction is not the truth.' },
  { value: 'right', label: 'right', help: 'Samples whose prediction is the truth.' },
  { value: 'any', label: 'all', help: 'Both, and those whose truth nobody knows.' },
] as const;

const AS = [
  { value: 'true', label: 'true', help: 'Samples of this class.' },
  { value: 'predicted', label: 'predicted', help: 'Samples that were taken for this class.' },
] as const;

const LOOKS = [
  { value: 'pictures', label: 'pictures', help: 'What there is to look at, side by side.' },
  { value: 'rows', label: 'rows', help: 'One line each: classes, confidence, loss, id.' },
] as const;

/** The samples behind a cell, a class, or all errors; one of them in full where it is selected. */
export function Samples(props: Props) {
  const { own, examples, selection, select, step, colour } = props;
  const other = otherPredictions(props, own);
  const linked = choices(selection.options);
  const compares = other === undefined ? withoutOther(linked) : linked;
  const at = writtenKey(own);
  const told = useAnswer(at, (source, signal) => evaluationSteps(source, own, signal));
  const steps = latest(told) ?? [];
  const shown = steps.findLast((each) => each <= step);
  const earlier = steps.filter((each) => shown !== undefined && each < shown);
  const since = earlier.findLast((each) => each <= (compares.since ?? Number.POSITIVE_INFINITY)) ?? earlier[0];

  const records = props.series.classes;
  const namesFor = useMemo(() => {
    const made = new Map<string, Names>();
    return (classes: string): Names => {
      const names = made.get(classes) ?? namesOf(classesOf(records, classes, own.run));
      made.set(classes, names);
      return names;
    };
  }, [records, own.run]);

  const namesThere = (classes: string) => namesOf(classesOf(records, classes, other?.run ?? ''));

  // Which classes these are tells the list itself; until then those that the last list had.
  const [classes, setClasses] = useState<string | null>(null);
  const only = records.length === 1 ? (records[0]?.tag.replace(/^classes\//, '') ?? '') : '';
  const names = namesFor(classes ?? only);
  const chosen = creditedChoices(compares, names.size);
  const filter = filterOf(selection, chosen, names.positive);
  // What a threshold decides is told instead of what the model decided.
  const decided = decidedCell(selection, chosen, names.positive)?.predicted;
  const asDecided = (sample: Sample): Sample => (decided === undefined ? sample : { ...sample, predicted: decided });

  const changed = useAnswer(shown === undefined || since === undefined ? null : `${at} ${since} ${shown}`, (source, signal) =>
    source.changes(own, since ?? 0, shown ?? 0, signal),
  );
  const changes = changed.state === 'ready' ? changed.answer.payload : undefined;
  const change = isChange(chosen.outcome) ? chosen.outcome : undefined;
  const ids = useMemo(
    () => (changes === undefined || change === undefined ? undefined : changedIds(changes, change, filter)),
    [changes, change, filter.truth, filter.predicted],
  );
  const there = other === undefined ? undefined : { series: other, step: Math.min(step, other.lastStep) };
  const versus = needsOther(chosen) ? there : undefined;
  const compared = useAnswer(
    shown === undefined || there === undefined ? null : `${at} ${shown} ${writtenKey(there.series)} ${there.step}`,
    (source, signal) =>
      there === undefined
        ? Promise.reject(new Error('nothing is asked'))
        : source.compare(own, shown ?? 0, there.series, there.step, signal),
  );
  const comparison = compared.state === 'ready' ? compared.answer : undefined;
  const isRanged = filter.at_least !== undefined || filter.below !== undefined || filter.confidence_bins !== undefined;
  const sort: Sort = chosen.sort === 'changed' && since === undefined ? 'loss' : chosen.sort;
  const isTold = told.state !== 'loading' || told.old !== null;
  const isBefore = steps.length > 0 && shown === undefined;
  const question: Question | undefined =
    isTold && !isBefore ? { series: own, step: shown ?? Math.min(step, own.lastStep), since, filter, sort, versus } : undefined;
  const asked = useList(question, ids, change !== undefined && ids === undefined && changed.state !== 'failed' && since !== undefined);
  const list: Listed = {
    ...asked,
    at: (place) => {
      const sample = asked.at(place);
      return sample === undefined ? undefined : asDecided(sample);
    },
  };
  const listed = list.point?.payload;
  useEffect(() => {
    if (listed !== undefined) setClasses(listed.classes);
  }, [listed?.classes]);

  const active = useRef({ list: '', current: 0 });
  const listName = JSON.stringify([filter, sort, chosen.outcome, question?.step, own.tag, own.run, versus?.series.run, versus?.step]);
  if (active.current.list !== listName) active.current = { list: listName, current: 0 };
  const [wantsFocus, setWantsFocus] = useState(false);
  const { confidence } = chosen;
  const bin = confidence === undefined ? '' : `${confidence.from}..${confidence.below}`;
  const goBack = useOrigin([...selection.classes, ...(bin === '' ? [] : [bin])].join(), () => setWantsFocus(true));
  const box = useRef<HTMLElement>(null);
  const binBefore = useRef(bin);
  useEffect(() => {
    // A bin may be far from the list.
    const top = box.current?.getBoundingClientRect().top ?? 0;
    if (bin !== '' && bin !== binBefore.current && (top < 0 || top > window.innerHeight / 2)) box.current?.scrollIntoView();
    binBefore.current = bin;
  }, [bin]);

  const options = (to: Changed) => select({ options: withChoices(selection.options, to) });
  const others = listed?.others ?? [];
  const text = titleOf(selection.classes, chosen, names, others);
  const summary = list.point === null ? '' : summaryOf(list.total, list.stored);
  useEffect(() => {
    if (summary !== '' && !list.stale && selection.sample === null) announce(`${text}: ${summary}`);
  }, [text, summary, list.stale]);

  if (selection.sample !== null) {
    return (
      <section class="ls-samples" aria-label="samples">
        <Details
          series={own}
          other={other === undefined ? undefined : { series: other, names: namesThere, colour: colour(other.training) }}
          examples={examples}
          id={selection.sample}
          step={step}
          names={namesFor}
          colour={colour(own.training)}
          onStep={(to) => select({ step: to })}
          {...neighbours(list.at, active.current, selection.sample, (sample) => select({ sample }))}
          onBack={() => {
            setWantsFocus(true);
            select({ sample: null });
          }}
        />
      </section>
    );
  }

  if (isBefore) {
    return <p class="ls-soft">The first evaluation that tells of single samples is at step {inFull(steps[0] ?? 0)}.</p>;
  }
  const isCell = selection.classes.length >= 2;
  return (
    <section
      ref={box}
      class="ls-samples"
      aria-label="samples"
      data-testid="samples"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || !goBack()) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <header>
        <h2>
          <Title classes={selection.classes} chosen={chosen} names={names} others={others} />
          {list.point === null || list.point.step === step ? null : <span class="ls-soft"> at step {inFull(list.point.step)}</span>}
        </h2>
        <p class="ls-soft ls-samples-summary" data-testid="samples-summary">
          {list.point === null ? (
            ' '
          ) : (
            <>
              {plural(list.total, 'sample')}
              {list.total === 0 ? '' : ', '}
              <Term name="stored">{storedText(list.total, list.stored)}</Term>
            </>
          )}
        </p>
      </header>
      <div class="ls-samples-bar">
        {selection.classes.length === 1 && chosen.agreement === undefined ? (
          <Segmented
            label="which class"
            options={AS}
            value={chosen.as}
            onChange={(as) => options({ as: as === 'true' ? undefined : as })}
          />
        ) : null}
        {(isCell && change === undefined && !isVersus(chosen.outcome)) || chosen.agreement !== undefined ? null : (
          <Segmented<Outcome>
            label="outcome"
            options={OUTCOMES}
            value={chosen.outcome}
            onChange={(outcome) => options({ outcome: outcome === 'wrong' ? undefined : outcome })}
          />
        )}
        <Order
          sort={sort}
          binary={names.positive === undefined ? undefined : names.predicted(names.positive)}
          since={since}
          onSort={(to) => options({ sort: to === 'loss' ? undefined : to })}
        />
      </div>
      <Range decided={decided !== undefined} chosen={chosen} threshold={selection.threshold} filter={filter} onChange={options} />
      {since === undefined ? null : (
        <ChangeChips
          changes={changes}
          problem={changed.state === 'failed' ? changed.problem.error : undefined}
          filter={filter}
          isWhole={selection.classes.length === 0}
          outcome={chosen.outcome}
          steps={earlier}
          since={since}
          onOutcome={(outcome) => options({ outcome: outcome === 'wrong' ? undefined : outcome })}
          onSince={(to) => options({ since: String(to) })}
        />
      )}
      {filter.k === undefined ? null : (
        <p class="ls-soft" data-testid="samples-credit">
          Right is here a truth among the first {filter.k} classes, as in the matrix.
        </p>
      )}
      {other === undefined ? null : (
        <VersusChips
          training={other.training}
          comparison={comparison}
          problem={compared.state === 'failed' ? compared.problem.error : undefined}
          counts={comparison === undefined || isRanged ? undefined : countsOf(comparison.payload, selection.classes, chosen.as)}
          outcome={chosen.agreement === undefined ? chosen.outcome : 'wrong'}
          onOutcome={(outcome) => options({ outcome: outcome === 'wrong' ? undefined : outcome, agreement: undefined })}
        />
      )}
      {chosen.agreement === undefined ? null : (
        <div class="ls-samples-bar">
          <button type="button" class="ls-button" onClick={() => options({ agreement: undefined })}>
            show all errors
          </button>
        </div>
      )}
      {list.failed === null ? null : <Failure {...list.failed} retry={list.retry} />}
      <List
        list={list}
        names={names}
        examples={examples}
        chosen={chosen}
        label={`${text}, ${summary}`}
        active={active.current}
        focus={wantsFocus}
        onFocused={() => setWantsFocus(false)}
        onOpen={(id) => select({ sample: id })}
        onBack={() => {
          setWantsFocus(false);
          if (!goBack() && selection.classes.length > 0) select({ classes: [] });
        }}
        foot={(looks) =>
          question === undefined ? null : (
            <div class="ls-samples-bar">
              <CopyAll
                list={JSON.stringify([question, [...(ids ?? [])]])}
                total={list.total}
                fetchIds={async (source, signal, progress) =>
                  (await whole(source, question, ids, signal, progress)).samples.map(({ id }) => id)
                }
              />
              {examples === undefined ? null : (
                <Segmented label="looks" options={LOOKS} value={looks} onChange={(to) => options({ looks: to })} />
              )}
              <Save
                asDecided={asDecided}
                own={own}
                // What is saved says what the other one predicts also where the list is not narrowed down by it.
                question={{ ...question, versus: comparison === undefined ? versus : there }}
                ids={ids}
                names={names}
                at={list.point?.step ?? step}
              />
            </div>
          )
        }
      />
      {examples === undefined && list.point !== null ? (
        <p class="ls-partly">
          No picture or text of a sample is logged. <code>Evaluation(names, score="prob", examples=200)</code> keeps some, and{' '}
          <code>update(y_val, p, inputs=x_val)</code> takes them.
        </p>
      ) : null}
    </section>
  );
}

/** The order of the list. */
function Order({
  sort,
  binary,
  since,
  onSort,
}: {
  sort: Sort;
  binary: string | undefined;
  since: number | undefined;
  onSort: (sort: Sort) => void;
}) {
  return (
    <label>
      first{' '}
      <select value={sort} onChange={({ currentTarget }) => onSort(oneOf(SORTS, currentTarget.value) ?? 'loss')}>
        <option value="loss">largest loss</option>
        <option value="confidence">{binary === undefined ? 'surest' : `most ${binary}`}</option>
        <option value="doubt">{binary === undefined ? 'least sure' : `least ${binary}`}</option>
        {since === undefined ? null : <option value="changed">changed since step {inFull(since)}</option>}
      </select>
    </label>
  );
}

function Save({
  asDecided,
  own,
  question,
  ids,
  names,
  at,
}: {
  asDecided: (sample: Sample) => Sample;
  own: SeriesInfo;
  question: Question;
  ids: ReadonlySet<string> | undefined;
  names: Names;
  at: number;
}) {
  const source = useContext(Answers);
  if (source === null) return null;
  const all = async () => (await whole(source, question, ids)).samples.map(asDecided);
  return (
    <SaveMenu
      what="the samples"
      subject={{ training: own.training, evaluation: own.evaluation, step: at }}
      formats={[
        { label: 'CSV', make: async () => csv(sampleRows(await all(), names)) },
        { label: 'JSON', make: async () => json({ run: own.run, tag: own.tag, step: at, samples: sampleObjects(await all(), names) }) },
      ]}
    />
  );
}
