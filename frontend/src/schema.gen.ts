// Made by `python -m tb_plugin.schema.typescript`; do not edit.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** Integers arrive as int32 where all of them fit, else as float64, exact to 2^53. */
export type Ints = Int32Array | Float64Array;

/** A layer with an activation. */
export interface ActiveLayer {
  readonly path: string;
  readonly activation: string;
  readonly is_output: boolean;
}

/** One array of a model. */
export interface Parameter {
  readonly path: string;
  readonly variable_path: string;
  readonly layer: string;
  readonly dtype: string;
  readonly role: 'trainable' | 'frozen' | 'statistic' | 'scale' | 'state';
  readonly tied_to: string | null;
}

/** One call of a layer, or an operation that is no layer. */
export interface Node {
  readonly path: string;
  readonly layer: string;
  readonly call: number;
  readonly class: string;
  readonly config: { readonly [name: string]: Json };
}

/** Outputs of each layer with an activation, on the same few training examples at every evaluation, as in inference. */
export interface Activity {
  readonly kind: 'activity';
  /** Training examples that were looked at. */
  readonly examples: number;
  /** The layers, in forward order. */
  readonly layers: readonly ActiveLayer[];
  /** [layer] Units of the layer. */
  readonly units: Ints;
  /** [layer] Units that were 0 or less at each of their values. */
  readonly never_positive: Ints;
  /** [layer] Values of all units and examples. */
  readonly values: Ints;
  /** [layer] Values that are 0. */
  readonly zeros: Ints;
  /** [layer] Values within a hundredth of an end of their sigmoid's or tanh's range; -1 of other activations. */
  readonly saturated: Ints;
  /** [layer] Values that are NaN or infinite. */
  readonly non_finite: Ints;
}

/** How often the model was right, by how sure it was, at one evaluation. Intervals are at 95 %. */
export interface Calibration {
  readonly kind: 'calibration';
  /** The classes. */
  readonly classes: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** Whose probability the confidence is. */
  readonly of: 'predicted class' | 'positive class' | 'label';
  /** Whether bins are equally wide, or hold equally much. */
  readonly by: 'width' | 'mass';
  /** Samples of the evaluation. */
  readonly samples: number;
  /** Expected calibration error of the bins: the mean of |accuracy - confidence|, by weight. */
  readonly ece: number | null;
  /** What it would be on average if the model were perfectly calibrated. */
  readonly ece_floor: number | null;
  /** Root of the squared error without the part that is chance; 0 where that is negative. */
  readonly ece_debiased: number | null;
  /** Largest |accuracy - confidence| of a bin. */
  readonly mce: number | null;
  /** Mean over the samples of the sum over all classes of (p - is true)^2. */
  readonly brier: number | null;
  /** Lower end of its interval. */
  readonly brier_low: number | null;
  /** Upper end of its interval. */
  readonly brier_high: number | null;
  /** Mean of -log p of the true class. */
  readonly nll: number | null;
  /** Lower end of its interval. */
  readonly nll_low: number | null;
  /** Upper end of its interval. */
  readonly nll_high: number | null;
  /** Samples whose true class had a probability below 1e-12. */
  readonly clipped: number;
  /** [bin] Lower edge of each bin, which is not of it but for the first. */
  readonly low: Float64Array;
  /** [bin] Upper edge, which is of it. */
  readonly high: Float64Array;
  /** [bin] Samples in each bin; it may be empty. */
  readonly count: Ints;
  /** [bin] As many samples of equal weight as say as much: those in the bin, fewer or more where they have weights. */
  readonly trials: Float64Array;
  /** [bin] Mean confidence, by weight; NaN where the bin is empty. */
  readonly confidence: Float64Array;
  /** [bin] Share for which the model was right, by weight; NaN where the bin is empty. */
  readonly accuracy: Float64Array;
  /** [bin] Lower end of its interval (Wilson). */
  readonly accuracy_low: Float64Array;
  /** [bin] Upper end of its interval. */
  readonly accuracy_high: Float64Array;
  /** [cut] Share of the samples of which the model is at least so sure, of two classes or a label and its absence of the likelier; falls from 1. */
  readonly coverage: Float64Array;
  /** [cut] Share of them for which it was right. */
  readonly covered_accuracy: Float64Array;
  /** [cut] The least confidence among them. */
  readonly covered_from: Float64Array;
}

/** What of the samples of two evaluations is right at one and wrong at the other; matched by id, K classes. */
export interface Changes {
  readonly kind: 'changes';
  /** The classes. */
  readonly classes: string;
  /** Step of the earlier evaluation. */
  readonly from_step: number;
  /** Step of the later one. */
  readonly to_step: number;
  /** Samples that count. */
  readonly compared: number;
  /** Samples that are right at both. */
  readonly both_right: number;
  /** Samples that are wrong at both. */
  readonly both_wrong: number;
  /** McNemar's two-sided p of newly right against newly wrong, exact. */
  readonly p: number | null;
  /** Id of each sample, where ids are texts. */
  readonly ids: readonly string[] | null;
  /** [sample] Number of each sample. */
  readonly number: Ints;
  /** [sample] True class. */
  readonly truth: Ints;
  /** [sample] Predicted class at the earlier evaluation; K abstained. */
  readonly before: Ints;
  /** [sample] Predicted class at the later one; K abstained. */
  readonly after: Ints;
  /** [sample] Wrong at the earlier, right at the later one. */
  readonly newly_right: Uint8Array;
  /** [sample] Right at the earlier, wrong at the later one. */
  readonly newly_wrong: Uint8Array;
  /** [sample] Right at any kept evaluation up to the earlier one, wrong at the later one. */
  readonly forgotten: Uint8Array;
}

/** The classes that rows and columns, curves and predictions refer to by id (the place in `labels`). */
export interface Classes {
  readonly kind: 'classes';
  /** Name of each class, by class id. */
  readonly labels: readonly string[];
  /** A hierarchy: for each class the id of its group, or -1. */
  readonly parents: readonly number[] | null;
  /** What the classes are to each other. */
  readonly task: 'binary' | 'multiclass' | 'ordinal' | 'multilabel';
  /** Id of the class that counts as positive, in a binary task. */
  readonly positive: number | null;
  /** The label that marks samples to be left out. */
  readonly ignored: number | null;
}

/** Two evaluations of the same samples, say of two trainings: this one, and the other one. K classes; intervals are at 95 %. */
export interface Comparison {
  readonly kind: 'comparison';
  /** The classes. */
  readonly classes: string;
  /** Names of the classes that only the other evaluation has. */
  readonly others: readonly string[];
  /** Names of the classes that the other evaluation does not have. */
  readonly lacking: readonly string[];
  /** Step of the other evaluation. */
  readonly other_step: number;
  /** What says that two samples are the same: `number` where the ids of one of both are no texts: then their whole numbers, or their places. */
  readonly matched_by: 'id' | 'number';
  /** Whether any of the samples have weights, which count for nothing here. */
  readonly weighted: boolean;
  /** Samples that are compared. */
  readonly compared: number;
  /** Samples that this evaluation alone tells of. */
  readonly only_this: number;
  /** Samples that the other one alone tells of. */
  readonly only_other: number;
  /** Samples that both tell of, calling different classes true; they are not compared. */
  readonly truth_differs: number;
  /** Samples that both tell of, and of which one or both do not know the truth; they are not compared. */
  readonly truth_unknown: number;
  /** McNemar's two-sided p of the samples for which only one of both is right, exact; null where none is compared. */
  readonly p: number | null;
  /** Accuracy of this evaluation less that of the other one. */
  readonly difference: number | null;
  /** Lower end of its interval, which leaves 0 out where p is below 0.05, and only there: Fay and Lumbard (2021). */
  readonly difference_low: number | null;
  /** Upper end of its interval. */
  readonly difference_high: number | null;
  /** Cohen's kappa of the predictions of both with each other; null where chance alone would agree. */
  readonly kappa: number | null;
  /** [class] Samples of each true class for which both are right. */
  readonly both_right: Ints;
  /** [class] Those for which this one alone is right. */
  readonly only_this_right: Ints;
  /** [class] Those for which the other one alone is right. */
  readonly only_other_right: Ints;
  /** [class] Those for which both are wrong. */
  readonly both_wrong: Ints;
  /** [class] Those of them of which both say the same. */
  readonly same_wrong: Ints;
  /** [class] McNemar's p of each class; NaN where no sample of it has one of both alone right. */
  readonly class_p: Float64Array;
  /** [class] The same by Holm (1979), for as many tests as classes have a p. */
  readonly class_p_holm: Float64Array;
  /** [class] Recall of this one less that of the other one; NaN where there is no sample. */
  readonly class_difference: Float64Array;
  /** [class] Lower end of its interval. */
  readonly class_low: Float64Array;
  /** [class] Upper end of its interval. */
  readonly class_high: Float64Array;
  /** [prediction] Of each prediction of this evaluation, where its cells end. */
  readonly row_end: Ints;
  /** [cell] What the other one predicted, of the samples of each cell. */
  readonly column: Ints;
  /** [cell] Samples in each cell. */
  readonly count: Ints;
  /** [cell] Those of them for which this one is right. */
  readonly this_right: Ints;
  /** [cell] Those of them for which the other one is right. */
  readonly other_right: Ints;
}

