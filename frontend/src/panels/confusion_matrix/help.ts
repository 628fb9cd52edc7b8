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
  'weighted κ':
    'Cohen’s κ of predictions and truth where classes have an order: 1 is perfect, 0 what chance would give. A miss by d classes weighs d (linear) or d² (quadratic). Abstentions are left out.',
  lift: 'How much more often than by chance an example of one class is predicted as another, as a power of two.',
  'better, worse, no clear change':
    'By Fisher’s exact test, at 5 % divided by the number of earlier evaluations: a model that stays as it is is called worse, or better, in one of twenty trainings at most.',
  'got worse':
    'Its recall is surely lower than at an earlier evaluation: by an exact test, corrected for all classes and all earlier evaluations. It fell after the last evaluation at which it was not yet half way down.',
  'got better': 'Its recall is surely higher than at the evaluation half way: by an exact test, corrected for all classes.',
  'differs from the reference':
    'Its recall surely differs from that in the reference, corrected for all classes: by McNemar’s test where both tell of the same samples, else by Fisher’s.',
  'usual size':
    'The median over the logged steps before. What is said to stand out is at least twice that, and further from it than steps, and stretches of as many steps, were before, whichever of all layers is looked at.',
  'over-confident': 'The calibration error is larger than in 95 of 100 evaluations of a model that is right just as often as it is sure.',
  'most confused': 'Pairs of classes by how many samples of the first were predicted as the second.',
};
