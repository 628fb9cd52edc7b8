import { useMemo, useState } from 'preact/hooks';
import { latest, useAnswer } from '../../frame/answers';
import { seriesKey, writtenKey } from '../../frame/store';
import { part, type Question, whole } from './asking';
import type { Sort } from './choices';
import { type Sample, sampleAt, sorted } from './sample';
import { type Listed, usePages } from './use_pages';

/**
 * The samples that a question is about; none while there is no question yet.
 *
 * @param ids Of them only these, if given: they are gathered, since the server does not know them.
 * @param waiting Whether `ids` are still on their way.
 */
export function useList(question: Question | undefined, ids: ReadonlySet<string> | undefined, waiting: boolean): Listed {
  const sort = question?.sort ?? 'loss';
  const isGathered = waiting || ids !== undefined;
  const key = question === undefined ? null : keyOf(question);
  const paged = usePages<Sample, 'sample_list'>(
    isGathered || key === null ? null : `${key} ${sort}`,
    (source, first, count, signal) =>
      question === undefined ? Promise.reject(new Error('nothing is asked')) : part(source, question, first, count, signal),
    sampleAt,
  );

  // Those that changed come first, so that few must be looked at; they are sorted here.
  const first: Sort = question?.since === undefined ? 'loss' : 'changed';
  const [tries, setTries] = useState(0);
  const gathered = useAnswer(ids === undefined || key === null ? null : `${key} ${[...ids].join()} ${tries}`, (source, signal) =>
    question === undefined ? Promise.reject(new Error('nothing is asked')) : whole(source, { ...question, sort: first }, ids, signal),
  );
  const told = latest(gathered);
  const rows = useMemo(() => (told === null ? [] : sorted(told.samples, sort)), [told, sort]);
  if (!isGathered) return paged;
  return {
    point: told?.point ?? null,
    total: rows.length,
    stored: rows.filter(({ example }) => example >= 0).length,
    stale: waiting || gathered.state === 'loading',
    failed: gathered.state === 'failed' ? gathered : null,
    at: (place) => rows[place],
    need: () => {},
    retry: () => setTries(tries + 1),
  };
}

function keyOf({ series, step, since, filter, versus }: Question): string {
  // What is written later changes nothing of an evaluation that is not the last one.
  return JSON.stringify([
    seriesKey(series),
    step,
    step >= series.lastStep ? series.lastWallTime : 0,
    since,
    filter,
    versus && [writtenKey(versus.series), versus.step],
  ]);
}
