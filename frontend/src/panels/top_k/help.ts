import type { Terms } from '../../help';

export const terms: Terms = {
  'top-k accuracy':
    'Share of the samples whose true class is among the k classes with the highest scores, by weight where samples have weights. For k = 1 it is the accuracy. Intervals are Wilson’s, at 95 %.',
};
