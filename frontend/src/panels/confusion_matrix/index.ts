import type { Panel } from '../../panel';

export const panels: readonly Panel<'confusion_matrix' | 'classes'>[] = [
  {
    id: 'confusion_matrix',
    view: 'predictions',
    order: 10,
    place: 'main',
    title: 'Confusion matrix',
    needs: ['confusion_matrix', 'classes'],
    required: ['confusion_matrix'],
    // The sentences ask about samples and scores, and, where a class got worse, about what the layers did meanwhile.
    asks: ['predictions', 'score_curves', 'tensor_stats', 'parameters', 'activity'],
    load: () => import('./ConfusionMatrix').then((m) => m.ConfusionMatrix),
  },
  {
    id: 'most_confused',
    view: 'predictions',
    order: 10,
    place: 'side',
    title: 'Most confused',
    needs: ['confusion_matrix', 'classes'],
    required: ['confusion_matrix'],
    load: () => import('./MostConfused').then((m) => m.MostConfused),
  },
];
