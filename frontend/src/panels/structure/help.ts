import type { Terms } from '../../help';

export const terms: Terms = {
  parameters: 'Numbers that the model learns or keeps. A layer that is used several times, and an array that two layers share, count once.',
  share: 'Parameters of the layer, as a share of all parameters of the model.',
  trainable: 'Parameters that the optimizer may change.',
  frozen: 'Parameters that training leaves as they are, because their layer is not trainable.',
  statistic: 'Parameters that follow the data and are not trained, such as a moving mean.',
  'multiply-adds':
    'Multiplications with an addition that one example costs on its way forward: matrix products, convolutions and attention. Element-wise work, normalisation and pooling are not counted. Twice as many floating-point operations.',
  shared: 'One layer that the model calls several times, with the same parameters each time.',
  'output shape': 'Sizes of what leaves the layer, the batch first. A ? is a size that is not known before data comes.',
  copies: 'Equal blocks in a row, drawn once. Each cell of the strip is one of them.',
};
