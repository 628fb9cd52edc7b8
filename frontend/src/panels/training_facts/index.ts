import type { Panel } from '../../panel';

export const panels: readonly Panel<'training_facts'>[] = [
  {
    id: 'training_facts',
    view: 'training',
    order: 20,
    place: 'side',
    title: 'Set-up',
    needs: ['training_facts'],
    load: () => import('./TrainingFactsPanel').then((m) => m.TrainingFactsPanel),
  },
];
