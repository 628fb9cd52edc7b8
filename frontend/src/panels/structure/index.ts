import type { Panel } from '../../panel';

export const panels: readonly Panel<'structure' | 'parameters' | 'tensor_stats' | 'activity'>[] = [
  {
    id: 'structure',
    view: 'model',
    order: 10,
    place: 'main',
    title: 'Layers',
    needs: ['structure', 'parameters', 'tensor_stats', 'activity'],
    required: ['structure'],
    // The layers first; what training does to them when it is there.
    later: ['tensor_stats', 'activity'],
    load: () => import('./Structure').then((m) => m.Structure),
  },
  {
    id: 'structure_differences',
    view: 'model',
    order: 5,
    place: 'below',
    title: 'Differences',
    needs: ['structure', 'parameters'],
    required: ['structure'],
    load: () => import('./Differences').then((m) => m.Differences),
  },
  {
    id: 'layer',
    view: 'model',
    order: 10,
    place: 'side',
    title: 'Layer',
    needs: ['structure', 'parameters', 'tensor_stats'],
    required: ['structure'],
    later: ['tensor_stats'],
    load: () => import('./LayerDetails').then((m) => m.LayerDetails),
  },
];
