import { useEffect, useState } from 'preact/hooks';
import { Term } from '../components/Term';
import { duration } from '../math/format';
import type { Problem } from '../panel';
import type { Selection, View } from '../selection';
import './header.css';

export const TABS: readonly { readonly view: View; readonly name: string }[] = [
  { view: 'model', name: 'Model' },
  { view: 'training', name: 'Training' },
  { view: 'predictions', name: 'Predictions' },
];

/** The three views, and whether the training is alive. */
export function Header({ view, written, problem, select, help, listOpen, toggleList }: Props) {
  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const next = TABS[(TABS.findIndex((tab) => tab.view === view) + by + TABS.length) % TABS.length];
    if (by === 0 || next === undefined) return;
    select({ view: next.view });
    document.getElementById(`ls-tab-${next.view}`)?.focus();
  };
  return (
    <header class="ls-header">
      <h1 class="ls-hidden">Layerscope</h1>
      <button type="button" class="ls-button ls-list-button" aria-expanded={listOpen} aria-controls="ls-side" onClick={toggleList}>
        Trainings
      </button>
      <div class="ls-tabs" role="tablist" aria-label="views" onKeyDown={move}>
        {TABS.map((tab, k) => (
          <button
            key={tab.view}
            type="button"
            class="ls-tab"
            role="tab"
            id={`ls-tab-${tab.view}`}
            aria-selected={tab.view === view}
            aria-controls="ls-view"
            aria-keyshortcuts={String(k + 1)}
            tabIndex={tab.view === view ? 0 : -1}
            onClick={() => select({ view: tab.view })}
          >
            {tab.name}
          </button>
        ))}
      </div>
      {problem === null ? (
        <Live written={written} />
      ) : (
        <span class="ls-chip ls-chip-bad" role="status" title={problem.fix}>
          {problem.error}
        </span>
      )}
      <button
        type="button"
        class="ls-keys-button"
        aria-label="keys and terms"
        aria-keyshortcuts="?"
        title="keys and terms (?)"
        onClick={help}
      >
        ?
      </button>
    </header>
  );
}

interface Props {
  readonly view: View;
  /** When the training in focus was written last, in seconds since 1970; null when there is none. */
  readonly written: number | null;
  /** Why the list is an old one. */
  readonly problem: Problem | null;
  readonly select: (change: Partial<Selection>) => void;
  readonly help: () => void;
  /** On narrow pages the list of trainings is behind a button. */
  readonly listOpen: boolean;
  readonly toggleList: () => void;
}

/** Nothing new for so long: it is no more called live. */
const LIVE_FOR = 120;

function Live({ written }: { written: number | null }) {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 1000);
    return () => clearInterval(timer);
  }, []);
  if (written === null || written <= 0) return null;
  const age = now - written;
  const live = age < LIVE_FOR;
  return (
    <span class={`ls-chip ${live ? 'ls-live' : ''}`}>
      <Term name={live ? 'live' : 'written'}>{live ? `live · ${duration(age)} ago` : `written ${duration(age)} ago`}</Term>
    </span>
  );
}
