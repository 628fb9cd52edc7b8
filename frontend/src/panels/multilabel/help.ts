import type { Terms } from '../../help';

export const terms: Terms = {
  'subset accuracy': 'Share of the samples in which every label is right. Its 95 % interval is Wilson’s.',
  'Hamming loss':
    'Share of wrong decisions, one decision for each sample and label. Its interval is that of the mean number of wrong labels a sample: labels of one sample may be wrong together.',
  'micro P · R · F1':
    'Precision, recall and F1 of all decisions pooled: frequent labels count more. There is no interval, since decisions about one sample belong together.',
  'macro P · R · F1':
    'Means over labels, each counting the same: recall over those that any sample has; precision and F1 over these and those that were told, where what is undefined counts as 0.',
  label: 'One yes-or-no decision about each sample.',
  support: 'Samples that have the label.',
  P: 'Precision: of the samples told to have the label, the share that has it. Small: its 95 % interval (Wilson).',
  R: 'Recall: of the samples that have the label, the share told to. Small: its 95 % interval (Wilson).',
  'told and true': 'Of the samples that have the label or were told to: told rightly, missed, and told falsely.',
  'wrong labels': 'How many samples have so many labels wrong. At 0 all are right.',
  'missed × told instead': 'In how many samples the label of the row was missed while that of the column was told falsely.',
  'wrong together':
    'Pairs of labels that are wrong in the same samples: one missed where the other was told, both missed, or both told falsely.',
};
