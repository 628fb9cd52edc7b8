import type { Terms } from '../../help';

export const terms: Terms = {
  'points of accuracy':
    'Share of the samples for which this model is right, less that of the other model, on the very same samples, in percentage points. Its 95 % interval leaves 0 out where McNemar’s p is below 0.05, and only there (Fay and Lumbard).',
  'difference of the recalls':
    'Share of the class’s samples for which this model is right, less that of the other model, in percentage points. Its 95 % interval leaves 0 out where McNemar’s p is below 0.05, and only there (Fay and Lumbard).',
  'McNemar’s p':
    'How likely so unequal numbers of samples are for which one model alone is right, if both were equally good. Samples on which both are right or both wrong say nothing. Exact.',
  'p of all':
    'McNemar’s p of a class, corrected for all classes that were looked at (Holm): below 0.05 a class is marked, and that any mark is wrong has a chance of at most 5 %.',
  decisions: 'Samples of which both models tell whether they have the label, and agree on what is true.',
  'difference of the right ones':
    'Share of the decisions about the label that are right, less that of the other model, in percentage points. Its 95 % interval leaves 0 out where McNemar’s p is below 0.05, and only there.',
  'difference of the errors':
    'Mean size of the errors less that of the other model, on the very same samples: below 0 this one is better. The 95 % interval is that of the paired t test.',
  'p of the paired t test': 'How likely so large a mean difference is, if the errors of both models were equally large on average.',
  'closer here': 'Values that this model predicts more closely.',
  'closer there': 'Values that the other model predicts more closely.',
  agreement: 'What this model predicts against what the other one does, whatever is true. On the diagonal they say the same.',
  kappa: 'Cohen’s κ of the predictions of the two models: 1 if they always agree, 0 if they agree as often as by chance.',
};
