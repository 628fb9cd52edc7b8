import { type Answered, useAnswer } from '../../frame/answers';
import type { Point, SeriesInfo } from '../../panel';
import type { Bins, CurveOf } from '../../source';

/** What an answer about a series at a step depends on: later records change nothing at an earlier step. */
function keyOf({ run, tag, lastStep, lastWallTime }: SeriesInfo, step: number, ...more: readonly unknown[]): string {
  return JSON.stringify([run, tag, step < lastStep ? step : [lastStep, lastWallTime], ...more]);
}

/** The curves of some classes; of none named, the numbers of all. */
export function useCurves(
  info: SeriesInfo | undefined,
  step: number | undefined,
  of: readonly CurveOf[] | undefined,
  attempt = 0,
): Answered<Point<'curves'>> {
  const asked = info === undefined || step === undefined || of === undefined ? null : { info, step, of };
  return useAnswer(asked === null ? null : keyOf(asked.info, asked.step, 'curves', asked.of, attempt), (source, signal) =>
    asked === null ? Promise.reject(new Error()) : source.curves(asked.info, asked.step, asked.of, signal),
  );
}

export function useCalibration(
  info: SeriesInfo | undefined,
  step: number | undefined,
  bins: Bins,
  attempt = 0,
): Answered<Point<'calibration'>> {
  const asked = info === undefined || step === undefined ? null : { info, step };
  return useAnswer(asked === null ? null : keyOf(asked.info, asked.step, 'calibration', bins, attempt), (source, signal) =>
    asked === null ? Promise.reject(new Error()) : source.calibration(asked.info, asked.step, bins, signal),
  );
}
