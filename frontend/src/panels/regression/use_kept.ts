import { useRef } from 'preact/hooks';
import type { Series } from '../../panel';
import type { Kind } from '../../schema.gen';

/**
 * Series as they are looked at: while a step is chosen, points that come later do not come in, so that new data moves no picture.
 * Before a series is shown the first time nothing of it was looked at, and all of it counts.
 */
export function useKept<K extends Kind>(series: readonly Series<K>[], isPinned: boolean): readonly Series<K>[] {
  const seen = useRef(new Map<string, ReadonlySet<number>>());
  const made = useRef<readonly Series<K>[]>([]);
  const kept = series.map((each) => {
    const key = JSON.stringify([each.run, each.tag]);
    const before = seen.current.get(key);
    const steps = isPinned && before !== undefined && before.size > 0 ? before : new Set(each.points.map(({ step }) => step));
    seen.current.set(key, steps);
    const points = each.points.filter(({ step }) => steps.has(step));
    return points.length === each.points.length ? each : { ...each, points };
  });
  // The same value as long as it is the same points: what is drawn hangs on it.
  const old = made.current;
  const isSame = kept.length === old.length && kept.every((each, i) => isOf(each, old[i]));
  if (!isSame) made.current = kept;
  return made.current;
}

function isOf<K extends Kind>(one: Series<K>, other: Series<K> | undefined): boolean {
  return (
    other !== undefined &&
    one.run === other.run &&
    one.tag === other.tag &&
    one.points.length === other.points.length &&
    one.points.every((point, i) => point === other.points[i])
  );
}
