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
  'right here alone': 'This model is right, and the one it is compared with is wrong, on the very same sample.',
  'right there alone': 'The model it is compared with is right, and this one is wrong, on the very same sample.',
  'predicted otherwise': 'The two models predict different classes, whichever of them is right.',
  forgotten: 'Right at any evaluation up to the earlier one, wrong at this one: all that are newly wrong, and those that were lost before.',
};
