import type { Panel } from '../../panel';

export const panels: readonly Panel<'structure' | 'parameters'>[] = [
  {
    id: 'weight_values',
    view: 'model',
    order: 20,
    place: 'side',
    title: 'Values',
    needs: ['structure', 'parameters'],
    required: ['structure'],
    // A layer's are asked for at a time: a large model has megabytes of them at each moment.
    asks: ['weight_values'],
    load: () => import('./Values').then((m) => m.Values),
  },
];
