import type { Terms } from '../../help';

export const terms: Terms = {
  'samples of a cell':
    'The samples whose truth and prediction lie in the chosen cell of the picture, or all of them; the largest error first. Choose a cell by a click, or with the arrow keys and Enter.',
};
