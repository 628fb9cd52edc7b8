import type { Panel } from '../../panel';

export const panels: readonly Panel<'scalars' | 'training_facts' | 'tensor_stats' | 'parameters'>[] = [
  {
    id: 'scalars',
    view: 'training',
    order: 10,
    place: 'main',
    title: 'Loss, metrics and learning rate',
    needs: ['scalars', 'training_facts', 'tensor_stats', 'parameters'],
    // Statistics of layers tell the loss of each batch, the rate and the gradient, too.
    anyOf: ['scalars', 'tensor_stats'],
    // Large; they add what no scalar tells.
    later: ['tensor_stats', 'parameters'],
    // What no rule names is shown in TensorBoard's own tabs.
    wants: ({ kind, name }) => kind !== 'scalars' || name !== null,
    load: () => import('./Scalars').then((m) => m.Scalars),
  },
];
