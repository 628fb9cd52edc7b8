import { type Answered, useAnswer } from '../../frame/answers';
import { seriesKey } from '../../frame/store';
import type { Point, SeriesInfo } from '../../panel';
import type { Bins, CurveOf } from '../../source';

/** What an answer about a series at a step depends on: later records change nothing at an earlier step. */
function keyOf({ run, tag, lastStep, lastWallTime }: SeriesInfo, step: number, ...more: readonly unknown[]): string {
  return JSON.stringify([run, tag, step < lastStep ? step : [lastStep, lastWallTime], ...more]);
}

/** An answer with the series that it is of. */
interface Of<T> {
  readonly of: string;
  readonly answer: T;
}

/** As the answer alone. What is still there of another series is none: its classes may be others. */
function ofSeries<T>(answered: Answered<Of<T>>, of: string): Answered<T> {
  if (answered.state === 'ready')
    return answered.answer.of === of ? { state: 'ready', answer: answered.answer.answer } : { state: 'loading', old: null };
  return { ...answered, old: answered.old?.of === of ? answered.old.answer : null };
}

/** The curves of some classes; of none named, the numbers of all. */
export function useCurves(
  info: SeriesInfo | undefined,
  step: number | undefined,
  of: readonly CurveOf[] | undefined,
  attempt = 0,
): Answered<Point<'curves'>> {
  const asked = info === undefined || step === undefined || of === undefined ? null : { info, step, of };
  const own = info === undefined ? '' : seriesKey(info);
  const answered = useAnswer(
    asked === null ? null : keyOf(asked.info, asked.step, 'curves', asked.of, attempt),
    async (source, signal): Promise<Of<Point<'curves'>>> =>
      asked === null ? Promise.reject(new Error()) : { of: own, answer: await source.curves(asked.info, asked.step, asked.of, signal) },
  );
  return ofSeries(answered, own);
}

export function useCalibration(
  info: SeriesInfo | undefined,
  step: number | undefined,
  bins: Bins,
  attempt = 0,
): Answered<Point<'calibration'>> {
  const asked = info === undefined || step === undefined ? null : { info, step };
  const own = info === undefined ? '' : seriesKey(info);
  const answered = useAnswer(
    asked === null ? null : keyOf(asked.info, asked.step, 'calibration', bins, attempt),
    async (source, signal): Promise<Of<Point<'calibration'>>> =>
      asked === null ? Promise.reject(new Error()) : { of: own, answer: await source.calibration(asked.info, asked.step, bins, signal) },
  );
  return ofSeries(answered, own);
}
