import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { TooltipLayer } from './components/tooltip';
import { isKnown, type LogProblem } from './decode';
import { Answers } from './frame/answers';
import { Orders } from './frame/class_orders';
import { Colours } from './frame/colours';
import { Empty } from './frame/Empty';
import { Evaluations } from './frame/Evaluations';
import { Facts } from './frame/Facts';
import { Failure } from './frame/Failure';
import './frame/frame.css';
import { Header, TABS } from './frame/Header';
import { KeysDialog } from './frame/KeysDialog';
import { Loading } from './frame/PanelFrame';
import { Problems } from './frame/Problems';
import type { Page } from './frame/page';
import { PANELS } from './frame/panels';
import { StepSlider } from './frame/StepSlider';
import { epochAt, evaluationOf, lastWritten, type Shown, seriesFor, shownTrainings } from './frame/shown';
import { moved, union } from './frame/steps';
import { contentOf } from './frame/store';
import { TrainingList } from './frame/TrainingList';
import { useKeys } from './frame/use_keys';
import { changesOf, lastStep, ticksOf, useFacts } from './frame/use_steps';
import { View } from './frame/View';
import { announce } from './live';
import { plural } from './math/format';
import { countInWords } from './math/series';
import type { Panel } from './panel';
import type { View as ViewName } from './selection';

/** Where frame.css puts the list of trainings behind a button. */
const NARROW = '(width <= 900px)';

/** The tab: the list of trainings, three views, one step. */
export function App({ page, panels = PANELS }: { page: Page; panels?: readonly Panel[] }) {
  const listed = page.poll.listed.value;
  const selection = page.selection.value;
  const [keysOpen, setKeysOpen] = useState(false);
  const [listOpen, setListOpen] = useState(false);
  // A page that becomes narrow begins as one that was loaded narrow: with the list behind its button.
  useEffect(() => {
    const narrow = window.matchMedia(NARROW);
    const close = () => setListOpen(false);
    narrow.addEventListener('change', close);
    return () => narrow.removeEventListener('change', close);
  }, []);
  // Chosen once: two trainings that are written in turn must not take the page from each other.
  const newest = useRef<string | null>(null);

  const listing = listed.state === 'ready' ? listed.listing : null;
  const shown = listing === null ? undefined : shownTrainings(listing, selection, newest.current);
  if (selection.trainings.length === 0) newest.current = shown?.focus.name ?? null;
  const colours = useMemo(() => new Colours(), []);
  const colour = useMemo(() => (listing === null ? () => 'currentColor' : colours.with(listing)), [colours, listing]);

  useKeys({
    view: (place) => page.select({ view: TABS[place]?.view ?? 'model' }),
    filter: () => {
      // On narrow pages the list is behind its button.
      setListOpen(true);
      requestAnimationFrame(() => document.getElementById('ls-filter')?.focus());
    },
    help: () => setKeysOpen(true),
  });

  return (
    <div class="ls-app">
      <aside id="ls-side" class={`ls-side ${listOpen ? 'ls-side-open' : ''}`} aria-label="trainings">
        <TrainingList trainings={listing?.trainings ?? []} shown={shown} colour={colour} select={page.select} />
        {shown === undefined ? null : <About page={page} shown={shown} listed={listing?.problems ?? []} />}
      </aside>
      <Header
        view={selection.view}
        written={shown === undefined ? null : lastWritten(shown.focus)}
        problem={listed.state === 'ready' ? listed.problem : null}
        select={page.select}
        help={() => setKeysOpen(true)}
        listOpen={listOpen}
        toggleList={() => setListOpen(!listOpen)}
      />
      {listed.state === 'loading' ? (
        <Main view={selection.view}>
          <Loading />
        </Main>
      ) : listed.state === 'failed' ? (
        <Main view={selection.view}>
          <Failure problem={listed.problem} request={listed.request} retry={page.poll.now} />
        </Main>
      ) : shown === undefined ? (
        <Main view={selection.view}>
          <Empty view={selection.view} training={null} />
          <Problems problems={listed.listing.problems} />
        </Main>
      ) : (
        <Orders.Provider value={page.orders}>
          <Answers.Provider value={page.source}>
            <Looking page={page} panels={panels} shown={shown} colour={colour} />
          </Answers.Provider>
        </Orders.Provider>
      )}
      <KeysDialog open={keysOpen} close={() => setKeysOpen(false)} />
      <TooltipLayer />
    </div>
  );
}

