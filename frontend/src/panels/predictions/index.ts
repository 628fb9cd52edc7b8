import type { Panel } from '../../panel';

export const panels: readonly Panel<'classes' | 'predictions' | 'confusion_matrix'>[] = [
  {
    id: 'predictions',
    view: 'predictions',
    order: 15,
    place: 'samples',
    title: 'Samples',
    needs: ['classes'],
    // A few samples are asked for at a time: there may be a million of them at each evaluation. Of a log that has the matrix
    // alone the panel says what is missing.
    asks: [
      'predictions',
      'score_curves',
      'samples',
      'sample_list',
      'sample_history',
      'changes',
      'comparison',
      'examples',
      'confusion_matrix',
    ],
    anyOf: ['predictions', 'confusion_matrix'],
    load: () => import('./Predictions').then((m) => m.Predictions),
  },
];
