import type { Terms } from '../../help';

export const terms: Terms = {
  examples: 'Samples of this true class in the evaluation (its support).',
  precision: 'Of the samples predicted as this class, the share that is this class. Undefined when it is never predicted.',
  recall: 'Of the samples of this class, the share that was predicted as it. Undefined without examples.',
  F1: 'Harmonic mean of precision and recall: 2 · right / (examples + predictions).',
  'Δ recall': 'Recall minus that of the reference. Grey where the 95 % interval of the difference holds 0.',
  'most confused': 'Pairs of classes by how many samples of the first were predicted as the second.',
};
