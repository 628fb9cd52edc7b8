import type { Panel } from '../../panel';

export const panels: readonly Panel<'classes' | 'confusion_matrix'>[] = [
  {
    id: 'score_curves',
    view: 'predictions',
    order: 20,
    place: 'below',
    title: 'Curves',
    // The matrices tell which evaluations there are, where they are there.
    needs: ['classes', 'confusion_matrix'],
    later: ['confusion_matrix'],
    // Curves come as points to draw, of the classes asked for: those of all classes and steps would be much.
    asks: ['score_curves', 'curves', 'calibration', 'predictions'],
    required: ['score_curves'],
    load: () => import('./ScoreCurves').then((m) => m.ScoreCurves),
  },
  {
    id: 'pr_curves',
    view: 'predictions',
    order: 21,
    place: 'below',
    title: 'PR curves',
    needs: ['classes'],
    // Those that others logged for TensorBoard.
    asks: ['curves'],
    required: ['curves'],
    load: () => import('./OthersCurves').then((m) => m.OthersCurves),
  },
  {
    id: 'score_curves_missing',
    view: 'predictions',
    order: 90,
    place: 'below',
    title: 'Curves',
    needs: ['classes'],
    asks: ['score_curves', 'predictions', 'confusion_matrix'],
    required: ['confusion_matrix'],
    load: () => import('./Missing').then((m) => m.Missing),
  },
];