/** How many samples of each true class (row) were predicted as each class (column); K classes. */
export interface ConfusionMatrix {
  readonly kind: 'confusion_matrix';
  /** The classes of rows and columns. */
  readonly classes: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** Samples that are in no cell, counted by reason. */
  readonly dropped: { readonly [name: string]: number };
  /** Size of the data set as declared; differs when samples are lost or doubled. */
  readonly declared_size: number | null;
  /** What the predictions were made from. */
  readonly score: 'prob' | 'logit' | 'logprob' | null;
  /** Least score for a prediction; below it the model abstains. */
  readonly threshold: number | null;
  /** [row] Where each row's cells end. */
  readonly row_end: Ints;
  /** [cell] Predicted class of each cell. */
  readonly column: Ints;
  /** [cell] Samples in each cell. */
  readonly count: Ints;
  /** [cell] Sum of the sample weights in each cell. */
  readonly weight: Float64Array | null;
  /** [row] Sum of the squared sample weights in each row. */
  readonly weight_squares: Float64Array | null;
  /** [row] Sum of the squared sample weights in each column. */
  readonly column_weight_squares: Float64Array | null;
}

/** Curves of one evaluation, in the order asked for. Where all classes are asked for, their numbers alone, without points. */
export interface Curves {
  readonly kind: 'curves';
  /** The classes. */
  readonly classes: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** Whether the curves are known at the edges of bins alone. */
  readonly binned: boolean;
  /** What the curves leave out, for people, where others logged them for TensorBoard; then nobody knows the classes. */
  readonly limits: string;
  /** Why a curve has no area: `no positives`, `no negatives`; empty where it has one. */
  readonly undefined: readonly string[];
  /** [curve] Class id; -1: all decisions pooled (micro), -2: the mean of the classes (macro). */
  readonly of: Ints;
  /** [curve] Samples of the class; of the pooled curve decisions, of the mean 0. */
  readonly positives: Ints;
  /** [curve] The others. */
  readonly negatives: Ints;
  /** [curve] Area under the ROC curve. */
  readonly auc: Float64Array;
  /** [curve] Lower end of its interval. */
  readonly auc_low: Float64Array;
  /** [curve] Upper end of its interval. */
  readonly auc_high: Float64Array;
  /** [curve] How far binning may have moved the area; 0 where curves are exact. */
  readonly auc_bound: Float64Array;
  /** [curve] Average precision: the sum of (R_n - R_(n-1)) x P_n. */
  readonly ap: Float64Array;
  /** [curve] Lower end of its interval. */
  readonly ap_low: Float64Array;
  /** [curve] Upper end of its interval. */
  readonly ap_high: Float64Array;
  /** [curve] Share of positives, by weight: the precision of guessing. */
  readonly prevalence: Float64Array;
  /** [curve] Where each curve's points end. */
  readonly point_end: Ints;
  /** [point] Probability from which on a sample counts as positive; infinite at the first point, NaN at a corner and along the mean. */
  readonly threshold: Float64Array;
  /** [point] Share of the negatives at or above the threshold. */
  readonly false_positive_rate: Float64Array;
  /** [point] Share of the positives at or above the threshold. */
  readonly recall: Float64Array;
  /** [point] Share of positives among all at or above the threshold; NaN where there are none. */
  readonly precision: Float64Array;
  /** [curve, 201] Lower end of recall at false positive rates 0, 1/200, …, 1. */
  readonly band_low: Float64Array | null;
  /** [curve, 201] Upper end of recall at the same rates. */
  readonly band_high: Float64Array | null;
  /** [curve, 50] Positives by probability, in 50 bins: b is (b, b + 1] / 50. */
  readonly score_positive: Ints | null;
  /** [curve, 50] Negatives by probability, in the same bins. */
  readonly score_negative: Ints | null;
}

/** How the weights, or the gradients, of each parameter are distributed at one step: exact counts by sign and power of two. */
export interface Distributions {
  readonly kind: 'distributions';
  /** The parameters, in forward order. */
  readonly parameters: string;
  /** Every how many-th value of each parameter was looked at; null: all. */
  readonly sampled: readonly number[] | null;
  /** [parameter] Where each parameter's buckets end; one without values has none. */
  readonly bucket_end: Ints;
  /** [bucket] Code of each bucket: its sign and its power of two. */
  readonly exponent: Ints;
  /** [bucket] Values in the bucket, of those looked at. */
  readonly count: Ints;
}

/** Some samples as a person can see them, each written once; a later point adds others. */
export interface Examples {
  readonly kind: 'examples';
  /** Id of each sample, where ids are texts. */
  readonly ids: readonly string[] | null;
  /** What each example is. */
  readonly media: readonly ('image/webp' | 'image/png' | 'image/jpeg' | 'text/plain' | 'features')[];
  /** Names of the features, in the order of the content of `features`. */
  readonly feature_names: readonly string[];
  /** [example] Number of each sample, as in `samples`. */
  readonly number: Ints;
  /** [example] Where each example's content ends. */
  readonly content_end: Ints;
  /** [byte] The contents, one after another. */
  readonly content: Uint8Array;
}

/** One series of TensorBoard's histograms in one piece, of bins that their writer chose: what is known is how many values each holds. */
export interface Histograms {
  readonly kind: 'histograms';
  /** The parameter, named by rule from the series' tag: `dense/kernel`. */
  readonly path: string;
  /** The layer that owns it; empty where the tag names none. */
  readonly layer: string;
  /** `weights`, `gradients`, or `other`: what the tag says that these are values of. */
  readonly of: string;
  /** What the steps count: `step` (batches finished), or `epoch` where that is all that is known. */
  readonly axis: string;
  /** [step] Step of each histogram. */
  readonly step: Float64Array;
  /** [step] Seconds since 1970 of each histogram. */
  readonly wall_time: Float64Array;
  /** [step] Where each histogram's bins end. */
  readonly bucket_end: Ints;
  /** [bucket] Left edge of each bin; equal to its right edge where it holds one value only. */
  readonly left: Float64Array;
  /** [bucket] Right edge of each bin. */
  readonly right: Float64Array;
  /** [bucket] Values in each bin; some writers weight them. */
  readonly count: Float64Array;
}

/** Two evaluations of the same samples, each of which has any number of labels: this one, and the other one. */
export interface LabelComparison {
  readonly kind: 'label_comparison';
  /** The labels. */
  readonly classes: string;
  /** Names of the labels that only the other evaluation has. */
  readonly others: readonly string[];
  /** Names of the labels that the other evaluation does not have. */
  readonly lacking: readonly string[];
  /** Step of the other evaluation. */
  readonly other_step: number;
  /** What says that two samples are the same, as in `comparison`. */
  readonly matched_by: 'id' | 'number';
  /** Samples that are compared. */
  readonly compared: number;
  /** Samples that this evaluation alone tells of. */
  readonly only_this: number;
  /** Samples that the other one alone tells of. */
  readonly only_other: number;
  /** Samples of which the two call different labels true; they are not compared. */
  readonly truth_differs: number;
  /** Samples of which no decision counts for both; they are not compared. */
  readonly truth_unknown: number;
  /** Samples about which both are right, label by label. */
  readonly both_right: number;
  /** Those about which this one alone is. */
  readonly only_this_right: number;
  /** Those about which the other one alone is. */
  readonly only_other_right: number;
  /** McNemar's exact two-sided p; null where none is compared. */
  readonly p: number | null;
  /** Share of samples about which this one is right less that of the other one. */
  readonly difference: number | null;
  /** Lower end of its 95 % interval. */
  readonly difference_low: number | null;
  /** Upper end of it. */
  readonly difference_high: number | null;
  /** [label] Decisions about each label that are compared. */
  readonly decisions: Ints;
  /** [label] Those of which this one alone is right. */
  readonly only_this_right_label: Ints;
  /** [label] Those of which the other one alone is right. */
  readonly only_other_right_label: Ints;
  /** [label] McNemar's p of each label; NaN where no decision has one of both alone right. */
  readonly label_p: Float64Array;
  /** [label] The same by Holm (1979). */
  readonly label_p_holm: Float64Array;
  /** [label] Share of right decisions less that of the other one; NaN where there is none. */
  readonly label_difference: Float64Array;
  /** [label] Lower end of its 95 % interval. */
  readonly label_low: Float64Array;
  /** [label] Upper end of it. */
  readonly label_high: Float64Array;
}

/** What became of the labels of each sample at one evaluation of a task in which samples have any number of labels. */
export interface LabelPredictions {
  readonly kind: 'label_predictions';
  /** The labels. */
  readonly classes: string;
  /** The samples; their truth is -1, since none has a single class. */
  readonly samples: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** What was told was made from; null: it was given as 0 and 1. */
  readonly score: 'prob' | 'logit' | 'logprob' | null;
  /** Samples that are not `kept`, counted by reason. */
  readonly dropped: { readonly [name: string]: number };
  /** [sample] Whether the sample counts; false where it was dropped, and then it has no entries. */
  readonly kept: Uint8Array;
  /** [sample] Mean of -log p over the labels that count, p the probability of what is true of the label, at least 1e-12; without scores the share of labels that are wrong; NaN where no label counts. */
  readonly loss: Float32Array;
  /** [sample] Where each sample's entries end. */
  readonly entry_end: Ints;
  /** [entry] Id of the label. */
  readonly label: Ints;
  /** [entry] 1 missed, 2 told falsely, 3 told rightly; -1 it does not count. */
  readonly became: Ints;
  /** [entry] Its probability in steps of 1/65536, rounded down; 0 where it does not count. */
  readonly probability: Ints | null;
}

