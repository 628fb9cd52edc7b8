import { useContext, useEffect, useReducer, useRef } from 'preact/hooks';
import { Answers } from '../../frame/answers';
import type { Point, Problem } from '../../panel';
import type { Payloads } from '../../schema.gen';
import { failureOf, type Source } from '../../source';
import type { Sample } from './sample';

/** Samples in one request; a screenful and some more. */
const PAGE = 100;

/** Kinds of which a point is a part of a list. */
export type ListKind = 'sample_list' | 'label_sample_list' | 'number_sample_list';

/** A list that is told part by part. */
export interface Listed<S = Sample, K extends ListKind = 'sample_list'> {
  /** What was told of the list with its first part; null until then. */
  readonly point: Point<K> | null;
  /** How many samples it has. */
  readonly total: number;
  readonly stored: number;
  /** The list is of an earlier question, and the answer to the one asked now not there yet. */
  readonly stale: boolean;
  readonly failed: { readonly problem: Problem; readonly request: string } | null;
  /** The sample at a place; undefined until its part is told. */
  readonly at: (place: number) => S | undefined;
  /** Asks for what is not told of these places. */
  readonly need: (first: number, last: number) => void;
  readonly retry: () => void;
}

type Ask<K extends ListKind> = (source: Source, first: number, count: number, signal: AbortSignal) => Promise<Point<K>>;

class Book<K extends ListKind> {
  readonly abort = new AbortController();
  readonly pages = new Map<number, Point<K> | null>();
  failed: Listed['failed'] = null;
}

/**
 * A list of any length, of which the parts in sight are asked for. The old one stays until the new one has begun.
 * @param key Everything that the list depends on, as text; null asks nothing.
 * @param sampleAt The sample at a place of a part.
 */
export function usePages<S, K extends ListKind>(
  key: string | null,
  ask: Ask<K>,
  sampleAt: (part: Payloads[K], place: number) => S,
): Listed<S, K> {
  const source = useContext(Answers);
  const [, again] = useReducer((n: number) => n + 1, 0);
  const latest = useRef(ask);
  latest.current = ask;
  const open = useRef<Book<K> | null>(null);
  const coming = useRef<Book<K> | null>(null);

  const fetchPage = (book: Book<K>, page: number) => {
    if (source === null || book.pages.has(page)) return;
    book.pages.set(page, null);
    latest.current(source, page * PAGE, PAGE, book.abort.signal).then(
      (point) => {
        if (book.abort.signal.aborted) return;
        book.pages.set(page, point);
        if (coming.current === book) open.current = book;
        again(undefined);
      },
      (error: unknown) => {
        if (book.abort.signal.aborted) return;
        book.pages.delete(page);
        book.failed = failureOf(error);
        again(undefined);
      },
    );
  };

  // `key` is what of `ask` matters.
  useEffect(() => {
    if (source === null || key === null) return undefined;
    const book = new Book<K>();
    coming.current = book;
    fetchPage(book, 0);
    again(undefined);
    return () => book.abort.abort();
  }, [source, key]);

  const book = open.current;
  const point = book?.pages.get(0) ?? null;
  return {
    point,
    total: point?.payload.matching ?? 0,
    stored: point?.payload.stored ?? 0,
    stale: book !== coming.current,
    failed: coming.current?.failed ?? null,
    at: (place) => {
      const page = book?.pages.get(Math.floor(place / PAGE));
      return page == null || place % PAGE >= page.payload.number.length ? undefined : sampleAt(page.payload, place % PAGE);
    },
    need: (first, last) => {
      if (book === null || book !== coming.current || book.failed !== null) return;
      for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) fetchPage(book, page);
    },
    retry: () => {
      const wanted = coming.current;
      if (wanted === null) return;
      wanted.failed = null;
      fetchPage(wanted, 0);
      again(undefined);
    },
  };
}
