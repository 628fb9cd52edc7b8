import type { Terms } from '../../help';

export const terms: Terms = {
  'samples with wrong labels':
    'Samples of which labels are wrong; of a selected label those in which it was missed, told falsely, told rightly, or rightly not told; of two labels those in which they are wrong together. The largest loss first.',
  'loss of labels':
    'Mean of −log p over the labels of the sample that count, p the probability of what is true of the label: the less the model believed in the truth, the larger.',
};
