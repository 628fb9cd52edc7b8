import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { csv, json } from '../../components/download';
import { Label } from '../../components/Label';
import { SaveMenu } from '../../components/SaveMenu';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { Answers, latest, useAnswer } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { Loading } from '../../frame/PanelFrame';
import { seriesKey } from '../../frame/store';
import { useWidth } from '../../frame/use_width';
import { announce } from '../../live';
import { classesOf } from '../../math/classes';
import { count, inFull, number, plural } from '../../math/format';
import type { PanelProps, SeriesInfo } from '../../panel';
import { useExamples } from '../examples/use_examples';
import { evaluationSteps, type Question, whole } from './asking';
import { ChangeChips } from './ChangeChips';
import { CopyAll } from './CopyIds';
import { type Changed, type Choices, choices, decidedCell, filterOf, isChange, type Outcome, type Sort, withChoices } from './choices';
import { Details } from './Details';
import { sampleObjects, sampleRows } from './download';
import { changedIds, type Names, namesOf, type Sample } from './sample';
import { shapeOf } from './shape';
import { Tiles } from './Tiles';
import { useList } from './use_list';
import { useOrigin } from './use_origin';
import type { Listed } from './use_pages';

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
  const chosen = choices(selection.options);
  const at = `${seriesKey(own)}@${own.lastStep}:${own.lastWallTime}`;
  const told = useAnswer(at, (source, signal) => evaluationSteps(source, own, signal));
  const steps = latest(told) ?? [];
  const shown = steps.findLast((each) => each <= step);
  const earlier = steps.filter((each) => shown !== undefined && each < shown);
  const since = earlier.findLast((each) => each <= (chosen.since ?? Number.POSITIVE_INFINITY)) ?? earlier[0];

  const records = props.series.classes;
  const namesFor = useMemo(() => {
    const made = new Map<string, Names>();
    return (classes: string): Names => {
      const names = made.get(classes) ?? namesOf(classesOf(records, classes, own.run));
      made.set(classes, names);
      return names;
    };
  }, [records, own.run]);

  // Which classes these are tells the list itself; until then those that the last list had.
  const [classes, setClasses] = useState<string | null>(null);
  const only = records.length === 1 ? (records[0]?.tag.replace(/^classes\//, '') ?? '') : '';
  const names = namesFor(classes ?? only);
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
  const sort: Sort = chosen.sort === 'changed' && since === undefined ? 'loss' : chosen.sort;
  const isTold = told.state !== 'loading' || told.old !== null;
  const isBefore = steps.length > 0 && shown === undefined;
  const question: Question | undefined =
    isTold && !isBefore ? { series: own, step: shown ?? Math.min(step, own.lastStep), since, filter, sort } : undefined;
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
  const listName = JSON.stringify([filter, sort, chosen.outcome, question?.step, own.tag, own.run]);
  if (active.current.list !== listName) active.current = { list: listName, current: 0 };
  const [wantsFocus, setWantsFocus] = useState(false);
  const goBack = useOrigin(selection.classes, () => setWantsFocus(true));

  const options = (to: Changed) => select({ options: withChoices(selection.options, to) });
  const text = titleOf(selection.classes, chosen, names);
  const summary = list.point === null ? '' : summaryOf(list.total, list.stored);
  useEffect(() => {
    if (summary !== '' && !list.stale && selection.sample === null) announce(`${text}: ${summary}`);
  }, [text, summary, list.stale]);

  if (selection.sample !== null) {
    const neighbour = (by: number) => list.at(active.current.current + by);
    const isInList = list.at(active.current.current)?.id === selection.sample;
    return (
      <section class="ls-samples" aria-label="samples">
        <Details
          series={own}
          examples={examples}
          id={selection.sample}
          step={step}
          names={namesFor}
          colour={colour(own.training)}
          beside={{ before: isInList ? neighbour(-1)?.id : undefined, after: isInList ? neighbour(1)?.id : undefined }}
          onStep={(to) => select({ step: to })}
          onOpen={(id) => {
            if (neighbour(1)?.id === id) active.current.current += 1;
            else if (neighbour(-1)?.id === id) active.current.current -= 1;
            select({ sample: id });
          }}
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
          <Title classes={selection.classes} chosen={chosen} names={names} />
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
        {selection.classes.length === 1 ? (
          <Segmented
            label="which class"
            options={AS}
            value={chosen.as}
            onChange={(as) => options({ as: as === 'true' ? undefined : as })}
          />
        ) : null}
        {isCell && change === undefined ? null : (
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
              <CopyAll question={question} wanted={ids} total={list.total} />
              {examples === undefined ? null : (
                <Segmented label="looks" options={LOOKS} value={looks} onChange={(to) => options({ looks: to })} />
              )}
              <Save asDecided={asDecided} own={own} question={question} ids={ids} names={names} at={list.point?.step ?? step} />
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

interface ListProps {
  readonly list: Listed;
  readonly names: Names;
  readonly examples: SeriesInfo | undefined;
  readonly chosen: Choices;
  readonly label: string;
  readonly active: { current: number };
  readonly focus: boolean;
  readonly onFocused: () => void;
  readonly onOpen: (id: string) => void;
  readonly onBack: () => void;
  readonly foot: (looks: 'pictures' | 'rows') => ComponentChildren;
}

/** The list in the shape that its samples ask for. */
function List({ list, names, examples, chosen, foot, ...rest }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box, 440);
  // The first one that is stored says what the others are.
  let first = -1;
  for (let i = 0; i < Math.min(list.total, 100) && first < 0; i++) first = list.at(i)?.example ?? -1;
  const sample = useExamples(examples, [first])(first);
  const seen = useRef<string | undefined>(undefined);
  if (sample !== undefined && sample !== 'failed') seen.current = sample.what;
  const waits = first >= 0 && sample === undefined && seen.current === undefined;
  const pictures = seen.current === 'image' && 3 * list.stored >= list.total;
  const looks = chosen.looks ?? (pictures ? 'pictures' : 'rows');
  const { shape, columns } = useMemo(
    () => shapeOf(looks, first < 0 ? undefined : seen.current, longest(list, names), width),
    [looks, first < 0, seen.current, list.point, names, width],
  );
  if (list.point === null || waits) return <div ref={box}>{list.failed === null ? <Loading /> : null}</div>;
  return (
    <div ref={box} class={list.stale ? 'ls-samples-waiting' : undefined}>
      {list.total === 0 ? (
        <Empty focus={rest.focus && !list.stale} onFocused={rest.onFocused} onBack={rest.onBack} />
      ) : (
        <Tiles
          // The rows in sight are counted anew where they are of another height.
          key={`${shape.looks} ${shape.height}`}
          list={list}
          names={names}
          shape={shape}
          columns={columns}
          examples={examples}
          {...rest}
        />
      )}
      {foot(looks)}
    </div>
  );
}

function Empty({ focus, onFocused, onBack }: Pick<ListProps, 'focus' | 'onFocused' | 'onBack'>) {
  const box = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (!focus) return;
    box.current?.focus();
    onFocused();
  }, [focus]);
  return (
    <p
      ref={box}
      class="ls-samples-empty"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onBack();
      }}
    >
      No sample matches.
    </p>
  );
}

/** Graphemes of the longest class name among the first samples, about. */
function longest(list: ListProps['list'], names: Names): number {
  let most = 0;
  for (let i = 0; i < Math.min(list.total, 100); i++) {
    const sample = list.at(i);
    if (sample !== undefined) most = Math.max(most, names.truth(sample.truth).length, names.predicted(sample.predicted).length);
  }
  return most;
}

function Title({ classes, chosen, names }: { classes: readonly number[]; chosen: Choices; names: Names }) {
  const [first, second] = classes;
  if (first === undefined) return <Term name="samples">{OUTCOME_WORDS[chosen.outcome]}</Term>;
  if (second === undefined) {
    return (
      <>
        <Term name="samples">{OUTCOME_WORDS[chosen.outcome]}</Term> · {chosen.as === 'true' ? 'true' : 'predicted as'}{' '}
        <Label text={chosen.as === 'true' ? names.truth(first) : names.predicted(first)} max={28} />
      </>
    );
  }
  return (
    <>
      <Label text={names.truth(first)} max={24} /> → <Label text={names.predicted(second)} max={24} />
      {isChange(chosen.outcome) ? ` · ${OUTCOME_WORDS[chosen.outcome].toLowerCase()}` : ''}
    </>
  );
}

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  wrong: 'Errors',
  right: 'Right predictions',
  any: 'Samples',
  newly_right: 'Newly right',
  newly_wrong: 'Newly wrong',
  forgotten: 'Forgotten',
};

