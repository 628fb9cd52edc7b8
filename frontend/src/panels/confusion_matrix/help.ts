import type { Terms } from '../../help';

export const terms: Terms = {
  examples: 'Samples of this true class in the evaluation (its support).',
  precision: 'Of the samples predicted as this class, the share that is this class. Undefined when it is never predicted.',
  recall: 'Of the samples of this class, the share that was predicted as it. Undefined without examples.',
  F1: 'Harmonic mean of precision and recall: 2 · right / (examples + predictions). Its interval is that of the share of right ones among all that are the class or were predicted as it (Wilson).',
  'in group': 'Of the samples of a group of classes, the share that was predicted as any class of it. Recall counts only the very class.',
  'Δ precision': 'Precision minus that of the reference. Grey where the 95 % interval of the difference holds 0.',
  'Δ recall': 'Recall minus that of the reference. Grey where the 95 % interval of the difference holds 0.',
  'Δ F1': 'F1 minus that of the reference. Grey where the 95 % interval of the difference holds 0.',
  lift: 'How much more often than by chance an example of one class is predicted as another, as a power of two.',
  'most confused': 'Pairs of classes by how many samples of the first were predicted as the second.',
};
