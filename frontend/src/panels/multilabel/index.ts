import type { Panel } from '../../panel';

export const panels: readonly Panel<'multilabel' | 'classes'>[] = [
  {
    id: 'multilabel',
    view: 'predictions',
    order: 12,
    place: 'main',
    title: 'Labels',
    needs: ['multilabel', 'classes'],
    asks: ['label_predictions'],
    required: ['multilabel'],
    load: () => import('./Multilabel').then((m) => m.Multilabel),
  },
  {
    id: 'multilabel_pairs',
    view: 'predictions',
    order: 12,
    place: 'side',
    title: 'Wrong together',
    needs: ['multilabel', 'classes'],
    asks: ['label_predictions'],
    required: ['multilabel'],
    load: () => import('./Together').then((m) => m.Together),
  },
];