function Main({ view, children }: { view: ViewName; children: ComponentChildren }) {
  return (
    <main class="ls-main">
      <div id="ls-view" role="tabpanel" aria-labelledby={`ls-tab-${view}`}>
        {children}
      </div>
    </main>
  );
}

function About({ page, shown, listed }: { page: Page; shown: Shown; listed: readonly LogProblem[] }) {
  const { latest } = useFacts(page.store, shown.focus);
  const own = shown.focus.series.flatMap((series) => {
    const content = contentOf(page.store.state(series).value);
    return (content?.problems ?? []).map((problem) => ({ ...problem, run: series.run, tag: series.tag }));
  });
  return (
    <>
      {/* Training tells the facts itself, and at length. */}
      <Facts training={shown.focus} facts={page.selection.value.view === 'training' ? undefined : latest} />
      <Problems problems={[...listed, ...own]} />
    </>
  );
}

interface LookingProps {
  readonly page: Page;
  readonly panels: readonly Panel[];
  readonly shown: Shown;
  readonly colour: (training: string) => string;
}

/** The step and the view of the trainings shown. */
function Looking({ page, panels, shown, colour }: LookingProps) {
  const selection = page.selection.value;
  const evaluations = shown.focus.evaluations;
  const evaluation = evaluationOf(selection, evaluations);
  const { fits } = useFacts(page.store, shown.focus);
  const lastLogged = lastStep(shown.focus);
  const drawn = panels.filter(({ view }) => view === selection.view).flatMap((panel) => seriesFor(panel, shown, evaluation));
  const own = drawn.filter((series) => series.training === shown.focus.name && isKnown(series));
  // A view without steps of its own goes along those of what was seen of the training before.
  const drawnSteps = ticksOf(page.store, own);
  const drawnTicks = drawnSteps.ticks;
  const changes = selection.view === 'model' ? changesOf(page.store, shown.focus) : [];
  const { counts, ticks: seenTicks } = drawnTicks.length > 0 ? drawnSteps : ticksOf(page.store, shown.focus.series);
  // Steps that only series tell that nothing draws are none of those epochs.
  const last = counts === 'epoch' ? (seenTicks.at(-1) ?? lastLogged) : lastLogged;
  const ticks = changes.length === 0 ? seenTicks : union([seenTicks, changes, [last]]);
  const step = selection.step ?? last;

  // The latest step when one was chosen: what came after it is "newer".
  const seen = useRef(last);
  if (selection.step === null) seen.current = last;
  const choose = (to: number | null) => {
    seen.current = last;
    page.select({ step: to });
    announce(to === null ? 'following the latest step' : countInWords(counts, to));
  };

  useKeys({
    step: (by) => {
      if (ticks.length > 0) choose(moved(ticks, step, by));
    },
  });

  return (
    <>
      <section class="ls-bar" aria-label="step and evaluation">
        <StepSlider
          ticks={ticks}
          counts={counts}
          last={last}
          chosen={selection.step}
          seen={seen.current}
          changes={changes}
          logged={loggedText(selection.view, drawnTicks.length, counts)}
          epoch={epochAt(fits, Math.min(step, last))}
          choose={choose}
        />
        {selection.view === 'predictions' ? (
          <Evaluations names={evaluations} chosen={evaluation} choose={(name) => page.select({ evaluation: name })} />
        ) : null}
      </section>
      <Main view={selection.view}>
        <View page={page} panels={panels} view={selection.view} shown={shown} evaluation={evaluation} step={step} colour={colour} />
      </Main>
    </>
  );
}

/** What is shown of what happened. */
function loggedText(view: ViewName, n: number, counts: 'step' | 'epoch'): string {
  if (n === 0) return '';
  return view === 'predictions' ? plural(n, 'evaluation') : `${plural(n, counts)} logged`;
}
