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

/** The steps at which some of the series that are here were logged; the epochs, from 0, where nothing tells their steps. */
export function ticksOf(
  store: SeriesStore,
  infos: readonly SeriesInfo[],
): { readonly counts: 'step' | 'epoch'; readonly ticks: readonly number[] } {
  const contents = infos.filter(({ kind }) => !TIMELESS.has(kind)).flatMap((info) => contentOf(store.state(info).value) ?? []);
  // Of a series of which only some points are here the others come when their step is shown.
  const [whole, parts] = [
    contents.filter(({ thinned }) => thinned === undefined),
    contents.flatMap(({ thinned }) => (thinned === undefined ? [] : [thinned.steps])),
  ];
  const points = whole.flatMap((content) => content.points);
  const of = (counts: string) =>
    union([...points.map((point) => (countsOf(point) === counts ? stepsOf(point) : [])), ...(counts === 'step' ? parts : [])]);
  const steps = of('step');
  const epochs = steps.length > 0 ? [] : of('epoch');
  return epochs.length > 0 ? { counts: 'epoch', ticks: epochs } : { counts: 'step', ticks: steps };
}

function countsOf({ payload }: Point): string {
  return payload.kind === 'scalars' || payload.kind === 'histograms' ? payload.axis : 'step';
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