/** One sample through a training: the evaluations that told of it. Entries as in `label_predictions`. */
export interface LabelSampleHistory {
  readonly kind: 'label_sample_history';
  /** The labels. */
  readonly classes: string;
  /** Id of the sample, where ids are texts. */
  readonly id: string | null;
  /** Number of the sample. */
  readonly number: number;
  /** Place of its example among all of the series of examples, or -1. */
  readonly example: number;
  /** [step] Step of each evaluation. */
  readonly step: Ints;
  /** [step] As in `label_predictions`. */
  readonly loss: Float64Array;
  /** [step] Where the entries of each evaluation end. */
  readonly entry_end: Ints;
  /** [entry] Id of the label. */
  readonly label: Ints;
  /** [entry] 1 missed, 2 told falsely, 3 told rightly; -1 it does not count. */
  readonly became: Ints;
  /** [entry] Its probability, a multiple of 1/65536; NaN where there is none. */
  readonly probability: Float64Array;
}

/** Samples whose labels became what was asked for, sorted; of many a part. Entries as in `label_predictions`. */
export interface LabelSampleList {
  readonly kind: 'label_sample_list';
  /** The labels. */
  readonly classes: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** Samples of the evaluation that count. */
  readonly samples: number;
  /** Samples that match. */
  readonly matching: number;
  /** Those of them of which there is an example to look at. */
  readonly stored: number;
  /** Place among those that match of the first one told. */
  readonly first: number;
  /** Id of each sample, where ids are texts. */
  readonly ids: readonly string[] | null;
  /** [sample] Number of each sample: its id where ids are no texts. */
  readonly number: Ints;
  /** [sample] As in `label_predictions`. */
  readonly loss: Float64Array;
  /** [sample] Place of its example among all of the series of examples, or -1. */
  readonly example: Ints;
  /** [sample] Where each sample's entries end. */
  readonly entry_end: Ints;
  /** [entry] Id of the label. */
  readonly label: Ints;
  /** [entry] 1 missed, 2 told falsely, 3 told rightly; -1 it does not count. */
  readonly became: Ints;
  /** [entry] Its probability, a multiple of 1/65536; NaN where there is none. */
  readonly probability: Float64Array;
}

/** A task in which each sample has any number of labels: each sample and label is a decision of its own. */
export interface Multilabel {
  readonly kind: 'multilabel';
  /** The labels. */
  readonly classes: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** Samples that are not dropped. */
  readonly samples: number;
  /** Samples that are not counted at all, by reason. */
  readonly dropped: { readonly [name: string]: number };
  /** All decisions of `left_out`, by reason. */
  readonly reasons: { readonly [name: string]: number };
  /** Size of the data set as declared; differs when samples are lost or doubled. */
  readonly declared_size: number | null;
  /** What was told was made from; null: it was given as 0 and 1. */
  readonly score: 'prob' | 'logit' | 'logprob' | null;
  /** Probability above which each label is told; null: each has its own, or there are no scores. */
  readonly threshold: number | null;
  /** Most wrong labels of a sample that is in pairs. */
  readonly most_wrong: number;
  /** Swaps in pairs that are not listed. */
  readonly unlisted_swaps: number;
  /** The same of pairs missed or false together. */
  readonly unlisted_together: number;
  /** [label, 4] Of each label the samples in which it was told rightly, told falsely, missed, and rightly not told (tp, fp, fn, tn). */
  readonly table: Ints;
  /** [label] Samples of which nobody knows whether they have the label. */
  readonly unknown: Ints;
  /** [label] Samples in which the label does not count for another of the `reasons`. */
  readonly left_out: Ints;
  /** [wrong] Samples with exactly so many wrong labels, from 0. */
  readonly wrong_count: Ints;
  /** [label] Where the swaps of each missed label end. */
  readonly row_end: Ints;
  /** [swap] Label that was told falsely meanwhile. */
  readonly column: Ints;
  /** [swap] Samples with both. */
  readonly count: Ints;
  /** [label] Where the pairs end in which a label is the lower one. */
  readonly together_end: Ints;
  /** [together] The higher label of each pair. */
  readonly together_column: Ints;
  /** [together] Samples in which both were missed. */
  readonly missed_together: Ints;
  /** [together] Samples in which both were told falsely. */
  readonly false_together: Ints;
  /** [label] Probability above which the label is told. */
  readonly label_threshold: Float64Array | null;
  /** [label, 4] Sum of the sample weights in `table`. */
  readonly table_weight: Float64Array | null;
  /** [label, 4] Sum of their squares. */
  readonly weight_squares: Float64Array | null;
  /** [wrong] Sum of the sample weights in `wrong_count`. */
  readonly wrong_weight: Float64Array | null;
  /** [wrong] Sum of their squares. */
  readonly wrong_weight_squares: Float64Array | null;
}

/** Predicted numbers of two evaluations of the same samples: those of this one, and of the other one. */
export interface NumberComparison {
  readonly kind: 'number_comparison';
  /** Name of each target of this evaluation; empty where nobody named it. */
  readonly targets: readonly string[];
  /** Step of the other evaluation. */
  readonly other_step: number;
  /** What says that two samples are the same, as in `comparison`. */
  readonly matched_by: 'id' | 'number';
  /** [target] Values that are compared. */
  readonly compared: Ints;
  /** [target] Values that count for both, which call different numbers true. */
  readonly truth_differs: Ints;
  /** [target] Values that count here, and not there. */
  readonly left_out: Ints;
  /** [target] Mean |e| here of what is compared; NaN where there is nothing. */
  readonly absolute: Float64Array;
  /** [target] Mean |e| there. */
  readonly other_absolute: Float64Array;
  /** [target] The first less the second. */
  readonly difference: Float64Array;
  /** [target] Lower end of its 95 % interval, by Student's t of the differences; NaN below two values. */
  readonly difference_low: Float64Array;
  /** [target] Upper end of it. */
  readonly difference_high: Float64Array;
  /** [target] Two-sided p of the paired t test, with which the interval agrees. */
  readonly p: Float64Array;
  /** [target] Values whose |e| is smaller here. */
  readonly closer: Ints;
  /** [target] Values whose |e| is smaller there. */
  readonly farther: Ints;
}

/** What was predicted of each sample at one evaluation of a regression, in the order of `samples`, which tells what is true. */
export interface NumberPredictions {
  readonly kind: 'number_predictions';
  /** The samples, and the numbers that are true of them. */
  readonly samples: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** Name of each target; empty where nobody named it. */
  readonly targets: readonly string[];
  /** Values that are not `kept`, of all targets, counted by reason. */
  readonly dropped: { readonly [name: string]: number };
  /** [sample, target] What was predicted. */
  readonly predicted: Float64Array;
  /** [sample, target] Whether the value counts. */
  readonly kept: Uint8Array;
}

/** One sample through a training: the evaluations that told of it. */
export interface NumberSampleHistory {
  readonly kind: 'number_sample_history';
  /** Id of the sample, where ids are texts. */
  readonly id: string | null;
  /** Number of the sample. */
  readonly number: number;
  /** Place of its example among all of the series of examples, or -1. */
  readonly example: number;
  /** Name of each target. */
  readonly targets: readonly string[];
  /** [target] The true number of each target; NaN where nobody knows it. */
  readonly truth: Float64Array;
  /** [step] Step of each evaluation. */
  readonly step: Ints;
  /** [step, target] What was predicted; NaN where the value does not count. */
  readonly predicted: Float64Array;
}

/** Samples whose values of one target lie where it was asked for, sorted; of many a part. */
export interface NumberSampleList {
  readonly kind: 'number_sample_list';
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** Name of each target. */
  readonly targets: readonly string[];
  /** The target that is told of. */
  readonly target: number;
  /** Samples of the evaluation whose value of this target counts. */
  readonly samples: number;
  /** Samples that match. */
  readonly matching: number;
  /** Those of them of which there is an example to look at. */
  readonly stored: number;
  /** Place among those that match of the first one told. */
  readonly first: number;
  /** Id of each sample, where ids are texts. */
  readonly ids: readonly string[] | null;
  /** [sample] Number of each sample: its id where ids are no texts. */
  readonly number: Ints;
  /** [sample] What is true. */
  readonly truth: Float64Array;
  /** [sample] What was predicted. */
  readonly predicted: Float64Array;
  /** [sample] Place of its example among all of the series of examples, or -1. */
  readonly example: Ints;
}

/** The parameters of a model in forward order: the axis that statistics and distributions refer to. */
export interface Parameters {
  readonly kind: 'parameters';
  /** Each parameter, in forward order. */
  readonly parameters: readonly Parameter[];
  /** [dimension] Shapes of all parameters, one after another. */
  readonly shape: Ints;
  /** [parameter] Where each parameter's shape ends. */
  readonly shape_end: Ints;
}

/** What the model said of each sample at one evaluation, in the order of `samples`; K classes. */
export interface Predictions {
  readonly kind: 'predictions';
  /** The classes. */
  readonly classes: string;
  /** The samples, and what is true of them. */
  readonly samples: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** What the predictions were made from. */
  readonly score: 'prob' | 'logit' | 'logprob' | null;
  /** Least probability for a prediction; below it the model abstains. */
  readonly threshold: number | null;
  /** Samples that are not `kept`, counted by reason. */
  readonly dropped: { readonly [name: string]: number };
  /** [sample] 0 where the prediction is the truth, else 1 + the class id predicted; 1 + K where the model abstained. */
  readonly predicted: Ints;
  /** [sample] Confidence in steps of 1/65536, rounded down. */
  readonly confidence: Ints;
  /** [sample] -log p of the true class, p at least 1e-12; NaN where it is not known. */
  readonly loss: Float32Array;
  /** [sample] Place of the truth among the scores, from 1; 255 from there on, 0 where it is not known. */
  readonly rank: Ints;
  /** [sample] Whether the sample counts; false where it was dropped, and then nothing else is said of it. */
  readonly kept: Uint8Array;
  /** [ranked] Places of the samples with the largest loss, the largest first. */
  readonly ranked: Ints;
  /** [ranked, 5] The five classes with the highest scores, -1 where there are fewer. */
  readonly top: Ints;
  /** [ranked, 5] Their probabilities in steps of 1/65536, rounded down. */
  readonly top_score: Ints;
}

