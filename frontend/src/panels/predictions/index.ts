import type { Panel } from '../../panel';

export const panels: readonly Panel<'classes'>[] = [
  {
    id: 'predictions',
    view: 'predictions',
    order: 30,
    place: 'main',
    title: 'Samples',
    needs: ['classes'],
    // A few samples are asked for at a time: there may be a million of them at each evaluation.
    asks: ['predictions', 'samples', 'sample_list', 'sample_history', 'changes'],
    required: ['predictions'],
    load: () => import('./Predictions').then((m) => m.Predictions),
  },
];
