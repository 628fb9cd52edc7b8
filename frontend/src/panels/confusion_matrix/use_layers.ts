/** What the layers did while a class got worse: fetched only where one did, and only what tells it. */
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../../frame/answers';
import type { Fall } from '../../math/class_changes';
import { diedBetween, layersSentence } from '../../math/sentences_layers';
import type { Part, Sentence } from '../../math/sentences_predictions';
import { standingOut, type Window } from '../../math/standing_out';
import { mergeTensorStats } from '../../math/tensor_series';
import { at, type Point, type Series, type SeriesInfo } from '../../panel';
import type { Parameters } from '../../schema.gen';
import { EVERYTHING, type Source } from '../../source';

/** About the most that is fetched of what was before: of more, records are left out evenly. */
const BYTES = 16e6;

/** Logged steps before a window that are enough to know what is usual. */
const ENOUGH = 10;

/** The sentence beside a fall; undefined where there is no fall. */
export function useLayers(asked: readonly SeriesInfo[], training: string, fall: Fall | undefined): readonly Part[] | undefined {
  const own = asked.filter((info) => info.training === training);
  const statistics = normsOf(own.filter(({ kind }) => kind === 'tensor_stats'));
  const from = fall?.from;
  const to = fall?.to;
  // What is written later is of later steps.
  const key =
    from === undefined || statistics.length === 0
      ? null
      : JSON.stringify([training, from, to, statistics.map(({ run, tag }) => [run, tag])]);
  const answered = useAnswer(key, (source, signal) => told(source, own, statistics, { from: from ?? 0, to: to ?? 0 }, signal));
  return useMemo(() => {
    if (from === undefined) return undefined;
    if (statistics.length === 0) return NOT_LOGGED;
    if (answered.state === 'failed') return [{ text: `What the layers did could not be fetched: ${answered.problem.error}`, tone: 'soft' }];
    return answered.state === 'ready' ? answered.answer : PENDING;
  }, [from, statistics.length, answered]);
}

/** Stands where something is on its way, so that nothing moves when it comes. */
export const PENDING = [{ text: '…', tone: 'soft' }] as const satisfies readonly Part[];

const NOT_LOGGED: readonly Part[] = [
  { text: 'What the layers did between these steps is not logged: ', tone: 'soft' },
  { text: 'callbacks=[Layerscope("logs/run-1")]', tone: 'code' },
  { text: ' adds it, in a loop ', tone: 'soft' },
  { text: 'watch(model, optimizer, "logs/run-1")', tone: 'code' },
  { text: '.', tone: 'soft' },
];

/** Of all statistics the norms alone, where they have a series of their own. */
function normsOf(all: readonly SeriesInfo[]): readonly SeriesInfo[] {
  const norms = all.filter(({ tag }) => tag.endsWith('/norms'));
  return norms.length > 0 ? norms : all;
}

async function told(
  source: Source,
  own: readonly SeriesInfo[],
  statistics: readonly SeriesInfo[],
  window: Window,
  signal: AbortSignal,
): Promise<Sentence> {
  const parts = async (info: SeriesInfo, from: number | null, to: number | null): Promise<readonly Point<'tensor_stats'>[]> =>
    (await source.points(info, { from, to, bytes: BYTES }, signal)).points.tensor_stats ?? [];
  const series = async (info: SeriesInfo): Promise<Series<'tensor_stats'>> => {
    const before = window.from > 0 ? await parts(info, null, window.from - 1) : [];
    const inside = await parts(info, window.from, window.to - 1);
    const steps = before.reduce((sum, { payload }) => sum + payload.step.length, 0);
    const after = steps < ENOUGH ? await parts(info, window.to, null) : [];
    return { ...info, kind: 'tensor_stats', points: [...before, ...inside, ...after], problems: [] };
  };
  const axis = async (info: SeriesInfo): Promise<readonly (readonly [string, Parameters])[]> => {
    const last = (await source.points(info, EVERYTHING, signal)).points.parameters?.at(-1);
    return last === undefined ? [] : [[info.tag.split('/').at(-1) ?? info.tag, last.payload]];
  };
  const activity = async (info: SeriesInfo) => {
    const points = (await source.points(info, { ...window }, signal)).points.activity ?? [];
    const [first, last] = [at(points, window.from), at(points, window.to)];
    return first === undefined || last === undefined || first === last ? undefined : diedBetween(first.payload, last.payload);
  };
  const [logged, axes, died] = await Promise.all([
    Promise.all(statistics.map(series)),
    Promise.all(own.filter(({ kind }) => kind === 'parameters').map(axis)),
    Promise.all(own.filter(({ kind }) => kind === 'activity').map(activity)),
  ]);
  const table = mergeTensorStats(logged, new Map(axes.flat()));
  return layersSentence(
    table === undefined ? NOTHING : standingOut(table, window),
    window,
    died.find((each) => each !== undefined),
  );
}

const NOTHING = { inside: 0, before: 0, outliers: [], nonFinite: undefined, rate: undefined } as const;
