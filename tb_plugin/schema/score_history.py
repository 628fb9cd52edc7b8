"""Kind `score_history`: how well scores told the classes apart, and were calibrated, at every evaluation, as the server answers it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, reference, value


class ScoreHistory(Payload, kind="score_history", version=1, on_disk=False):
    """Numbers of all evaluations of a series of score curves, of the same classes. Intervals are at 95 %; NaN where nothing is defined, or known."""

    classes: Classes | str = reference(help="The classes.")
    of: int = value(at_least=-2, help="Class id of the areas; -1: all decisions pooled (micro); -2: the mean of the classes (macro).")
    step: np.ndarray[Any, Any] = array("int64", "evaluation", help="Step of each evaluation, rising.")
    auc: np.ndarray[Any, Any] = array("float64", "evaluation", help="Area under the ROC curve.")
    auc_low: np.ndarray[Any, Any] = array("float64", "evaluation", help="Lower end of its interval.")
    auc_high: np.ndarray[Any, Any] = array("float64", "evaluation", help="Upper end of its interval.")
    ap: np.ndarray[Any, Any] = array("float64", "evaluation", help="Average precision.")
    ece: np.ndarray[Any, Any] = array("float64", "evaluation", help="Expected calibration error over 15 bins of equal width.")
    ece_floor: np.ndarray[Any, Any] = array("float64", "evaluation", help="What it would be on average if the model were perfectly calibrated.")
    brier: np.ndarray[Any, Any] = array("float64", "evaluation", help="Brier score.")
    brier_low: np.ndarray[Any, Any] = array("float64", "evaluation", help="Lower end of its interval.")
    brier_high: np.ndarray[Any, Any] = array("float64", "evaluation", help="Upper end of its interval.")
    nll: np.ndarray[Any, Any] = array("float64", "evaluation", help="Negative log-likelihood.")
    nll_low: np.ndarray[Any, Any] = array("float64", "evaluation", help="Lower end of its interval.")
    nll_high: np.ndarray[Any, Any] = array("float64", "evaluation", help="Upper end of its interval.")
