import type { Training } from '../decode';
import type { Point, SeriesInfo } from '../panel';
import type { TrainingFacts } from '../schema.gen';
import { seriesOf } from './shown';
import { union } from './steps';
import { contentOf, type SeriesStore } from './store';
import { useSeries } from './use_series';

/** The last step of a training. */
export function lastStep(training: Training): number {
  return training.series.reduce((last, series) => Math.max(last, series.lastStep), 0);
}

/** Kinds that are written once for the whole training: their steps are nothing to stop at. */
const TIMELESS = new Set(['structure', 'parameters', 'classes', 'training_facts']);

/** The steps at which some of the series that are here were logged. */
export function ticksOf(store: SeriesStore, infos: readonly SeriesInfo[]): readonly number[] {
  const steps = infos
    .filter(({ kind }) => !TIMELESS.has(kind))
    .map((info) => contentOf(store.state(info).value)?.points.flatMap((point) => stepsOf(point)) ?? []);
  return union(steps);
}

/** The steps from which on a model that was logged again had other layers. */
export function changesOf(store: SeriesStore, training: Training): readonly number[] {
  const [own] = seriesOf(training).filter(({ kind }) => kind === 'structure');
  const points = own === undefined ? [] : (contentOf(store.state(own).value)?.points ?? []);
  const layers = points.map(({ payload }) => (payload.kind === 'structure' ? JSON.stringify(payload.nodes.map(({ path }) => path)) : ''));
  return points.flatMap(({ step }, k) => (k > 0 && layers[k] !== layers[k - 1] ? [step] : []));
}

function stepsOf(point: Point): readonly number[] {
  const { payload } = point;
  if (payload.kind === 'scalars' && payload.axis !== 'step') return [];
  // Some kinds hold many steps in one record.
  return 'step' in payload ? Array.from(payload.step) : [point.step];
}

/** What a training says of itself: each of its fits, and the latest. */
export function useFacts(
  store: SeriesStore,
  training: Training,
): { readonly fits: readonly TrainingFacts[]; readonly latest: TrainingFacts | undefined } {
  const infos = training.series.filter(({ kind }) => kind === 'training_facts');
  const loaded = useSeries(store, infos);
  const fits = loaded.flatMap((state) =>
    (contentOf(state)?.points ?? []).flatMap(({ payload }) => (payload.kind === 'training_facts' ? [payload] : [])),
  );
  return { fits, latest: fits.at(-1) };
}
