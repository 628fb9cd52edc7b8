"""Kind `calibration`: whether the model is as often right as it is sure, as the server answers it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, reference, value

By = Literal["width", "mass"]
Whose = Literal["predicted class", "positive class", "label"]


class Calibration(Payload, kind="calibration", version=1, on_disk=False):
    """How often the model was right, by how sure it was, at one evaluation. Intervals are at 95 %.

    The confidence is that of `score_curves`: of the predicted class; in a task of two classes of the positive one; of several
    labels that of the label, and each sample and label is a decision: *samples* are decisions, of all labels pooled, and
    *right* is true.
    """

    classes: Classes | str = reference(help="The classes.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    of: Whose = value(help="Whose probability the confidence is.")
    by: By = value(help="Whether bins are equally wide, or hold equally much.")
    samples: int = value(at_least=0, help="Samples of the evaluation.")
    ece: float | None = value(help="Expected calibration error of the bins: the mean of |accuracy - confidence|, by weight.")
    ece_floor: float | None = value(help="What it would be on average if the model were perfectly calibrated.")
    ece_debiased: float | None = value(help="Root of the squared error without the part that is chance; 0 where that is negative.")
    mce: float | None = value(help="Largest |accuracy - confidence| of a bin.")
    brier: float | None = value(help="Mean over the samples of the sum over all classes of (p - is true)^2.")
    brier_low: float | None = value(help="Lower end of its interval.")
    brier_high: float | None = value(help="Upper end of its interval.")
    nll: float | None = value(help="Mean of -log p of the true class.")
    nll_low: float | None = value(help="Lower end of its interval.")
    nll_high: float | None = value(help="Upper end of its interval.")
    clipped: int = value(at_least=0, help="Samples whose true class had a probability below 1e-12.", default=0)
    low: np.ndarray[Any, Any] = array("float64", "bin", help="Lower edge of each bin, which is not of it but for the first.")
    high: np.ndarray[Any, Any] = array("float64", "bin", help="Upper edge, which is of it.")
    count: np.ndarray[Any, Any] = array("int64", "bin", at_least=0, help="Samples in each bin; it may be empty.")
    trials: np.ndarray[Any, Any] = array(
        "float64", "bin", at_least=0, help="As many samples of equal weight as say as much: those in the bin, fewer or more where they have weights."
    )
    confidence: np.ndarray[Any, Any] = array("float64", "bin", help="Mean confidence, by weight; NaN where the bin is empty.")
    accuracy: np.ndarray[Any, Any] = array("float64", "bin", help="Share for which the model was right, by weight; NaN where the bin is empty.")
    accuracy_low: np.ndarray[Any, Any] = array("float64", "bin", help="Lower end of its interval (Wilson).")
    accuracy_high: np.ndarray[Any, Any] = array("float64", "bin", help="Upper end of its interval.")
    coverage: np.ndarray[Any, Any] = array(
        "float64",
        "cut",
        help="Share of the samples of which the model is at least so sure, of two classes or a label and its absence of the likelier; falls from 1.",
    )
    covered_accuracy: np.ndarray[Any, Any] = array("float64", "cut", help="Share of them for which it was right.")
    covered_from: np.ndarray[Any, Any] = array("float64", "cut", help="The least confidence among them.")
