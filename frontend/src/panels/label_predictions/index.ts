import type { Panel } from '../../panel';

export const panels: readonly Panel<'classes'>[] = [
  {
    id: 'label_predictions',
    view: 'predictions',
    order: 16,
    place: 'samples',
    title: 'Samples',
    needs: ['classes'],
    // A few samples are asked for at a time.
    asks: ['label_predictions', 'label_sample_list', 'label_sample_history', 'examples'],
    required: ['label_predictions'],
    load: () => import('./LabelPredictions').then((m) => m.LabelPredictions),
  },
];
