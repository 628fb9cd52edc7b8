import type { Terms } from '../../help';

export const terms = {
  dead: 'The share of a layer’s units that are 0 or less for each of the probe’s examples: behind a ReLU nothing gets through them, and no gradient comes back.',
  zeros: 'The share of all values that are exactly 0. Behind a ReLU about half is usual.',
  saturated:
    'The share of a sigmoid’s or tanh’s values within a hundredth of an end of its range, where its gradient is almost 0. In an output layer a confident sigmoid is meant to be there.',
  'activity not finite': 'The share of all values that a layer gives out that are NaN or infinite.',
  probe: 'A few examples of the training data, the same at each evaluation, run as in inference.',
} satisfies Terms;
