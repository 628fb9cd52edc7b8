import type { Terms } from '../../help';

export const terms = {
  distribution: 'How the values of a parameter, or of its gradient, are spread: how many lie where.',
  bands:
    'Percentiles over the steps. The darkest band holds the median; those around it reach from the 31st to the 69th percentile, 16th to 84th, 7th to 93rd, and from the least to the greatest value: half a standard deviation each, were the values normal. Each edge is that of a bin.',
  ridges: 'A histogram of each of a few steps, the later ones lower. The area of each bar is the share of the values in its bin.',
  'symmetric-log axis':
    'Logarithmic on both sides of 0 and linear next to it, so that small values, zeros and signs can be seen at once. Where no value is more than 32 times the usual one of any step, the axis is linear instead.',
  'bins of powers of two':
    'Counted by sign and power of two: a bin reaches from 2^k to 2^(k+1). Zeros, infinities and NaN are counted apart.',
  sampled:
    'Of a large parameter every n-th value is looked at. A share told from 65,536 values has a standard error of at most 0.2 %, from a quarter of them 0.4 %.',
} satisfies Terms;
