import { useContext, useEffect, useState } from 'preact/hooks';
import { copyText } from '../../components/CopyCode';
import { Answers } from '../../frame/answers';
import { announce } from '../../live';
import { count } from '../../math/format';
import type { Source } from '../../source';
import { idText } from './sample';

/** Copies ids that are there. */
export function CopyIds({ ids, what }: { ids: readonly string[]; what: string }) {
  const [state, setState] = useState('');
  const copy = async () => {
    const done = await copyText(idText(ids));
    setState(done ? 'copied' : 'not copied');
    announce(done ? `${what} copied` : `this page may not copy: it was not opened by https or on this machine`);
    setTimeout(() => setState(''), 2000);
  };
  return (
    <button type="button" class="ls-button" onClick={() => void copy()}>
      {state === '' ? `copy ${what}` : state}
    </button>
  );
}

interface AllProps {
  /** Everything that the list depends on, as text. */
  readonly list: string;
  readonly total: number;
  /** Fetches the ids of all parts; tells how many it has, of how many. */
  readonly fetchIds: (source: Source, signal: AbortSignal, progress: (done: number, of: number) => void) => Promise<readonly string[]>;
}

/** Copies the ids of a whole list, all parts of which are fetched first. */
export function CopyAll({ list, total, fetchIds }: AllProps) {
  const source = useContext(Answers);
  const key = `${total} ${list}`;
  const [state, setState] = useState<{ readonly of: string; readonly text: string; readonly ids: readonly string[] | null }>({
    of: '',
    text: '',
    ids: null,
  });
  const [abort] = useState(() => new AbortController());
  useEffect(() => () => abort.abort(), [abort]);
  const own = state.of === key ? state : { text: '', ids: null };
  const name = `copy ${count(total)} ${total === 1 ? 'id' : 'ids'}`;

  const copy = async () => {
    if (source === null) return;
    const progress = (done: number, of: number) => setState({ of: key, text: `${count(done)} of ${count(of)}`, ids: null });
    let ids = own.ids;
    try {
      ids ??= await fetchIds(source, abort.signal, progress);
    } catch {
      setState({ of: key, text: 'not fetched: try again', ids: null });
      return;
    }
    const done = await copyText(idText(ids));
    // A browser takes what is copied only a moment after a press.
    const text = done ? 'copied' : own.ids === null ? 'press again to copy' : 'not copied: save them instead';
    const said = { of: key, text, ids };
    setState(said);
    announce(done ? `${count(ids.length)} ids copied` : text);
    // What was said of another list since then stays its own time.
    if (done) setTimeout(() => setState((now) => (now === said ? { of: '', text: '', ids: null } : now)), 2000);
  };
  return (
    <button type="button" class="ls-button" disabled={total === 0} onClick={() => void copy()}>
      {own.text === '' ? name : own.text}
    </button>
  );
}
