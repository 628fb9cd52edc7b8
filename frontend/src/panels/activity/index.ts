import type { Panel } from '../../panel';

export const panels: readonly Panel<'activity' | 'tensor_stats' | 'parameters' | 'scalars' | 'training_facts'>[] = [
  {
    id: 'activity',
    view: 'training',
    order: 25,
    place: 'main',
    title: 'Activity of each layer',
    needs: ['activity', 'tensor_stats', 'parameters', 'scalars', 'training_facts'],
    required: ['activity'],
    // They tell whose weights were NaN.
    later: ['tensor_stats', 'parameters'],
    // Scalars tell when the steps were; they are those of the charts above, so that all share one axis.
    wants: ({ kind, name }) => kind !== 'scalars' || name !== null,
    load: () => import('./Activity').then((m) => m.Activity),
  },
];