/** How far predicted numbers are from true ones, target by target, at one evaluation. */
export interface Regression {
  readonly kind: 'regression';
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** Name of each target; empty where nobody named it. */
  readonly targets: readonly string[];
  /** Values that do not count, of all targets, by reason. */
  readonly dropped: { readonly [name: string]: number };
  /** Samples that the evaluation has seen; each has a value for every target. */
  readonly samples: number;
  /** [target] Values that count. */
  readonly count: Ints;
  /** [target] Sum of w x e. */
  readonly error: Float64Array;
  /** [target] Sum of w x |e|. */
  readonly absolute: Float64Array;
  /** [target] Sum of w x e^2. */
  readonly error_squares: Float64Array;
  /** [target] Sum of w x e^4. */
  readonly error_fourths: Float64Array;
  /** [target] Mean truth; NaN where no value counts. */
  readonly truth_mean: Float64Array;
  /** [target] Sum of w x (t - mean)^2. */
  readonly truth_squares: Float64Array;
  /** [target] Sum of w x (t - mean)^4. */
  readonly truth_fourths: Float64Array;
  /** [target] Sum of w x e^2 x (t - mean)^2. */
  readonly error_truth: Float64Array;
  /** [target] Mean prediction; NaN where no value counts. */
  readonly predicted_mean: Float64Array;
  /** [target] Sum of w x (p - its mean)^2. */
  readonly predicted_squares: Float64Array;
  /** [target] Sum of w x (t - its mean) x (p - its mean). */
  readonly product: Float64Array;
  /** [target, 65] Edges of the bins, rising. */
  readonly edge: Float64Array;
  /** [target] Where each target's cells end. */
  readonly cell_end: Ints;
  /** [cell] Cells that are not empty: 66 x bin of t + bin of p. */
  readonly cell: Ints;
  /** [cell] Values in each cell. */
  readonly cell_count: Ints;
  /** [target, 66] Sum of w x e of the truths in each bin. */
  readonly bin_error: Float64Array;
  /** [target, 66] Sum of w x |e| of the truths in each bin. */
  readonly bin_absolute: Float64Array;
  /** [target, 66] Sum of w x e^2 of the truths in each bin. */
  readonly bin_squares: Float64Array;
  /** [target] Where each target's sizes of errors end. */
  readonly residual_end: Ints;
  /** [residual] Code of each size that errors have. */
  readonly residual: Ints;
  /** [residual] Errors of this size. */
  readonly residual_count: Ints;
  /** [target] Where each target's largest errors end. */
  readonly largest_end: Ints;
  /** Id of each sample with a large error, as its owner gives it, where ids are texts. */
  readonly ids: readonly string[] | null;
  /** [largest] Its id as a whole number: its owner's, else its place in the evaluation. */
  readonly number: Ints;
  /** [largest] Its truth; the largest error of a target comes first. */
  readonly largest_truth: Float64Array;
  /** [largest] What was predicted of it. */
  readonly largest_predicted: Float64Array;
  /** [target] Sum of w. */
  readonly weight_sum: Float64Array | null;
  /** [target] Sum of w^2. */
  readonly weight_squares: Float64Array | null;
  /** [cell] Sum of w in each cell. */
  readonly cell_weight: Float64Array | null;
  /** [target, 66] Sum of w^2 of the truths in each bin. */
  readonly bin_weight_squares: Float64Array | null;
  /** [residual] Sum of w of each size. */
  readonly residual_weight: Float64Array | null;
}

/** One sample through a training: the evaluations that told of it. K is the number of classes. */
export interface SampleHistory {
  readonly kind: 'sample_history';
  /** The classes. */
  readonly classes: string;
  /** Id of the sample, where ids are texts. */
  readonly id: string | null;
  /** Number of the sample. */
  readonly number: number;
  /** True class; K where nobody knows it. */
  readonly truth: number;
  /** Place of its example among all of the series of examples, or -1. */
  readonly example: number;
  /** Whether the confidence is that of the positive class. */
  readonly binary: boolean;
  /** [step] Step of each evaluation. */
  readonly step: Ints;
  /** [step] Predicted class; K where the model abstained. */
  readonly predicted: Ints;
  /** [step] Confidence, as in `predictions`. */
  readonly confidence: Float64Array;
  /** [step] -log p of the true class; NaN where it is not known. */
  readonly loss: Float64Array;
  /** [step] Place of the truth among the scores, from 1; 255 from there on, 0 not known. */
  readonly rank: Ints;
}

/** Samples that match what was asked for, sorted; of many a part. K is the number of classes. */
export interface SampleList {
  readonly kind: 'sample_list';
  /** The classes. */
  readonly classes: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** Samples of the evaluation that count. */
  readonly samples: number;
  /** Samples that match. */
  readonly matching: number;
  /** Those of them of which there is an example to look at. */
  readonly stored: number;
  /** Place among those that match of the first one told. */
  readonly first: number;
  /** Whether the confidence is that of the positive class. */
  readonly binary: boolean;
  /** Id of each sample, where ids are texts. */
  readonly ids: readonly string[] | null;
  /** [sample] Number of each sample: its id where ids are no texts. */
  readonly number: Ints;
  /** [sample] True class; K where nobody knows it. */
  readonly truth: Ints;
  /** [sample] Predicted class; K where the model abstained. */
  readonly predicted: Ints;
  /** [sample] Predicted class at the earlier step asked for, K abstained; -1 where it is not known. */
  readonly before: Ints;
  /** Names of the classes that only the other evaluation asked for has, as in `comparison`. */
  readonly others: readonly string[];
  /** [sample] Predicted class at the other evaluation asked for, in the ids of `comparison`; -1 where it is not known. */
  readonly other: Ints;
  /** [sample] Confidence, as in `predictions`: a multiple of 1/65536. */
  readonly confidence: Float64Array;
  /** [sample] -log p of the true class; NaN where it is not known. */
  readonly loss: Float64Array;
  /** [sample] Place of the truth among the scores, from 1; 255 from there on, 0 not known. */
  readonly rank: Ints;
  /** [sample] Place of its example among all of the series of examples, or -1. */
  readonly example: Ints;
  /** [sample, 5] The five classes with the highest scores; -1 where they are not stored. */
  readonly top: Ints;
  /** [sample, 5] Their probabilities. */
  readonly top_score: Float64Array;
}

/** The samples that predictions refer to by place, in the order of the evaluation. */
export interface Samples {
  readonly kind: 'samples';
  /** Id of each sample as its owner gives it, where ids are texts. */
  readonly ids: readonly string[] | null;
  /** [sample] Id of each sample as a whole number: its owner's, else its place in the data set. */
  readonly number: Ints;
  /** [sample] Class id of each sample; K, the number of classes, where nobody knows it, -1 where the label was no class or the task has none. */
  readonly truth: Ints;
  /** [sample, target] Of a regression the true number of each target; NaN where nobody knows it. `truth` is -1 then. */
  readonly number_truth: Float64Array | null;
  /** [sample] Weight of each sample. */
  readonly weight: Float64Array | null;
}

/** One scalar series in one piece. On disk scalars are TensorBoard's own; this is their form in an answer. */
export interface Scalars {
  readonly kind: 'scalars';
  /** What the steps count: `step` (batches finished), or `epoch` where that is all that is known. */
  readonly axis: string;
  /** [point] Step of each point. */
  readonly step: Float64Array;
  /** [point] Seconds since 1970 of each point. */
  readonly wall_time: Float64Array;
  /** [point] The value; NaN and infinities as logged. */
  readonly value: Float64Array;
}

