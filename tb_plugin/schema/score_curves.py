"""Kind `score_curves`: the ROC and precision-recall curve of each class, and how sure the model was, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.payload import Payload, array, reference, value

CONFIDENCE_BINS = 3000
"""Bins of the confidence; 10, 12, 15 and 20 divide it. Bin b holds (b, b + 1] / 3000, the first one 0 too."""

SCORE_BINS = 50
"""Bins of the score histograms, with edges as those of the confidence."""

MICRO = -1
"""In `of`: the curve of all decisions pooled, one for each sample and class."""


class ScoreCurves(Payload, kind="score_curves", version=1):
    """One class against the others, class by class: every threshold at which recall changes, and how sure the model was.

    A sample is *positive* for a curve where its truth is the curve's class, else *negative*. A curve is walked from the
    highest score to the lowest. A vertex is a score that a positive has: `between` negatives lie above it and below the
    vertex before it; then come its `positives`, and the `ties` negatives with the very same score. `after` negatives lie
    below the last vertex. So the curve's positives are the sum of `positives`, its negatives the sum of `between` and
    `ties` and `after`; ROC, precision and recall, AUC and average precision follow exactly, and there are never more
    vertices than positives.

    Positives with different scores and no negative among them are one vertex: `single` is true, and `ties` are with the
    last of them. Where `single` is false all `positives` of a vertex have one score. Weighted evaluations have no such runs.

    `threshold` is the lowest score of its vertex, as log-odds: log(p / (1 - p)) of the class' probability p; of logits that
    is z minus the log of the sum of the others' exponentials. It is rounded down to float32: "at or above" stays true.

    Where curves are `binned`, a vertex is a bin of log-odds with a positive in it, and `ties` are the negatives of the
    same bin: the area under the ROC curve is known to ± half the sum of positives x ties / (all positives x all negatives).

    The confidence of a sample is the probability of the class that was predicted, and it is right where that was the true
    one; in a task of two classes it is the probability of the positive class, and right where that was the true one.
    The loss sums are over all `samples`, each times its weight: Brier's is the sum over all classes of (p - is true)^2.

    In a `multilabel` task each sample and label is a decision of its own, and a curve has the decisions of its label that
    count. There `samples`, the bins and the losses are of decisions: the confidence is the probability of the label, right
    where it is true; Brier's score is (p - is true)^2.
    """

    classes: Classes | str = reference(help="The classes.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    score: ScoreType | None = value(help="What the predictions were made from.", default=None)
    binned: bool = value(help="Whether vertices are bins of scores instead of scores.", default=False)
    dropped: Mapping[str, int] = value(at_least=0, help="Samples that are in no curve, counted by reason.", default={})
    samples: int = value(at_least=0, help="Samples that are in every curve.")
    weight_sum: float | None = value(help="Sum of their weights; null: each weighs 1.", default=None)
    weight_square_sum: float | None = value(help="Sum of their squared weights.", default=None)
    brier_sum: float | None = value(help="Sum of their Brier scores.", default=None)
    brier_squares: float | None = value(help="Sum of their squared Brier scores.", default=None)
    nll_sum: float | None = value(help="Sum of -log p of the true class, p at least 1e-12.", default=None)
    nll_squares: float | None = value(help="Sum of the squares of these.", default=None)
    clipped: int = value(at_least=0, help="Samples whose true class had a probability below 1e-12.", default=0)
    of: np.ndarray[Any, Any] = array("int64", "curve", at_least=MICRO, help="Class id of each curve; -1: all decisions pooled (micro).")
    after: np.ndarray[Any, Any] = array("int64", "curve", at_least=0, help="Negatives below the last vertex; all of them where there is no positive.")
    vertex_end: np.ndarray[Any, Any] = array("int64", "curve", ends="vertex", help="Where each curve's vertices end.")
    threshold: np.ndarray[Any, Any] = array("float32", "vertex", never_rises_within="vertex_end", help="Log-odds of each vertex, its lowest where it is a run.")
    between: np.ndarray[Any, Any] = array("int64", "vertex", at_least=0, help="Negatives above the vertex and below the one before.")
    positives: np.ndarray[Any, Any] = array("int64", "vertex", at_least=1, help="Positives of the vertex.")
    ties: np.ndarray[Any, Any] = array("int64", "vertex", at_least=0, help="Negatives of the very same score, or in the same bin.")
    single: np.ndarray[Any, Any] = array("bool", "vertex", help="Whether its positives have different scores, with no negative among them.")
    bin: np.ndarray[Any, Any] = array(
        "int64", "bin", at_least=0, at_most=CONFIDENCE_BINS - 1, help="Bins of the confidence that are not empty, rising: b is (b, b + 1] / 3000."
    )
    bin_right: np.ndarray[Any, Any] = array("int64", "bin", at_least=0, help="Samples in the bin for which the model was right.")
    bin_wrong: np.ndarray[Any, Any] = array("int64", "bin", at_least=0, help="The others in the bin.")
    bin_confidence: np.ndarray[Any, Any] = array("float64", "bin", help="Sum of w x p in the bin, w the weight and p the confidence.")
    bin_variance: np.ndarray[Any, Any] = array("float64", "bin", help="Sum of w x p x (1 - p).")
    score_positive: np.ndarray[Any, Any] | None = array(
        "int64", "curve", SCORE_BINS, at_least=0, optional="histograms", help="Positives by probability, in 50 bins: b is (b, b + 1] / 50."
    )
    score_negative: np.ndarray[Any, Any] | None = array(
        "int64", "curve", SCORE_BINS, at_least=0, optional="histograms", help="Negatives by probability, in the same bins."
    )
    between_weight: np.ndarray[Any, Any] | None = array("float64", "vertex", at_least=0, optional="weights", help="Weight of `between`.")
    positives_weight: np.ndarray[Any, Any] | None = array("float64", "vertex", at_least=0, optional="weights", help="Weight of `positives`.")
    ties_weight: np.ndarray[Any, Any] | None = array("float64", "vertex", at_least=0, optional="weights", help="Weight of `ties`.")
    after_weight: np.ndarray[Any, Any] | None = array("float64", "curve", at_least=0, optional="weights", help="Weight of `after`.")
    weight_squares: np.ndarray[Any, Any] | None = array(
        "float64", "curve", 2, at_least=0, optional="weights", help="Sum of the squared weights of a curve's positives, and of its negatives."
    )
    bin_right_weight: np.ndarray[Any, Any] | None = array("float64", "bin", at_least=0, optional="weights", help="Weight of `bin_right`.")
    bin_wrong_weight: np.ndarray[Any, Any] | None = array("float64", "bin", at_least=0, optional="weights", help="Weight of `bin_wrong`.")
