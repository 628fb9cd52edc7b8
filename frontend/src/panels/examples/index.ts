import type { Panel } from '../../panel';

export const panels: readonly Panel<'classes'>[] = [
  {
    id: 'examples',
    view: 'predictions',
    order: 40,
    place: 'main',
    title: 'Examples',
    needs: ['classes'],
    // Images are asked for as they come into sight.
    asks: ['examples'],
    required: ['examples'],
    load: () => import('./Examples').then((m) => m.Examples),
  },
];
