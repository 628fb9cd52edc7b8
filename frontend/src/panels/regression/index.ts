import type { Panel } from '../../panel';

export const panels: readonly Panel<'regression'>[] = [
  {
    id: 'regression',
    view: 'predictions',
    order: 15,
    place: 'main',
    title: 'Predicted against true',
    needs: ['regression'],
    asks: ['number_predictions'],
    load: () => import('./Regression').then((m) => m.Regression),
  },
  {
    id: 'regression_largest',
    view: 'predictions',
    order: 15,
    place: 'side',
    title: 'Largest errors',
    needs: ['regression'],
    asks: ['number_predictions'],
    load: () => import('./Largest').then((m) => m.Largest),
  },
];
