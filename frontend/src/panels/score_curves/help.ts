import type { Terms } from '../../help';

export const terms: Terms = {
  'one against the rest': 'Every sample is scored for the class: those of the class are the positives, all others the negatives.',
  pooled: 'All decisions together, one for each sample and class, or label (micro average). Frequent classes count more.',
  'mean of the classes':
    'The recalls of all classes at each false positive rate, averaged (macro average). Every class counts the same, and no single threshold stands behind a point.',
  ROC: 'Share of the positives found against share of the negatives taken for positives, at every threshold. A model that guesses lies on the diagonal.',
  AUC: 'Area under the ROC curve: how often a positive is scored above a negative. 0.5 is guessing. Its interval is DeLong’s, on the logit scale.',
  'pointwise band': 'The 95 % interval of recall at each single false positive rate. That the whole curve lies inside it is less sure.',
  'precision–recall':
    'Share of positives among all that are called positive, against share of the positives found. A model that guesses lies on the prevalence.',
  AP: 'Average precision: the mean of precision over the positives, without interpolation. Guessing gives the prevalence.',
  prevalence: 'Share of positives among all samples: the precision of guessing.',
  'F1 lines': 'Where F1, the harmonic mean of precision and recall, is 0.2, 0.4, 0.6 and 0.8.',
  DET: 'Both kinds of error against each other on the scale of normal deviates, which spreads small rates out. Rates below half a sample are drawn as half a sample.',
  scores:
    'The model’s probability for the class, in 50 bins: positives upwards, negatives downwards, each as a share of their own. Heights grow with the square root, so that few samples can be seen.',
  reliability:
    'Samples in bins of confidence: how often the model was right against how sure it was. Bars are 95 % intervals (Wilson). On the diagonal it is as often right as it is sure; below, it is too sure. Of two classes it is the share of positives against their probability; of several labels each sample and label is a decision, and it is the share that is true.',
  ECE: 'Expected calibration error: the mean difference between accuracy and confidence over bins of equal width, by samples.',
  ACE: 'The calibration error over bins of equally many samples: the mean difference between accuracy and confidence (adaptive calibration error).',
  'if perfectly calibrated':
    'What the error would be on average by chance alone, if each sample were right with just the probability that the model says.',
  MCE: 'The largest difference between accuracy and confidence of a bin. Small bins make it large by chance.',
  Brier:
    'Mean over the samples of the summed squared differences between probabilities and truth; of several labels the mean over all decisions. 0 is perfect.',
  NLL: 'Mean of −log of the probability of the true class. 0 is perfect.',
  coverage:
    'How often the model is right on the samples of which it is at least so sure, against how many these are. Of two classes, and of a label and its absence, it is as sure as of the likelier one; of several labels the decisions about all of them are counted.',
  threshold:
    'From this probability on a sample counts as positive. It is the same in all pictures. Drag a dot, or use the arrow keys on it.',
  'operating point': 'Of the thresholds that are known, the highest at which at least this share of the positives is found.',
  cheapest:
    'The threshold at which wrong decisions cost least on these samples, with as many positives as they have. It was chosen on them: on others it costs a little more. Thresholds that are not surely dearer are told with it.',
  'recall there': 'Share of the positives that are found at the threshold (true positive rate).',
  'precision there': 'Share of positives among all that are called positive at the threshold.',
  'false positive rate': 'Share of the negatives that are called positive at the threshold.',
  'no interval':
    'There is none where samples are weighted, where decisions about the same sample are pooled, or where one kind of sample is missing.',
  'by binning': 'The curve is known at the edges of bins of scores alone. Its area lies no further away than this.',
};