/** One class against the others, class by class: every threshold at which recall changes, and how sure the model was. */
export interface ScoreCurves {
  readonly kind: 'score_curves';
  /** The classes. */
  readonly classes: string;
  /** Epoch of the evaluation, from 0. */
  readonly epoch: number | null;
  /** What the predictions were made from. */
  readonly score: 'prob' | 'logit' | 'logprob' | null;
  /** Whether vertices are bins of scores instead of scores. */
  readonly binned: boolean;
  /** Samples that are in no curve, counted by reason. */
  readonly dropped: { readonly [name: string]: number };
  /** Samples that are in every curve. */
  readonly samples: number;
  /** Sum of their weights; null: each weighs 1. */
  readonly weight_sum: number | null;
  /** Sum of their squared weights. */
  readonly weight_square_sum: number | null;
  /** Sum of their Brier scores. */
  readonly brier_sum: number | null;
  /** Sum of their squared Brier scores. */
  readonly brier_squares: number | null;
  /** Sum of -log p of the true class, p at least 1e-12. */
  readonly nll_sum: number | null;
  /** Sum of the squares of these. */
  readonly nll_squares: number | null;
  /** Samples whose true class had a probability below 1e-12. */
  readonly clipped: number;
  /** [curve] Class id of each curve; -1: all decisions pooled (micro). */
  readonly of: Ints;
  /** [curve] Negatives below the last vertex; all of them where there is no positive. */
  readonly after: Ints;
  /** [curve] Where each curve's vertices end. */
  readonly vertex_end: Ints;
  /** [vertex] Log-odds of each vertex, its lowest where it is a run. */
  readonly threshold: Float32Array;
  /** [vertex] Negatives above the vertex and below the one before. */
  readonly between: Ints;
  /** [vertex] Positives of the vertex. */
  readonly positives: Ints;
  /** [vertex] Negatives of the very same score, or in the same bin. */
  readonly ties: Ints;
  /** [vertex] Whether its positives have different scores, with no negative among them. */
  readonly single: Uint8Array;
  /** [bin] Bins of the confidence that are not empty, rising: b is (b, b + 1] / 3000. */
  readonly bin: Ints;
  /** [bin] Samples in the bin for which the model was right. */
  readonly bin_right: Ints;
  /** [bin] The others in the bin. */
  readonly bin_wrong: Ints;
  /** [bin] Sum of w x p in the bin, w the weight and p the confidence. */
  readonly bin_confidence: Float64Array;
  /** [bin] Sum of w x p x (1 - p). */
  readonly bin_variance: Float64Array;
  /** [curve, 50] Positives by probability, in 50 bins: b is (b, b + 1] / 50. */
  readonly score_positive: Ints | null;
  /** [curve, 50] Negatives by probability, in the same bins. */
  readonly score_negative: Ints | null;
  /** [vertex] Weight of `between`. */
  readonly between_weight: Float64Array | null;
  /** [vertex] Weight of `positives`. */
  readonly positives_weight: Float64Array | null;
  /** [vertex] Weight of `ties`. */
  readonly ties_weight: Float64Array | null;
  /** [curve] Weight of `after`. */
  readonly after_weight: Float64Array | null;
  /** [curve, 2] Sum of the squared weights of a curve's positives, and of its negatives. */
  readonly weight_squares: Float64Array | null;
  /** [bin] Weight of `bin_right`. */
  readonly bin_right_weight: Float64Array | null;
  /** [bin] Weight of `bin_wrong`. */
  readonly bin_wrong_weight: Float64Array | null;
}

/** Numbers of all evaluations of a series of score curves, of the same classes. Intervals are at 95 %; NaN where nothing is defined, or known. */
export interface ScoreHistory {
  readonly kind: 'score_history';
  /** The classes. */
  readonly classes: string;
  /** Class id of the areas; -1: all decisions pooled (micro); -2: the mean of the classes (macro). */
  readonly of: number;
  /** [evaluation] Step of each evaluation, rising. */
  readonly step: Ints;
  /** [evaluation] Area under the ROC curve. */
  readonly auc: Float64Array;
  /** [evaluation] Lower end of its interval. */
  readonly auc_low: Float64Array;
  /** [evaluation] Upper end of its interval. */
  readonly auc_high: Float64Array;
  /** [evaluation] Average precision. */
  readonly ap: Float64Array;
  /** [evaluation] Expected calibration error over 15 bins of equal width. */
  readonly ece: Float64Array;
  /** [evaluation] What it would be on average if the model were perfectly calibrated. */
  readonly ece_floor: Float64Array;
  /** [evaluation] Brier score. */
  readonly brier: Float64Array;
  /** [evaluation] Lower end of its interval. */
  readonly brier_low: Float64Array;
  /** [evaluation] Upper end of its interval. */
  readonly brier_high: Float64Array;
  /** [evaluation] Negative log-likelihood. */
  readonly nll: Float64Array;
  /** [evaluation] Lower end of its interval. */
  readonly nll_low: Float64Array;
  /** [evaluation] Upper end of its interval. */
  readonly nll_high: Float64Array;
}

/** The layers of a model, each parent before its children, producers before consumers within a parent. */
export interface Structure {
  readonly kind: 'structure';
  /** What the structure was read from. */
  readonly source: 'keras' | 'keras_json_2' | 'keras_json_3' | 'graph_def' | 'torch' | 'parameter_names' | 'torch_graph';
  /** Name of the model. */
  readonly model: string;
  /** The model's parameters. */
  readonly parameters: string;
  /** Each node, parents before children. */
  readonly nodes: readonly Node[];
  /** The model's inputs by name: the node that each enters by. */
  readonly inputs: { readonly [name: string]: number };
  /** The model's outputs by name: the node that each leaves by. */
  readonly outputs: { readonly [name: string]: number };
  /** Types that `dtype` refers to. */
  readonly dtypes: readonly string[];
  /** What could not be read, in sentences. */
  readonly notes: readonly string[];
  /** [node] The node around each node; -1 at the top. */
  readonly parent: Ints;
  /** [edge, 4] From node, its output slot, to node, its input slot. */
  readonly edge: Ints;
  /** [node] Where each node's outputs end. */
  readonly output_end: Ints;
  /** [dimension] Shapes of all outputs, one after another; -1: unknown. */
  readonly shape: Ints;
  /** [output] Where each output's shape ends. */
  readonly shape_end: Ints;
  /** [output] Type of each output: its place in `dtypes`; -1: unknown. */
  readonly dtype: Ints;
  /** [node] Multiply-adds of one example, forward; -1: not counted. */
  readonly macs: Ints;
  /** [node] Bytes of the outputs of one example; -1: not counted. */
  readonly activation_bytes: Ints;
  /** [node] Whether the edges between this node's children were told. */
  readonly edges_known: Uint8Array;
}

/** Statistics of each parameter's weights, gradient and update at some steps of a training. */
export interface TensorStats {
  readonly kind: 'tensor_stats';
  /** The parameters, in forward order. */
  readonly parameters: string;
  /** Names of the statistics: `<of>_<what>`, of weight, gradient or update. */
  readonly statistics: readonly string[];
  /** Names of the learning rates: of optimizers, or of their groups of parameters. */
  readonly groups: readonly string[];
  /** Each parameter's updates are told from every how many-th value, and scaled up; null: from all. */
  readonly sampled: readonly number[] | null;
  /** [step] Number of each batch, from 0. */
  readonly step: Ints;
  /** [statistic, parameter, step] The statistics. */
  readonly value: Float32Array;
  /** [step] Loss of this very batch; NaN when unknown. */
  readonly loss: Float64Array;
  /** [step] Examples in the batch; -1 when unknown. */
  readonly batch_examples: Ints;
  /** [step] Epochs gone when the batch began, with their fraction where their length is known. */
  readonly epoch: Float64Array;
  /** [step] What the loss was multiplied with before its gradient was taken. */
  readonly loss_scale: Float64Array;
  /** [step] What clipping by the global norm multiplied gradients with; NaN when unknown. */
  readonly clip_factor: Float64Array;
  /** [step] Whether loss scaling left the update out. */
  readonly skipped: Uint8Array;
  /** [group, step] What the step used; NaN when unknown. */
  readonly learning_rate: Float64Array;
}

/** How often the true class is among the k classes with the highest scores, k from 1 to 10, at each evaluation of a series. */
export interface TopK {
  readonly kind: 'top_k';
  /** The classes. */
  readonly classes: string;
  /** Whether samples have weights. */
  readonly weighted: boolean;
  /** [step] Step of each evaluation. */
  readonly step: Ints;
  /** [step] Samples whose truth is known. */
  readonly samples: Ints;
  /** [step] Those of them on which the model abstained. */
  readonly abstained: Ints;
  /** [step] Those of them that are wrong, and of which nobody knows where the truth came: they count as right for no k. */
  readonly unranked: Ints;
  /** [step, 10] Samples whose truth is among the first k. */
  readonly right: Ints;
  /** [step, 10] Their share; NaN where there are no samples. */
  readonly accuracy: Float64Array;
  /** [step, 10] Lower end of its interval. */
  readonly low: Float64Array;
  /** [step, 10] Upper end of its interval. */
  readonly high: Float64Array;
}

/** Written at each `fit`: how the training is set up, and where its steps begin. */
export interface TrainingFacts {
  readonly kind: 'training_facts';
  /** What trains: `keras/tensorflow`. */
  readonly framework: string;
  /** The optimizer's class. */
  readonly optimizer: string | null;
  /** The optimizer's configuration. */
  readonly optimizer_config: { readonly [name: string]: Json };
  /** The loss by name. */
  readonly loss: string | null;
  /** The loss's arguments. */
  readonly loss_config: { readonly [name: string]: Json };
  /** Loss of the best constant prediction; null when unknown. */
  readonly baseline_loss: number | null;
  /** Examples in a batch. */
  readonly batch_size: number | null;
  /** Training batches finished before this fit. */
  readonly first_step: number;
  /** Number of this fit's first epoch. */
  readonly initial_epoch: number;
  /** How far epochs are numbered ahead of the framework's own numbers, which begin anew with each fit. */
  readonly epoch_offset: number;
  /** Number of the epoch at which this fit ends. */
  readonly epochs: number | null;
  /** Training batches in an epoch; null when unknown. */
  readonly steps_per_epoch: number | null;
  /** Names of the evaluations that this training makes. */
  readonly evaluations: readonly string[];
  /** When each series is written, in words. */
  readonly schedule: { readonly [name: string]: string };
  /** Bytes kept of each group of series. */
  readonly budget: { readonly [name: string]: number };
  /** Versions of what trained and logged. */
  readonly versions: { readonly [name: string]: string };
  /** What the user says of the training. */
  readonly hyperparameters: { readonly [name: string]: Json };
}

