import type { Terms } from '../../help';

export const terms: Terms = {
  samples:
    'The samples behind a cell, a class or all errors, from what was predicted of each. Select a cell of the matrix to list its own.',
  stored: 'Of some samples there is something to look at: a picture, a text or their features. Of all others there is what was predicted.',
  'confidence of a prediction':
    'Probability of the predicted class; with two classes that of the positive one. It is rounded down to 1/65536.',
  'loss of a sample': '−log of the probability of the true class: the less the model believed in the truth, the larger.',
  'place of the truth': 'Place of the true class when all classes are ordered by their score, the highest first.',
  'newly right': 'Wrong at the earlier evaluation, right at this one.',
  'newly wrong': 'Right at the earlier evaluation, wrong at this one.',
  forgotten: 'Right at any evaluation up to the earlier one, wrong at this one: all that are newly wrong, and those that were lost before.',
};
