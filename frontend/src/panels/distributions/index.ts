import type { Panel } from '../../panel';

/** Our own histograms in TensorBoard's form repeat what the distributions say more exactly. */
const OUR_RUN = /(?:^|\/)layerscope(?:_\d+)?$/;

export const panels: readonly Panel<'distributions' | 'histograms' | 'tensor_stats' | 'parameters' | 'scalars' | 'training_facts'>[] = [
  {
    id: 'distributions',
    view: 'training',
    order: 30,
    place: 'main',
    title: 'Distributions of weights and gradients',
    needs: ['distributions', 'tensor_stats', 'parameters', 'scalars', 'training_facts'],
    required: ['distributions'],
    // It tells exact means, to be drawn over what is there.
    later: ['tensor_stats'],
    // Scalars tell when the steps were; they are those of the charts above, so that all share one axis.
    wants: ({ kind, name }) => kind !== 'scalars' || name !== null,
    load: () => import('./Distributions').then((m) => m.Distributions),
  },
  {
    id: 'histograms',
    view: 'training',
    order: 31,
    place: 'main',
    title: 'Histograms of weights and gradients',
    needs: ['histograms', 'scalars', 'training_facts'],
    required: ['histograms'],
    wants: ({ kind, name, run }) => (kind === 'histograms' ? !OUR_RUN.test(run) : kind !== 'scalars' || name !== null),
    load: () => import('./Distributions').then((m) => m.Histograms),
  },
];
