import type { Panel } from '../../panel';

export const panels: readonly Panel<'classes'>[] = [
  {
    id: 'comparison',
    view: 'predictions',
    order: 15,
    place: 'main',
    title: 'Two models on the same samples',
    needs: ['classes'],
    // Of a training that has the matrix alone the panel says what is missing.
    asks: ['predictions', 'samples', 'comparison', 'confusion_matrix'],
    required: ['predictions'],
    load: () => import('./ComparisonPanel').then((m) => m.ComparisonPanel),
  },
];
