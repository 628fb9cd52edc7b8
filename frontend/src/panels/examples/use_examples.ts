import { useContext, useEffect, useReducer, useRef } from 'preact/hooks';
import { Answers } from '../../frame/answers';
import { writtenKey } from '../../frame/store';
import type { SeriesInfo } from '../../panel';
import { type Example, examplesIn, release } from './media';

/** An example, or that it could not be fetched; undefined while it is on its way. */
export type Fetched = Example | 'failed' | undefined;

/**
 * Examples of a series by their places, fetched as they are wanted and let go with the component.
 * @param places Those in sight; −1 is none.
 */
export function useExamples(series: SeriesInfo | undefined, places: readonly number[]): (place: number) => Fetched {
  const source = useContext(Answers);
  const [, again] = useReducer((n: number) => n + 1, 0);
  const key = series === undefined ? '' : writtenKey(series);
  const held = useRef({ key, examples: new Map<number, Fetched>() });
  if (held.current.key !== key) {
    letGo(held.current.examples);
    held.current = { key, examples: new Map() };
  }
  const { examples } = held.current;
  const missing = [...new Set(places)].filter((place) => place >= 0 && !examples.has(place)).sort((a, b) => a - b);

  // `missing` as text is what of it matters. What was asked for is wanted also when it is out of sight again.
  useEffect(() => {
    if (source === null || series === undefined || missing.length === 0) return;
    for (const place of missing) examples.set(place, undefined);
    source.examples(series, missing).then(
      (points) => {
        const found = examplesIn(points);
        // The component is gone, or shows another series.
        if (held.current.examples !== examples) release(found);
        else {
          for (const [i, place] of missing.entries()) examples.set(place, found[i] ?? 'failed');
          again(undefined);
        }
      },
      () => {
        for (const place of missing) examples.set(place, 'failed');
        again(undefined);
      },
    );
  }, [source, key, missing.join()]);
  useEffect(
    () => () => {
      letGo(held.current.examples);
      held.current = { key: '', examples: new Map() };
    },
    [],
  );
  return (place) => examples.get(place);
}

function letGo(examples: ReadonlyMap<number, Fetched>): void {
  release([...examples.values()].filter((each) => each !== undefined && each !== 'failed'));
}
