import { useCallback, useContext, useEffect, useMemo, useRef } from 'preact/hooks';
import { EvaluationTitle } from '../../components/EvaluationTitle';
import { Sentences } from '../../components/Sentences';
import { Orders } from '../../frame/class_orders';
import { announce } from '../../live';
import { count, inFull } from '../../math/format';
import { rightWithin } from '../../math/hierarchy';
import { type Change, choices, LEAST_ORDERED, withChoices } from './choices';
import './confusion_matrix.css';
import { ClassSearch } from './ClassSearch';
import { counted } from './counted';
import { domain } from './domain';
import { type Evaluation, focused, matched, type Props, recordOf, referenced, there } from './evaluation';
import { GroupLine } from './GroupLine';
import { grid } from './grid';
import { cutOf, gathered, groupedEvaluation } from './groups';
import { historyOf } from './history';
import { Matrix } from './Matrix';
import { MoreChoices } from './MoreChoices';
import { Toolbar } from './Toolbar';
import { useCredited } from './use_credited';
import { useEvaluation } from './use_evaluation';
import { shownBeside, useOrder } from './use_order';
import { usePinned } from './use_pinned';
import { useTold } from './use_told';

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
  const all = props.series.confusion_matrix;
  const orders = useContext(Orders);
  const reference = useEvaluation(referenced(props), props.series.classes, step);
  const chosen = choices(selection.options, shown.confusion.size);
  const asked = props.asked ?? [];
  const here = useCredited(asked, shown, chosen.credit);
  const beside = useCredited(asked, reference, chosen.credit);
  const kept = usePinned(props);
  const { order, found, problem, waiting } = useOrder(shown, kept, all, props.series.classes, chosen);
  useClassesByName(shown.labels, selection.classes, select);

  const record = useMemo(() => recordOf(shown.point.payload, shown.series.run, props.series.classes), [shown, props.series.classes]);
  const opened = chosen.open.join();
  const together = useMemo(
    () => gathered(shown, order, chosen, found, record),
    [shown, order, chosen.find, chosen.grouping, opened, chosen.cut, found, record],
  );
  const within = useMemo(() => rightWithin(shown.confusion, together?.hierarchy ?? []), [shown.confusion, together?.hierarchy]);
  const picture = useMemo(() => groupedEvaluation(here.evaluation, together), [here.evaluation, together]);
  const places = useMemo(
    () => grid(picture.confusion, together?.order ?? order, chosen.transposed),
    [picture, together, order, chosen.transposed],
  );
  const steps = useMemo(() => kept.map((each) => there(picture, each).confusion), [kept, together?.groups, shown.labels]);
  const range = useMemo(() => domain(steps, chosen.by, chosen.shown, chosen.scale), [steps, chosen.by, chosen.shown, chosen.scale]);
  const compared = useMemo(
    () => beside.evaluation && there(picture, beside.evaluation),
    [shown.labels, beside.evaluation?.confusion, reference?.labels, together?.groups],
  );
  const before = useEvaluation(
    chosen.against === 'nothing' || chosen.against === 'reference' ? undefined : shown.series,
    props.series.classes,
    Number(chosen.against),
  );
  const credited = useCredited(asked, before, chosen.credit);
  // From itself nothing differs, which would look like no change.
  const earlier = credited.evaluation?.point.step === shown.point.step ? undefined : credited.evaluation;
  const subtracted = chosen.against === 'reference' ? beside.evaluation : earlier;
  const against = useMemo(
    () => subtracted && there(picture, subtracted),
    [shown.labels, subtracted?.confusion, subtracted?.labels, together?.groups],
  );
  const differences = useMemo(() => {
    const by = chosen.by === 'column' ? 'column' : 'row';
    return against === undefined ? undefined : ({ against, by, domain: domain(steps, by, 'errors') } as const);
  }, [against, chosen.by, steps]);
  const history = useMemo(() => historyOf(picture, kept), [shown.series, kept, shown.labels, together?.groups]);

  const told = useTold(props, shown, reference, kept);
  const marked = useMemo(
    () => (together === undefined ? selection.classes : selection.classes.map((k) => together.groups.of[k] ?? -1)),
    [selection.classes, together],
  );
  // The same function whatever is chosen: what hangs on it is not drawn again with each choice.
  const latest = useRef(selection.options);
  latest.current = selection.options;
  const change = useCallback((to: Change) => select({ options: withChoices(latest.current, to) }), [select]);
  const onSelect = useCallback(
    (ids: readonly number[]) => {
      if (together === undefined) return select({ classes: ids });
      const several = ids.filter((g) => (together.groups.members[g]?.length ?? 0) > 1);
      const keys = several.flatMap((g) => together.keys[g] ?? []);
      if (several.length === 0) select({ classes: ids.map((g) => together.groups.members[g]?.[0] ?? 0) });
      else if (keys.length > 0) change({ open: [...new Set([...chosen.open, ...keys])].join() });
      else announce('these are several classes: clear the search to select one of them');
      return undefined;
    },
    [select, change, together, opened],
  );
  const onBack = (ids: readonly number[]) => {
    const classes = ids.map((g) => together?.groups.members[g]?.[0] ?? -1);
    const left = together?.hierarchy.filter((group) => chosen.open.includes(group.key) && classes.some((k) => group.classes.includes(k)));
    if (left === undefined || left.length === 0) return;
    // The innermost ones: each press goes out by one level.
    const inmost = Math.max(...left.map(({ level }) => level));
    change({ open: chosen.open.filter((key) => left.every((group) => group.key !== key || group.level < inmost)).join() });
  };
  const onChange = useCallback(
    (to: Change) => {
      if (to.order === 'confusion') orders?.refresh(shown.series, shownBeside(shown.series, all));
      change(to);
    },
    [orders, shown.series, all, change],
  );
  return (
    <section class="ls-confusion" aria-label="confusion matrix">
      <Heading
        shown={shown}
        reference={reference}
        step={step}
        kept={kept.filter(({ training }) => training === shown.series.training).length}
      />
      <Sentences told={told} options={selection.options} select={select} />
      {shown.confusion.samples === 0 ? null : (
        <>
          <div class="ls-confusion-toolbar">
            <Toolbar
              choices={chosen}
              classes={shown.labels.length}
              steps={shown.series.points.flatMap((each) => (each.step === shown.point.step ? [] : [each.step]))}
              reference={reference?.series.training}
              onChange={onChange}
            />
            {shown.labels.length < LEAST_ORDERED && chosen.find === '' ? null : (
              <ClassSearch
                find={chosen.find}
                found={together?.found}
                classes={shown.labels.length}
                byGroup={(together?.hierarchy.length ?? 0) > 0}
                onChange={change}
              />
            )}
            <MoreChoices
              choices={chosen}
              classes={shown.labels.length}
              given={record?.parents != null}
              ranked={
                asked.some(({ kind, training }) => kind === 'predictions' && training === shown.series.training)
                  ? shown.labels.length
                  : undefined
              }
              onChange={change}
            />
          </div>
          {chosen.grouping === 'none' || (chosen.grouping === 'found' && found === undefined) ? null : (
            <GroupLine
              choices={chosen}
              cut={cutOf(chosen, found)}
              hierarchy={together?.hierarchy ?? []}
              labels={shown.labels}
              within={within}
              onChange={change}
            />
          )}
          {problem === undefined ? null : (
            <p class="ls-confusion-problem">
              {problem.error} ({problem.fix}); shown as given.
            </p>
          )}
          {chosen.credit === 1 ? null : (
            <p class={`ls-confusion-credit ${here.problem === undefined ? 'ls-soft' : 'ls-confusion-problem'}`} data-testid="credit">
              {here.problem ??
                beside.problem ??
                credited.problem ??
                `Right here: the truth is among the ${chosen.credit} classes with the highest scores. Sentences, the most confused pairs, orders and lines over time count the first one alone; what the model abstained on stays so.`}
            </p>
          )}
          {chosen.against !== 'nothing' && against === undefined ? (
            <p class="ls-confusion-problem">
              There is nothing to compare with: {chosen.against === 'reference' ? 'choose a reference' : 'choose another step'}.
            </p>
          ) : null}
          <div class={waiting || here.waiting ? 'ls-confusion-waiting' : undefined}>
            <Matrix
              evaluation={picture}
              reference={compared}
              differences={differences}
              subtracted={
                subtracted === undefined
                  ? ''
                  : `${subtracted.series.training === shown.series.training ? '' : `${subtracted.series.training}, `}step ${inFull(subtracted.point.step)}`
              }
              history={history}
              grid={places}
              by={chosen.by}
              shown={chosen.shown}
              domain={range}
              step={step}
              colour={colour(shown.series.training)}
              selected={marked}
              sorted={chosen.order}
              onSelect={onSelect}
              onBack={onBack}
              onChange={onChange}
            />
          </div>
        </>
      )}
    </section>
  );
}

