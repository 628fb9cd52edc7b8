import { useRef } from 'preact/hooks';
import type { SeriesInfo } from '../../panel';
import type { Example } from '../examples/media';
import { useExamples } from '../examples/use_examples';
import type { Looked } from './Tiles';
import type { Listed, ListKind } from './use_pages';

/** Samples among which one with an example is looked for. */
const LOOKED_AT = 100;

export interface What {
  /** What the examples of a list are; undefined where there are none, or not yet. */
  readonly what: Example['what'] | undefined;
  /** Whether that is on its way. */
  readonly waits: boolean;
}

/** What there is to look at in a list: the first example that is stored says what the others are. */
export function useWhat<S extends Looked, K extends ListKind>(list: Listed<S, K>, examples: SeriesInfo | undefined): What {
  let first = -1;
  for (let i = 0; i < Math.min(list.total, LOOKED_AT) && first < 0; i++) first = list.at(i)?.example ?? -1;
  const sample = useExamples(examples, [first])(first);
  const seen = useRef<Example['what'] | undefined>(undefined);
  if (sample !== undefined && sample !== 'failed') seen.current = sample.what;
  return { what: first < 0 ? undefined : seen.current, waits: first >= 0 && sample === undefined && seen.current === undefined };
}
