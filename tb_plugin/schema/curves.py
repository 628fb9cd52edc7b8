"""Kind `curves`: ROC and precision-recall curves to draw, as the server answers them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, listed, reference, value
from tb_plugin.schema.score_curves import SCORE_BINS

MACRO = -2
"""In `of`: the mean of the classes that have a curve, each counting the same."""

GRID = 201
"""Places of a band: false positive rates 0, 1/200, …, 1."""


class Curves(Payload, kind="curves", version=1, on_disk=False):
    """Curves of one evaluation, in the order asked for. Where all classes are asked for, their numbers alone, without points.

    A point is what happens at a threshold: from (0, 0), where nothing is positive, to (1, 1). Where negatives come in before
    the next positive there is a corner, of which no threshold is stored: the point before it has the same recall and fewer of
    them. There are at most 2,000 points, and the area below them is that of all to 1e-4. Intervals and the band are at 95 %,
    the band pointwise. What is not defined or not known is NaN; `undefined` says why there is no area.
    """

    classes: Classes | str = reference(help="The classes.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    binned: bool = value(help="Whether the curves are known at the edges of bins alone.", default=False)
    limits: str = value(help="What the curves leave out, for people, where others logged them for TensorBoard; then nobody knows the classes.", default="")
    undefined: tuple[str, ...] = listed("curve", help="Why a curve has no area: `no positives`, `no negatives`; empty where it has one.")
    of: np.ndarray[Any, Any] = array("int64", "curve", at_least=MACRO, help="Class id; -1: all decisions pooled (micro), -2: the mean of the classes (macro).")
    positives: np.ndarray[Any, Any] = array("int64", "curve", at_least=0, help="Samples of the class; of the pooled curve decisions, of the mean 0.")
    negatives: np.ndarray[Any, Any] = array("int64", "curve", at_least=0, help="The others.")
    auc: np.ndarray[Any, Any] = array("float64", "curve", help="Area under the ROC curve.")
    auc_low: np.ndarray[Any, Any] = array("float64", "curve", help="Lower end of its interval.")
    auc_high: np.ndarray[Any, Any] = array("float64", "curve", help="Upper end of its interval.")
    auc_bound: np.ndarray[Any, Any] = array("float64", "curve", help="How far binning may have moved the area; 0 where curves are exact.")
    ap: np.ndarray[Any, Any] = array("float64", "curve", help="Average precision: the sum of (R_n - R_(n-1)) x P_n.")
    ap_low: np.ndarray[Any, Any] = array("float64", "curve", help="Lower end of its interval.")
    ap_high: np.ndarray[Any, Any] = array("float64", "curve", help="Upper end of its interval.")
    prevalence: np.ndarray[Any, Any] = array("float64", "curve", help="Share of positives, by weight: the precision of guessing.")
    point_end: np.ndarray[Any, Any] = array("int64", "curve", ends="point", help="Where each curve's points end.")
    threshold: np.ndarray[Any, Any] = array(
        "float64", "point", help="Probability from which on a sample counts as positive; infinite at the first point, NaN at a corner and along the mean."
    )
    false_positive_rate: np.ndarray[Any, Any] = array("float64", "point", help="Share of the negatives at or above the threshold.")
    recall: np.ndarray[Any, Any] = array("float64", "point", help="Share of the positives at or above the threshold.")
    precision: np.ndarray[Any, Any] = array("float64", "point", help="Share of positives among all at or above the threshold; NaN where there are none.")
    band_low: np.ndarray[Any, Any] | None = array("float64", "curve", GRID, optional="band", help="Lower end of recall at false positive rates 0, 1/200, …, 1.")
    band_high: np.ndarray[Any, Any] | None = array("float64", "curve", GRID, optional="band", help="Upper end of recall at the same rates.")
    score_positive: np.ndarray[Any, Any] | None = array(
        "int64", "curve", SCORE_BINS, at_least=0, optional="histograms", help="Positives by probability, in 50 bins: b is (b, b + 1] / 50."
    )
    score_negative: np.ndarray[Any, Any] | None = array(
        "int64", "curve", SCORE_BINS, at_least=0, optional="histograms", help="Negatives by probability, in the same bins."
    )
