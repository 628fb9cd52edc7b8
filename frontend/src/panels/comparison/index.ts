import type { Panel } from '../../panel';

const panel: Omit<Panel<'classes'>, 'id' | 'required'> = {
  view: 'predictions',
  order: 15,
  place: 'below',
  title: 'Two models on the same samples',
  needs: ['classes'],
  // Of a reference without predictions, or of another task, the panel says why nothing is compared.
  asks: [
    'predictions',
    'samples',
    'comparison',
    'confusion_matrix',
    'multilabel',
    'label_predictions',
    'label_comparison',
    'regression',
    'number_predictions',
    'number_comparison',
  ],
  load: () => import('./ComparisonPanel').then((m) => m.ComparisonPanel),
};

export const panels: readonly Panel<'classes'>[] = [
  { ...panel, id: 'comparison', required: ['predictions'] },
  { ...panel, id: 'comparison_of_labels', required: ['multilabel'] },
  { ...panel, id: 'comparison_of_numbers', required: ['regression'] },
];