/** The title in words. */
function titleOf([first, second]: readonly number[], chosen: Choices, names: Names): string {
  if (first === undefined) return OUTCOME_WORDS[chosen.outcome];
  if (second !== undefined) return `${names.truth(first)} predicted as ${names.predicted(second)}`;
  return `${OUTCOME_WORDS[chosen.outcome]}, ${chosen.as === 'true' ? `true ${names.truth(first)}` : `predicted as ${names.predicted(first)}`}`;
}

function storedText(total: number, stored: number): string {
  if (total === 0) return '';
  if (stored === 0) return total === 1 ? 'no example of it stored' : 'no example of them stored';
  if (stored === total) return total === 1 ? 'its example stored' : 'each with an example stored';
  return `${count(stored)} of them with an example stored`;
}

function summaryOf(total: number, stored: number): string {
  return [plural(total, 'sample'), ...(total === 0 ? [] : [storedText(total, stored)])].join(', ');
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
      <select value={sort} onChange={({ currentTarget }) => onSort(SORTS.find((each) => each === currentTarget.value) ?? 'loss')}>
        <option value="loss">largest loss</option>
        <option value="confidence">{binary === undefined ? 'surest' : `most ${binary}`}</option>
        <option value="doubt">{binary === undefined ? 'least sure' : `least ${binary}`}</option>
        {since === undefined ? null : <option value="changed">changed since step {inFull(since)}</option>}
      </select>
    </label>
  );
}