/** The values of each parameter before one step: whole where they are few, else a part that is the same at each moment. */
export interface WeightValues {
  readonly kind: 'weight_values';
  /** The parameters, in forward order, with their true shapes. */
  readonly parameters: string;
  /** What of each parameter is told: all, blocks, kernels, sample or none. */
  readonly kept: readonly ('all' | 'blocks' | 'kernels' | 'sample' | 'none')[];
  /** What the axes of a parameter are: `in,out`, `height,width,in,out`, `id,feature`; or empty. */
  readonly axes: readonly string[];
  /** [parameter] Power of two by which each parameter's values are to be multiplied. */
  readonly exponent: Ints;
  /** [parameter] Sum of the squares of all finite values; NaN where nobody knows them. */
  readonly sum_squares: Float64Array;
  /** [parameter] Values that are NaN or infinite, of all. */
  readonly non_finite: Ints;
  /** [parameter] Rows of cells. */
  readonly rows: Ints;
  /** [parameter] Cells in a row. */
  readonly columns: Ints;
  /** [parameter] Where each parameter's cells end. */
  readonly cell_end: Ints;
  /** [cell] Values, or means of blocks, row by row, before they are multiplied. */
  readonly value: Float32Array;
  /** [parameter] Where each parameter's blocks end; only of one kept as blocks there are any. */
  readonly block_end: Ints;
  /** [block] Least value of each block, before it is multiplied; NaN where all are NaN. */
  readonly low: Float32Array;
  /** [block] Greatest value of each block, before it is multiplied; NaN where all are NaN. */
  readonly high: Float32Array;
  /** [parameter] Where each parameter's kernels end; only of one kept as kernels there are any. */
  readonly kernel_end: Ints;
  /** [kernel] Which kernel each row is: that of input i to output o of n outputs is i · n + o. */
  readonly kernel: Ints;
  /** [parameter] Where each parameter's strongest values end. */
  readonly strong_end: Ints;
  /** [strong value] Places of the values furthest from 0, in the order of the array; of one kept whole none are named. */
  readonly strong: Ints;
  /** [strong value] Those values themselves. */
  readonly strong_value: Float32Array;
  /** [parameter] Where each parameter's singular values end; none: not computed. */
  readonly singular_end: Ints;
  /** [singular value] Singular values of the matrix, exact down to 10^-7 of the first one. */
  readonly singular: Float32Array;
}

/** Each kind's payload. */
export interface Payloads {
  activity: Activity;
  calibration: Calibration;
  changes: Changes;
  classes: Classes;
  comparison: Comparison;
  confusion_matrix: ConfusionMatrix;
  curves: Curves;
  distributions: Distributions;
  examples: Examples;
  histograms: Histograms;
  label_comparison: LabelComparison;
  label_predictions: LabelPredictions;
  label_sample_history: LabelSampleHistory;
  label_sample_list: LabelSampleList;
  multilabel: Multilabel;
  number_comparison: NumberComparison;
  number_predictions: NumberPredictions;
  number_sample_history: NumberSampleHistory;
  number_sample_list: NumberSampleList;
  parameters: Parameters;
  predictions: Predictions;
  regression: Regression;
  sample_history: SampleHistory;
  sample_list: SampleList;
  samples: Samples;
  scalars: Scalars;
  score_curves: ScoreCurves;
  score_history: ScoreHistory;
  structure: Structure;
  tensor_stats: TensorStats;
  top_k: TopK;
  training_facts: TrainingFacts;
  weight_values: WeightValues;
}

export type Kind = keyof Payloads;

