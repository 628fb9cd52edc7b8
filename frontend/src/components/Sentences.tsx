import { useState } from 'preact/hooks';
import { reveal } from '../frame/reveal';
import { help } from '../help';
import { announce } from '../live';
import { exact } from '../math/format';
import type { Part } from '../math/sentences_predictions';
import type { Selection } from '../selection';
import './sentences.css';
import { Term } from './Term';
import { explained } from './tooltip';

/** A sentence, and what is told beside it. */
export interface Told {
  readonly key: string;
  /** A sentence, or what stands there until it comes. */
  readonly sentence: readonly Part[];
  /** Why it may be so: stands below it. */
  readonly beside?: readonly Part[] | undefined;
  /** Whether it is of another step, until what is asked for comes. */
  readonly stale?: boolean;
}

interface Props {
  readonly told: readonly Told[];
  readonly options: Selection['options'];
  readonly select: (change: Partial<Selection>) => void;
}

/** Sentences that are seen at once, the most important ones. */
const MOST = 5;

/** Sentences whose parts are links to what they speak of; of many the first, the others on demand. */
export function Sentences({ told, options, select }: Props) {
  const [isOpen, setOpen] = useState(false);
  if (told.length === 0) return null;
  const shown = isOpen || told.length <= MOST + 1 ? told : told.slice(0, MOST);
  const rest = told.length - shown.length;
  const follow = ({ selects = {}, options: chosen, shows }: Part) => {
    select(chosen === undefined ? selects : { ...selects, options: merged(options, chosen) });
    if (shows !== undefined) reveal(shows);
  };
  return (
    <div class="ls-sentences">
      {shown.map(({ key, sentence, beside, stale = false }) => (
        <div key={key} data-sentence={key} aria-busy={stale}>
          <p>
            <Parts sentence={sentence} follow={follow} isFirst={key === 'accuracy'} />
          </p>
          {beside === undefined ? null : (
            <p class="ls-sentence-beside">
              <Parts sentence={beside} follow={follow} />
            </p>
          )}
        </div>
      ))}
      {told.length <= MOST + 1 ? null : (
        <p>
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => {
              setOpen(!isOpen);
              announce(isOpen ? 'fewer sentences' : 'all sentences');
            }}
          >
            {isOpen ? 'fewer' : `${rest} more`}
          </button>
        </p>
      )}
    </div>
  );
}

/** The choices with some changed; undefined takes one back to its default. */
function merged(options: Selection['options'], chosen: NonNullable<Part['options']>): Selection['options'] {
  const next: Record<string, string> = { ...options };
  for (const [key, value] of Object.entries(chosen)) {
    if (value === undefined) delete next[key];
    else next[key] = value;
  }
  return next;
}

interface PartsProps {
  readonly sentence: readonly Part[];
  readonly follow: (part: Part) => void;
  readonly isFirst?: boolean;
}

function Parts({ sentence, follow, isFirst = false }: PartsProps) {
  return (
    <>
      {sentence.map((part, j) => (
        <Words key={`${j} ${part.text}`} part={part} follow={follow} accuracy={isFirst && j === 0} />
      ))}
    </>
  );
}

function Words({ part, follow, accuracy }: { part: Part; follow: PartsProps['follow']; accuracy: boolean }) {
  const { text, tone, selects, exact: value, term } = part;
  const told = value === undefined ? undefined : exact(value);
  const explains = part.title ?? (term === undefined ? undefined : help(term));
  const marks = {
    class: tone === undefined ? undefined : `ls-sentence-${tone}`,
    title: told,
    'data-testid': accuracy ? 'accuracy' : undefined,
  };
  if (selects === undefined && term !== undefined) {
    // A term is a box of its own, in which a space at the end takes no room.
    return (
      <>
        <Term name={term}>{text.trimEnd()}</Term>
        {text.slice(text.trimEnd().length)}
      </>
    );
  }
  if (selects === undefined) return tone === 'code' ? <code {...marks}>{text}</code> : <bdi {...marks}>{text}</bdi>;
  return (
    <button type="button" {...marks} {...(explains === undefined ? {} : explained(explains))} onClick={() => follow(part)}>
      {tone === 'code' ? <code>{text}</code> : <bdi>{text}</bdi>}
    </button>
  );
}
