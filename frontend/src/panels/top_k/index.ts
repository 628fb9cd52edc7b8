import type { Panel } from '../../panel';

export const panels: readonly Panel<'classes'>[] = [
  {
    id: 'top_k',
    view: 'predictions',
    order: 12,
    place: 'side',
    title: 'Among the first classes',
    needs: ['classes'],
    asks: ['predictions', 'top_k'],
    required: ['predictions'],
    load: () => import('./TopK').then((m) => m.TopK),
  },
];