/** What is declared of each kind, for decoding. */
export const KINDS: {
  readonly [K in Kind]: {
    readonly version: number;
    readonly arrays: {
      readonly [name: string]: {
        readonly dtype: string;
        readonly axes: readonly (string | number)[];
        /** The axis along which points are joined. */
        readonly pointAxis: number;
        readonly optional: boolean;
      };
    };
    readonly defaults: { readonly [name: string]: Json };
  };
} = {
  activity: {"version": 1, "arrays": {"units": {"dtype": "int64", "axes": ["layer"], "pointAxis": 0, "optional": false}, "never_positive": {"dtype": "int64", "axes": ["layer"], "pointAxis": 0, "optional": false}, "values": {"dtype": "int64", "axes": ["layer"], "pointAxis": 0, "optional": false}, "zeros": {"dtype": "int64", "axes": ["layer"], "pointAxis": 0, "optional": false}, "saturated": {"dtype": "int64", "axes": ["layer"], "pointAxis": 0, "optional": false}, "non_finite": {"dtype": "int64", "axes": ["layer"], "pointAxis": 0, "optional": false}}, "defaults": {}},
  calibration: {"version": 1, "arrays": {"low": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "high": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "count": {"dtype": "int64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "trials": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "confidence": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "accuracy": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "accuracy_low": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "accuracy_high": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "coverage": {"dtype": "float64", "axes": ["cut"], "pointAxis": 0, "optional": false}, "covered_accuracy": {"dtype": "float64", "axes": ["cut"], "pointAxis": 0, "optional": false}, "covered_from": {"dtype": "float64", "axes": ["cut"], "pointAxis": 0, "optional": false}}, "defaults": {"epoch": null, "clipped": 0}},
  changes: {"version": 1, "arrays": {"number": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "truth": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "before": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "after": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "newly_right": {"dtype": "bool", "axes": ["sample"], "pointAxis": 0, "optional": false}, "newly_wrong": {"dtype": "bool", "axes": ["sample"], "pointAxis": 0, "optional": false}, "forgotten": {"dtype": "bool", "axes": ["sample"], "pointAxis": 0, "optional": false}}, "defaults": {"ids": null}},
  classes: {"version": 1, "arrays": {}, "defaults": {"parents": null, "task": "multiclass", "positive": null, "ignored": null}},
  comparison: {"version": 1, "arrays": {"both_right": {"dtype": "int64", "axes": ["class"], "pointAxis": 0, "optional": false}, "only_this_right": {"dtype": "int64", "axes": ["class"], "pointAxis": 0, "optional": false}, "only_other_right": {"dtype": "int64", "axes": ["class"], "pointAxis": 0, "optional": false}, "both_wrong": {"dtype": "int64", "axes": ["class"], "pointAxis": 0, "optional": false}, "same_wrong": {"dtype": "int64", "axes": ["class"], "pointAxis": 0, "optional": false}, "class_p": {"dtype": "float64", "axes": ["class"], "pointAxis": 0, "optional": false}, "class_p_holm": {"dtype": "float64", "axes": ["class"], "pointAxis": 0, "optional": false}, "class_difference": {"dtype": "float64", "axes": ["class"], "pointAxis": 0, "optional": false}, "class_low": {"dtype": "float64", "axes": ["class"], "pointAxis": 0, "optional": false}, "class_high": {"dtype": "float64", "axes": ["class"], "pointAxis": 0, "optional": false}, "row_end": {"dtype": "int64", "axes": ["prediction"], "pointAxis": 0, "optional": false}, "column": {"dtype": "int64", "axes": ["cell"], "pointAxis": 0, "optional": false}, "count": {"dtype": "int64", "axes": ["cell"], "pointAxis": 0, "optional": false}, "this_right": {"dtype": "int64", "axes": ["cell"], "pointAxis": 0, "optional": false}, "other_right": {"dtype": "int64", "axes": ["cell"], "pointAxis": 0, "optional": false}}, "defaults": {"others": [], "lacking": []}},
  confusion_matrix: {"version": 1, "arrays": {"row_end": {"dtype": "int64", "axes": ["row"], "pointAxis": 0, "optional": false}, "column": {"dtype": "int64", "axes": ["cell"], "pointAxis": 0, "optional": false}, "count": {"dtype": "int64", "axes": ["cell"], "pointAxis": 0, "optional": false}, "weight": {"dtype": "float64", "axes": ["cell"], "pointAxis": 0, "optional": true}, "weight_squares": {"dtype": "float64", "axes": ["row"], "pointAxis": 0, "optional": true}, "column_weight_squares": {"dtype": "float64", "axes": ["row"], "pointAxis": 0, "optional": true}}, "defaults": {"epoch": null, "dropped": {}, "declared_size": null, "score": null, "threshold": null}},
  curves: {"version": 1, "arrays": {"of": {"dtype": "int64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "positives": {"dtype": "int64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "negatives": {"dtype": "int64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "auc": {"dtype": "float64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "auc_low": {"dtype": "float64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "auc_high": {"dtype": "float64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "auc_bound": {"dtype": "float64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "ap": {"dtype": "float64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "ap_low": {"dtype": "float64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "ap_high": {"dtype": "float64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "prevalence": {"dtype": "float64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "point_end": {"dtype": "int64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "threshold": {"dtype": "float64", "axes": ["point"], "pointAxis": 0, "optional": false}, "false_positive_rate": {"dtype": "float64", "axes": ["point"], "pointAxis": 0, "optional": false}, "recall": {"dtype": "float64", "axes": ["point"], "pointAxis": 0, "optional": false}, "precision": {"dtype": "float64", "axes": ["point"], "pointAxis": 0, "optional": false}, "band_low": {"dtype": "float64", "axes": ["curve", 201], "pointAxis": 0, "optional": true}, "band_high": {"dtype": "float64", "axes": ["curve", 201], "pointAxis": 0, "optional": true}, "score_positive": {"dtype": "int64", "axes": ["curve", 50], "pointAxis": 0, "optional": true}, "score_negative": {"dtype": "int64", "axes": ["curve", 50], "pointAxis": 0, "optional": true}}, "defaults": {"epoch": null, "binned": false, "limits": ""}},
  distributions: {"version": 1, "arrays": {"bucket_end": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "exponent": {"dtype": "int64", "axes": ["bucket"], "pointAxis": 0, "optional": false}, "count": {"dtype": "int64", "axes": ["bucket"], "pointAxis": 0, "optional": false}}, "defaults": {"sampled": null}},
  examples: {"version": 1, "arrays": {"number": {"dtype": "int64", "axes": ["example"], "pointAxis": 0, "optional": false}, "content_end": {"dtype": "int64", "axes": ["example"], "pointAxis": 0, "optional": false}, "content": {"dtype": "uint8", "axes": ["byte"], "pointAxis": 0, "optional": false}}, "defaults": {"ids": null, "feature_names": []}},
  histograms: {"version": 1, "arrays": {"step": {"dtype": "float64", "axes": ["step"], "pointAxis": 0, "optional": false}, "wall_time": {"dtype": "float64", "axes": ["step"], "pointAxis": 0, "optional": false}, "bucket_end": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "left": {"dtype": "float64", "axes": ["bucket"], "pointAxis": 0, "optional": false}, "right": {"dtype": "float64", "axes": ["bucket"], "pointAxis": 0, "optional": false}, "count": {"dtype": "float64", "axes": ["bucket"], "pointAxis": 0, "optional": false}}, "defaults": {"axis": "step"}},
  label_comparison: {"version": 1, "arrays": {"decisions": {"dtype": "int64", "axes": ["label"], "pointAxis": 0, "optional": false}, "only_this_right_label": {"dtype": "int64", "axes": ["label"], "pointAxis": 0, "optional": false}, "only_other_right_label": {"dtype": "int64", "axes": ["label"], "pointAxis": 0, "optional": false}, "label_p": {"dtype": "float64", "axes": ["label"], "pointAxis": 0, "optional": false}, "label_p_holm": {"dtype": "float64", "axes": ["label"], "pointAxis": 0, "optional": false}, "label_difference": {"dtype": "float64", "axes": ["label"], "pointAxis": 0, "optional": false}, "label_low": {"dtype": "float64", "axes": ["label"], "pointAxis": 0, "optional": false}, "label_high": {"dtype": "float64", "axes": ["label"], "pointAxis": 0, "optional": false}}, "defaults": {"others": [], "lacking": []}},
  label_predictions: {"version": 1, "arrays": {"kept": {"dtype": "bool", "axes": ["sample"], "pointAxis": 0, "optional": false}, "loss": {"dtype": "float16", "axes": ["sample"], "pointAxis": 0, "optional": false}, "entry_end": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "label": {"dtype": "int64", "axes": ["entry"], "pointAxis": 0, "optional": false}, "became": {"dtype": "int64", "axes": ["entry"], "pointAxis": 0, "optional": false}, "probability": {"dtype": "int64", "axes": ["entry"], "pointAxis": 0, "optional": true}}, "defaults": {"epoch": null, "score": null, "dropped": {}}},
  label_sample_history: {"version": 1, "arrays": {"step": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "loss": {"dtype": "float64", "axes": ["step"], "pointAxis": 0, "optional": false}, "entry_end": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "label": {"dtype": "int64", "axes": ["entry"], "pointAxis": 0, "optional": false}, "became": {"dtype": "int64", "axes": ["entry"], "pointAxis": 0, "optional": false}, "probability": {"dtype": "float64", "axes": ["entry"], "pointAxis": 0, "optional": false}}, "defaults": {"id": null, "example": -1}},
  label_sample_list: {"version": 1, "arrays": {"number": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "loss": {"dtype": "float64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "example": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "entry_end": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "label": {"dtype": "int64", "axes": ["entry"], "pointAxis": 0, "optional": false}, "became": {"dtype": "int64", "axes": ["entry"], "pointAxis": 0, "optional": false}, "probability": {"dtype": "float64", "axes": ["entry"], "pointAxis": 0, "optional": false}}, "defaults": {"epoch": null, "ids": null}},
  multilabel: {"version": 1, "arrays": {"table": {"dtype": "int64", "axes": ["label", 4], "pointAxis": 0, "optional": false}, "unknown": {"dtype": "int64", "axes": ["label"], "pointAxis": 0, "optional": false}, "left_out": {"dtype": "int64", "axes": ["label"], "pointAxis": 0, "optional": false}, "wrong_count": {"dtype": "int64", "axes": ["wrong"], "pointAxis": 0, "optional": false}, "row_end": {"dtype": "int64", "axes": ["label"], "pointAxis": 0, "optional": false}, "column": {"dtype": "int64", "axes": ["swap"], "pointAxis": 0, "optional": false}, "count": {"dtype": "int64", "axes": ["swap"], "pointAxis": 0, "optional": false}, "together_end": {"dtype": "int64", "axes": ["label"], "pointAxis": 0, "optional": false}, "together_column": {"dtype": "int64", "axes": ["together"], "pointAxis": 0, "optional": false}, "missed_together": {"dtype": "int64", "axes": ["together"], "pointAxis": 0, "optional": false}, "false_together": {"dtype": "int64", "axes": ["together"], "pointAxis": 0, "optional": false}, "label_threshold": {"dtype": "float64", "axes": ["label"], "pointAxis": 0, "optional": true}, "table_weight": {"dtype": "float64", "axes": ["label", 4], "pointAxis": 0, "optional": true}, "weight_squares": {"dtype": "float64", "axes": ["label", 4], "pointAxis": 0, "optional": true}, "wrong_weight": {"dtype": "float64", "axes": ["wrong"], "pointAxis": 0, "optional": true}, "wrong_weight_squares": {"dtype": "float64", "axes": ["wrong"], "pointAxis": 0, "optional": true}}, "defaults": {"epoch": null, "dropped": {}, "reasons": {}, "declared_size": null, "score": null, "threshold": null, "most_wrong": 32, "unlisted_swaps": 0, "unlisted_together": 0}},
  number_comparison: {"version": 1, "arrays": {"compared": {"dtype": "int64", "axes": ["target"], "pointAxis": 0, "optional": false}, "truth_differs": {"dtype": "int64", "axes": ["target"], "pointAxis": 0, "optional": false}, "left_out": {"dtype": "int64", "axes": ["target"], "pointAxis": 0, "optional": false}, "absolute": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "other_absolute": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "difference": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "difference_low": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "difference_high": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "p": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "closer": {"dtype": "int64", "axes": ["target"], "pointAxis": 0, "optional": false}, "farther": {"dtype": "int64", "axes": ["target"], "pointAxis": 0, "optional": false}}, "defaults": {}},
  number_predictions: {"version": 1, "arrays": {"predicted": {"dtype": "float64", "axes": ["sample", "target"], "pointAxis": 0, "optional": false}, "kept": {"dtype": "bool", "axes": ["sample", "target"], "pointAxis": 0, "optional": false}}, "defaults": {"epoch": null, "dropped": {}}},
  number_sample_history: {"version": 1, "arrays": {"truth": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "step": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "predicted": {"dtype": "float64", "axes": ["step", "target"], "pointAxis": 0, "optional": false}}, "defaults": {"id": null, "example": -1}},
  number_sample_list: {"version": 1, "arrays": {"number": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "truth": {"dtype": "float64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "predicted": {"dtype": "float64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "example": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}}, "defaults": {"epoch": null, "ids": null}},
  parameters: {"version": 1, "arrays": {"shape": {"dtype": "int64", "axes": ["dimension"], "pointAxis": 0, "optional": false}, "shape_end": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}}, "defaults": {}},
  predictions: {"version": 1, "arrays": {"predicted": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "confidence": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "loss": {"dtype": "float16", "axes": ["sample"], "pointAxis": 0, "optional": false}, "rank": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "kept": {"dtype": "bool", "axes": ["sample"], "pointAxis": 0, "optional": false}, "ranked": {"dtype": "int64", "axes": ["ranked"], "pointAxis": 0, "optional": false}, "top": {"dtype": "int64", "axes": ["ranked", 5], "pointAxis": 0, "optional": false}, "top_score": {"dtype": "int64", "axes": ["ranked", 5], "pointAxis": 0, "optional": false}}, "defaults": {"epoch": null, "score": null, "threshold": null, "dropped": {}}},
  regression: {"version": 1, "arrays": {"count": {"dtype": "int64", "axes": ["target"], "pointAxis": 0, "optional": false}, "error": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "absolute": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "error_squares": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "error_fourths": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "truth_mean": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "truth_squares": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "truth_fourths": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "error_truth": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "predicted_mean": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "predicted_squares": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "product": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": false}, "edge": {"dtype": "float64", "axes": ["target", 65], "pointAxis": 0, "optional": false}, "cell_end": {"dtype": "int64", "axes": ["target"], "pointAxis": 0, "optional": false}, "cell": {"dtype": "int64", "axes": ["cell"], "pointAxis": 0, "optional": false}, "cell_count": {"dtype": "int64", "axes": ["cell"], "pointAxis": 0, "optional": false}, "bin_error": {"dtype": "float64", "axes": ["target", 66], "pointAxis": 0, "optional": false}, "bin_absolute": {"dtype": "float64", "axes": ["target", 66], "pointAxis": 0, "optional": false}, "bin_squares": {"dtype": "float64", "axes": ["target", 66], "pointAxis": 0, "optional": false}, "residual_end": {"dtype": "int64", "axes": ["target"], "pointAxis": 0, "optional": false}, "residual": {"dtype": "int64", "axes": ["residual"], "pointAxis": 0, "optional": false}, "residual_count": {"dtype": "int64", "axes": ["residual"], "pointAxis": 0, "optional": false}, "largest_end": {"dtype": "int64", "axes": ["target"], "pointAxis": 0, "optional": false}, "number": {"dtype": "int64", "axes": ["largest"], "pointAxis": 0, "optional": false}, "largest_truth": {"dtype": "float64", "axes": ["largest"], "pointAxis": 0, "optional": false}, "largest_predicted": {"dtype": "float64", "axes": ["largest"], "pointAxis": 0, "optional": false}, "weight_sum": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": true}, "weight_squares": {"dtype": "float64", "axes": ["target"], "pointAxis": 0, "optional": true}, "cell_weight": {"dtype": "float64", "axes": ["cell"], "pointAxis": 0, "optional": true}, "bin_weight_squares": {"dtype": "float64", "axes": ["target", 66], "pointAxis": 0, "optional": true}, "residual_weight": {"dtype": "float64", "axes": ["residual"], "pointAxis": 0, "optional": true}}, "defaults": {"epoch": null, "dropped": {}, "ids": null}},
  sample_history: {"version": 1, "arrays": {"step": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "predicted": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "confidence": {"dtype": "float64", "axes": ["step"], "pointAxis": 0, "optional": false}, "loss": {"dtype": "float64", "axes": ["step"], "pointAxis": 0, "optional": false}, "rank": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}}, "defaults": {"id": null, "example": -1}},
  sample_list: {"version": 1, "arrays": {"number": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "truth": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "predicted": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "before": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "other": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "confidence": {"dtype": "float64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "loss": {"dtype": "float64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "rank": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "example": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "top": {"dtype": "int64", "axes": ["sample", 5], "pointAxis": 0, "optional": false}, "top_score": {"dtype": "float64", "axes": ["sample", 5], "pointAxis": 0, "optional": false}}, "defaults": {"epoch": null, "ids": null, "others": []}},
  samples: {"version": 1, "arrays": {"number": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "truth": {"dtype": "int64", "axes": ["sample"], "pointAxis": 0, "optional": false}, "number_truth": {"dtype": "float64", "axes": ["sample", "target"], "pointAxis": 0, "optional": true}, "weight": {"dtype": "float64", "axes": ["sample"], "pointAxis": 0, "optional": true}}, "defaults": {"ids": null}},
  scalars: {"version": 1, "arrays": {"step": {"dtype": "float64", "axes": ["point"], "pointAxis": 0, "optional": false}, "wall_time": {"dtype": "float64", "axes": ["point"], "pointAxis": 0, "optional": false}, "value": {"dtype": "float64", "axes": ["point"], "pointAxis": 0, "optional": false}}, "defaults": {"axis": "step"}},
  score_curves: {"version": 1, "arrays": {"of": {"dtype": "int64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "after": {"dtype": "int64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "vertex_end": {"dtype": "int64", "axes": ["curve"], "pointAxis": 0, "optional": false}, "threshold": {"dtype": "float32", "axes": ["vertex"], "pointAxis": 0, "optional": false}, "between": {"dtype": "int64", "axes": ["vertex"], "pointAxis": 0, "optional": false}, "positives": {"dtype": "int64", "axes": ["vertex"], "pointAxis": 0, "optional": false}, "ties": {"dtype": "int64", "axes": ["vertex"], "pointAxis": 0, "optional": false}, "single": {"dtype": "bool", "axes": ["vertex"], "pointAxis": 0, "optional": false}, "bin": {"dtype": "int64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "bin_right": {"dtype": "int64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "bin_wrong": {"dtype": "int64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "bin_confidence": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "bin_variance": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": false}, "score_positive": {"dtype": "int64", "axes": ["curve", 50], "pointAxis": 0, "optional": true}, "score_negative": {"dtype": "int64", "axes": ["curve", 50], "pointAxis": 0, "optional": true}, "between_weight": {"dtype": "float64", "axes": ["vertex"], "pointAxis": 0, "optional": true}, "positives_weight": {"dtype": "float64", "axes": ["vertex"], "pointAxis": 0, "optional": true}, "ties_weight": {"dtype": "float64", "axes": ["vertex"], "pointAxis": 0, "optional": true}, "after_weight": {"dtype": "float64", "axes": ["curve"], "pointAxis": 0, "optional": true}, "weight_squares": {"dtype": "float64", "axes": ["curve", 2], "pointAxis": 0, "optional": true}, "bin_right_weight": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": true}, "bin_wrong_weight": {"dtype": "float64", "axes": ["bin"], "pointAxis": 0, "optional": true}}, "defaults": {"epoch": null, "score": null, "binned": false, "dropped": {}, "weight_sum": null, "weight_square_sum": null, "brier_sum": null, "brier_squares": null, "nll_sum": null, "nll_squares": null, "clipped": 0}},
  score_history: {"version": 1, "arrays": {"step": {"dtype": "int64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "auc": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "auc_low": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "auc_high": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "ap": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "ece": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "ece_floor": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "brier": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "brier_low": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "brier_high": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "nll": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "nll_low": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}, "nll_high": {"dtype": "float64", "axes": ["evaluation"], "pointAxis": 0, "optional": false}}, "defaults": {}},
  structure: {"version": 1, "arrays": {"parent": {"dtype": "int64", "axes": ["node"], "pointAxis": 0, "optional": false}, "edge": {"dtype": "int64", "axes": ["edge", 4], "pointAxis": 0, "optional": false}, "output_end": {"dtype": "int64", "axes": ["node"], "pointAxis": 0, "optional": false}, "shape": {"dtype": "int64", "axes": ["dimension"], "pointAxis": 0, "optional": false}, "shape_end": {"dtype": "int64", "axes": ["output"], "pointAxis": 0, "optional": false}, "dtype": {"dtype": "int64", "axes": ["output"], "pointAxis": 0, "optional": false}, "macs": {"dtype": "int64", "axes": ["node"], "pointAxis": 0, "optional": false}, "activation_bytes": {"dtype": "int64", "axes": ["node"], "pointAxis": 0, "optional": false}, "edges_known": {"dtype": "bool", "axes": ["node"], "pointAxis": 0, "optional": false}}, "defaults": {"inputs": {}, "outputs": {}, "dtypes": [], "notes": []}},
  tensor_stats: {"version": 1, "arrays": {"step": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "value": {"dtype": "float32", "axes": ["statistic", "parameter", "step"], "pointAxis": 2, "optional": false}, "loss": {"dtype": "float64", "axes": ["step"], "pointAxis": 0, "optional": false}, "batch_examples": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "epoch": {"dtype": "float64", "axes": ["step"], "pointAxis": 0, "optional": false}, "loss_scale": {"dtype": "float64", "axes": ["step"], "pointAxis": 0, "optional": false}, "clip_factor": {"dtype": "float64", "axes": ["step"], "pointAxis": 0, "optional": false}, "skipped": {"dtype": "bool", "axes": ["step"], "pointAxis": 0, "optional": false}, "learning_rate": {"dtype": "float64", "axes": ["group", "step"], "pointAxis": 1, "optional": false}}, "defaults": {"sampled": null}},
  top_k: {"version": 1, "arrays": {"step": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "samples": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "abstained": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "unranked": {"dtype": "int64", "axes": ["step"], "pointAxis": 0, "optional": false}, "right": {"dtype": "int64", "axes": ["step", 10], "pointAxis": 0, "optional": false}, "accuracy": {"dtype": "float64", "axes": ["step", 10], "pointAxis": 0, "optional": false}, "low": {"dtype": "float64", "axes": ["step", 10], "pointAxis": 0, "optional": false}, "high": {"dtype": "float64", "axes": ["step", 10], "pointAxis": 0, "optional": false}}, "defaults": {}},
  training_facts: {"version": 1, "arrays": {}, "defaults": {"framework": "", "optimizer": null, "optimizer_config": {}, "loss": null, "loss_config": {}, "baseline_loss": null, "batch_size": null, "first_step": 0, "initial_epoch": 0, "epoch_offset": 0, "epochs": null, "steps_per_epoch": null, "evaluations": [], "schedule": {}, "budget": {}, "versions": {}, "hyperparameters": {}}},
  weight_values: {"version": 1, "arrays": {"exponent": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "sum_squares": {"dtype": "float64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "non_finite": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "rows": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "columns": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "cell_end": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "value": {"dtype": "float16", "axes": ["cell"], "pointAxis": 0, "optional": false}, "block_end": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "low": {"dtype": "float16", "axes": ["block"], "pointAxis": 0, "optional": false}, "high": {"dtype": "float16", "axes": ["block"], "pointAxis": 0, "optional": false}, "kernel_end": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "kernel": {"dtype": "int64", "axes": ["kernel"], "pointAxis": 0, "optional": false}, "strong_end": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "strong": {"dtype": "int64", "axes": ["strong value"], "pointAxis": 0, "optional": false}, "strong_value": {"dtype": "float32", "axes": ["strong value"], "pointAxis": 0, "optional": false}, "singular_end": {"dtype": "int64", "axes": ["parameter"], "pointAxis": 0, "optional": false}, "singular": {"dtype": "float32", "axes": ["singular value"], "pointAxis": 0, "optional": false}}, "defaults": {}},
};
