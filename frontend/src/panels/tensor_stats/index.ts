import type { Panel } from '../../panel';

export const panels: readonly Panel<'tensor_stats' | 'parameters' | 'scalars' | 'training_facts'>[] = [
  {
    id: 'tensor_stats',
    view: 'training',
    order: 20,
    place: 'main',
    title: 'Weights, gradients and updates of each layer',
    needs: ['tensor_stats', 'parameters', 'scalars', 'training_facts'],
    required: ['tensor_stats'],
    // Scalars tell when the steps were; they are those of the charts above, so that both share one axis.
    wants: ({ kind, name }) => kind !== 'scalars' || name !== null,
    load: () => import('./TensorStats').then((m) => m.TensorStats),
  },
];