/** Keeps the selected classes when the training or the step has others: they are found again by name, and let go where they are not there. */
function useClassesByName(labels: readonly string[], classes: readonly number[], select: Props['select']): void {
  const before = useRef({ labels, classes });
  useEffect(() => {
    const old = before.current;
    before.current = { labels, classes };
    // A link or Back brings classes of its own.
    if (old.labels === labels || old.classes !== classes || classes.length === 0) return;
    const ids = matched(old.labels, labels);
    const moved = classes.map((k) => ids[k] ?? -1);
    if (moved.some((id, i) => id !== classes[i])) select({ classes: moved.includes(-1) ? [] : moved });
  }, [labels, classes]);
}

/** "training · evaluation · step", the reference if there is one, and what became of the samples. */
function Heading({
  shown,
  reference,
  step,
  kept,
}: {
  shown: Evaluation;
  reference: Evaluation | undefined;
  step: number;
  /** Evaluations that colours and orders are of. */
  kept: number;
}) {
  const { series } = shown;
  const samples = counted(shown);
  return (
    <header class="ls-confusion-heading">
      <EvaluationTitle shown={shown} reference={reference} step={step} />
      <p class={samples.warns ? 'ls-confusion-problem' : undefined} title={samples.exact}>
        {samples.text}
      </p>
      {series.allSteps === undefined ? null : (
        <p>
          colours, orders and lines over time are of {count(kept)} of {count(series.allSteps.length)} evaluations: all of them are too large
          for a browser
        </p>
      )}
    </header>
  );
}
