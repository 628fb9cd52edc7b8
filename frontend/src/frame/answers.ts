/** What the server computes for a panel: asked for when a component needs it, the old answer kept until the new one is there. */
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { type Failing, failureOf, type Source } from '../source';

/** The page's source, for the panels that ask it; null where there is no page. */
export const Answers = createContext<Source | null>(null);

export type Answered<T> =
  | { readonly state: 'loading'; readonly old: T | null }
  | ({ readonly state: 'failed'; readonly old: T | null } & Failing)
  | { readonly state: 'ready'; readonly answer: T };

/** The answer, or the one before it while the next is on its way; null where there is none. */
export function latest<T>(answered: Answered<T>): T | null {
  return answered.state === 'ready' ? answered.answer : answered.old;
}

/**
 * The answer to a question, asked again whenever its key changes; an answer that comes too late is dropped.
 * @param key Everything that the answer depends on, as text: the series with its last step and time, and what is asked; null asks nothing.
 * @param ask The question itself.
 */
export function useAnswer<T>(key: string | null, ask: (source: Source, signal: AbortSignal) => Promise<T>): Answered<T> {
  const source = useContext(Answers);
  const [answered, setAnswered] = useState<Answered<T>>({ state: 'loading', old: null });
  // `key` is what of `ask` matters.
  useEffect(() => {
    if (source === null || key === null) return;
    const abort = new AbortController();
    setAnswered((before) => ({ state: 'loading', old: latest(before) }));
    ask(source, abort.signal).then(
      (answer) => {
        if (!abort.signal.aborted) setAnswered({ state: 'ready', answer });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setAnswered((before) => ({ state: 'failed', old: latest(before), ...failureOf(error) }));
      },
    );
    return () => abort.abort();
  }, [source, key]);
  return answered;
}
