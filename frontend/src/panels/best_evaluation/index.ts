import type { Panel } from '../../panel';

export const panels: readonly Panel<'confusion_matrix' | 'classes'>[] = [
  {
    id: 'best_evaluation',
    view: 'predictions',
    order: 11,
    place: 'side',
    title: 'Best evaluation',
    needs: ['confusion_matrix', 'classes'],
    // What scores give is computed for all evaluations at once.
    asks: ['score_curves', 'score_history'],
    required: ['confusion_matrix'],
    load: () => import('./BestEvaluation').then((m) => m.BestEvaluation),
  },
];
