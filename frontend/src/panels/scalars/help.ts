import type { Terms } from '../../help';

export const terms = {
  smoothing:
    'A weighted mean of the values so far, drawn over them: the larger the weight, the longer its memory. It is as many steps long for all lines of a chart; means of epochs beside losses of batches stay as they are. It starts at the first value, and anew after NaN.',
  log: 'Equal distances are equal ratios. Values of 0 or less have no place on such an axis: they are counted, and marked at its lower edge.',
} satisfies Terms;
