import type { Terms } from '../../help';

export const terms = {
  'stable rank':
    'Σσ² / σ₁²: in how many directions a matrix works, if each counts by its singular value. Near 1 one direction does nearly all.',
  'singular values':
    'How much a matrix stretches what it is given, along each of its own directions, the largest first (on a log scale). Those near 0 pass nothing on.',
  blocks:
    'A matrix that is too large to be kept whole is cut into blocks: each cell is the mean of one, and tells its least and greatest value.',
  kernel: 'What a convolution looks for in one input channel, for one output channel.',
  'change of values':
    'What was added to each value that is kept, since another moment. Less than float16 can tell (0.05 % of a value) is drawn as none.',
} satisfies Terms;
