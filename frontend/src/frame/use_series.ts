import { useEffect } from 'preact/hooks';
import type { SeriesInfo } from '../panel';
import { type Loaded, type SeriesStore, seriesKey } from './store';

/** The state of each series, fetched while the component is there and brought up to date as the list moves. */
export function useSeries(store: SeriesStore, infos: readonly SeriesInfo[]): readonly Loaded[] {
  const versions = infos.map((info) => `${seriesKey(info)}@${info.lastStep}:${info.lastWallTime}`).join();
  // `versions` is what of `infos` matters.
  useEffect(() => {
    const ends = infos.map((info) => store.use(info));
    return () => {
      for (const end of ends) end();
    };
  }, [store, versions]);
  return infos.map((info) => store.state(info).value);
}
