import { useEffect, useRef, useState } from 'preact/hooks';
import { act } from '../../frame/keys';
import { count } from '../../math/format';
import type { Change } from './choices';

interface Props {
  readonly find: string;
  /** How many classes it finds; undefined where nothing is searched. */
  readonly found: number | undefined;
  readonly classes: number;
  /** Whether the others stand together by group. */
  readonly byGroup: boolean;
  readonly onChange: (change: Change) => void;
}

/** The field that the key / goes to. */
const FIELD = 'ls-class-search';

/** A pause in typing after which the search is made: with a thousand classes not at each letter. */
const PAUSE_MS = 200;

/** Finds classes by name: they are shown, and all others together as one row and one column. */
export function ClassSearch({ find, found, classes, byGroup, onChange }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => {
    if (typed === null) return undefined;
    const timer = setTimeout(() => {
      setTyped(null);
      if (typed !== find) onChange({ find: typed });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, find, onChange]);
  useEffect(() => {
    // Here it searches classes, not trainings.
    const press = (event: KeyboardEvent) => act(event, { filter: () => field.current?.focus() });
    // Before the page's own keys.
    window.addEventListener('keydown', press, true);
    return () => window.removeEventListener('keydown', press, true);
  }, []);
  return (
    <span class="ls-confusion-search">
      <input
        ref={field}
        id={FIELD}
        type="search"
        placeholder="find classes"
        aria-label="find classes by name; all others are shown as one"
        aria-keyshortcuts="/"
        value={typed ?? find}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          setTyped(null);
          if (find === '') field.current?.blur();
          else onChange({ find: undefined });
        }}
      />
      {found === undefined ? null : (
        <span class="ls-soft" role="status">
          {found === classes
            ? `all ${count(classes)}`
            : `${count(found)} of ${count(classes)} classes, all others ${byGroup ? 'by group' : 'as one'}`}
        </span>
      )}
    </span>
  );
}
