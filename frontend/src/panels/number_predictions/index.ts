import type { Panel } from '../../panel';

export const panels: readonly Panel<'number_predictions'>[] = [
  {
    id: 'number_predictions',
    view: 'predictions',
    order: 16,
    place: 'samples',
    title: 'Samples',
    needs: [],
    // A few samples are asked for at a time.
    asks: ['number_predictions', 'number_sample_list', 'number_sample_history', 'examples'],
    required: ['number_predictions'],
    load: () => import('./NumberPredictions').then((m) => m.NumberPredictions),
  },
];
