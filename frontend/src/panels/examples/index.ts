import type { Panel } from '../../panel';

export const panels: readonly Panel<'classes'>[] = [
  {
    id: 'examples',
    view: 'predictions',
    order: 40,
    place: 'samples',
    title: 'Examples',
    needs: ['classes'],
    // Where predictions tell which sample is which, their list shows the examples.
    asks: ['examples', 'predictions', 'label_predictions', 'number_predictions'],
    required: ['examples'],
    load: () => import('./Examples').then((m) => m.Examples),
  },
];