const SORTS: readonly Sort[] = ['loss', 'confidence', 'doubt', 'changed'];

/** Which confidences are listed, where a threshold or a range of them is chosen; and the way out. */
function Range({
  decided,
  chosen,
  threshold,
  filter,
  onChange,
}: {
  /** Whether the threshold decides what is predicted. */
  decided: boolean;
  chosen: Choices;
  threshold: number | null;
  filter: Question['filter'];
  onChange: (to: Changed) => void;
}) {
  if (chosen.confidence !== undefined) {
    const { from, below } = chosen.confidence;
    return (
      <div class="ls-samples-bar">
        <button
          type="button"
          class="ls-chip"
          aria-pressed={true}
          onClick={() => onChange({ confidence: undefined })}
          title="a press shows all confidences"
        >
          confidence {number(from)} – {number(below)} ×
        </button>
      </div>
    );
  }
  if (threshold === null || threshold < 0 || threshold > 1) return null;
  // A cell of two classes is on one side of the threshold.
  if (decided) {
    return (
      <p class="ls-soft ls-samples-summary">
        decided at the threshold {number(threshold)}: {filter.at_least === undefined ? 'below it' : 'from it on'}
      </p>
    );
  }
  const options = [
    { value: 'at_least', label: `≥ ${number(threshold)}`, help: 'Confidence at or above the threshold.' },
    { value: 'below', label: `< ${number(threshold)}`, help: 'Confidence below the threshold: the model would abstain.' },
    { value: 'any', label: 'any', help: 'The threshold is left out of account.' },
  ] as const;
  return (
    <div class="ls-samples-bar">
      <span class="ls-soft">confidence</span>
      <Segmented
        label="side of the threshold"
        options={options}
        value={chosen.side}
        onChange={(side) => onChange({ side: side === 'at_least' ? undefined : side })}
      />
    </div>
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
      subject={{ run: own.run, tag: own.tag, step: at }}
      formats={[
        { label: 'CSV', make: async () => csv(sampleRows(await all(), names)) },
        { label: 'JSON', make: async () => json({ run: own.run, tag: own.tag, step: at, samples: sampleObjects(await all(), names) }) },
      ]}
    />
  );
}
