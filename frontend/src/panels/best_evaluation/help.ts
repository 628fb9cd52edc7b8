import type { Terms } from '../../help';

export const terms: Terms = {
  'best evaluation':
    'The evaluation with the highest number, or of errors and losses the lowest. It was chosen on these samples: on others it is a little worse.',
  'not surely better':
    'The 95 % interval of the difference holds 0, made wide enough for as many comparisons as there are evaluations. The same samples were evaluated each time, so that the difference is surer than it says.',
};
