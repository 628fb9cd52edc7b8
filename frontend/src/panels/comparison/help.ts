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
  agreement: 'What this model predicts against what the other one does, whatever is true. On the diagonal they say the same.',
  kappa: 'Cohen’s κ of the predictions of the two models: 1 if they always agree, 0 if they agree as often as by chance.',
};
