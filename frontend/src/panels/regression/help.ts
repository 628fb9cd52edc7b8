import type { Terms } from '../../help';

export const terms: Terms = {
  'R²': 'Share of the spread of the truths that the predictions explain: 1 − Σ e² / Σ (truth − mean)². 1 is perfect, 0 is as good as always saying the mean, below 0 is worse. Its interval is by the delta method on log(1 − R²).',
  RMSE: 'Root mean squared error, in the unit of the target: large errors count more. Its interval comes from the sums of e² and e⁴, on the logarithmic scale.',
  MAE: 'Mean absolute error, in the unit of the target. Its interval comes from the sums of |e| and e², on the logarithmic scale.',
  bias: 'Mean error, predicted less true: above 0 predictions are too high. Its interval is that of a mean, by Student’s t.',
  'predicted against true':
    'How many values have their truth and their prediction in each cell; on the diagonal they are equal. Bins are the same at every step.',
  'mean prediction':
    'The mean of what is predicted where the truth lies in a bin, of bins with ten values or more. Away from the diagonal it is biased there.',
  outside:
    'Values beyond the first or the last edge of the bins: they stand in the strips at the edge, in every sum, and none is left out.',
  residuals:
    'Predicted less true, at each evaluation: the median, the middle half, and all but 2.5 % on either side. Read from sizes that are 4.4 % apart.',
  'largest errors': 'The values furthest from their truth, up to 100.',
};
