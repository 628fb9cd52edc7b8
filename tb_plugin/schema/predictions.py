"""Kind `predictions`: what was predicted of each sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.payload import Payload, array, reference, value
from tb_plugin.schema.samples import Samples

CONFIDENCE_STEPS = 65536
"""A confidence p is stored as floor(65536 p), at most 65535: for a threshold t = k / 65536 "p >= t" is "stored >= k"."""

MOST_RANK = 255
"""Ranks from here on are stored as this one."""

TOP = 5
"""How many classes are told of a sample in `ranked`."""


class Predictions(Payload, kind="predictions", version=1):
    """What the model said of each sample at one evaluation, in the order of `samples`; K classes.

    The confidence is that of `score_curves`: the probability of the predicted class, or in a task of two classes that of
    the positive one.
    """

    classes: Classes | str = reference(help="The classes.")
    samples: Samples | str = reference(sizes={"sample": ("sample", 0)}, help="The samples, and what is true of them.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    score: ScoreType | None = value(help="What the predictions were made from.", default=None)
    threshold: float | None = value(help="Least probability for a prediction; below it the model abstains.", default=None)
    dropped: Mapping[str, int] = value(at_least=0, help="Samples that are not `kept`, counted by reason.", default={})
    predicted: np.ndarray[Any, Any] = array(
        "int64", "sample", at_least=0, help="0 where the prediction is the truth, else 1 + the class id predicted; 1 + K where the model abstained."
    )
    confidence: np.ndarray[Any, Any] = array("int64", "sample", at_least=0, at_most=CONFIDENCE_STEPS - 1, help="Confidence in steps of 1/65536, rounded down.")
    loss: np.ndarray[Any, Any] = array("float16", "sample", help="-log p of the true class, p at least 1e-12; NaN where it is not known.")
    rank: np.ndarray[Any, Any] = array(
        "int64", "sample", at_least=0, at_most=MOST_RANK, help="Place of the truth among the scores, from 1; 255 from there on, 0 where it is not known."
    )
    kept: np.ndarray[Any, Any] = array("bool", "sample", help="Whether the sample counts; false where it was dropped, and then nothing else is said of it.")
    ranked: np.ndarray[Any, Any] = array("int64", "ranked", at_least=0, below="sample", help="Places of the samples with the largest loss, the largest first.")
    top: np.ndarray[Any, Any] = array("int64", "ranked", TOP, at_least=-1, help="The five classes with the highest scores, -1 where there are fewer.")
    top_score: np.ndarray[Any, Any] = array(
        "int64", "ranked", TOP, at_least=0, at_most=CONFIDENCE_STEPS - 1, help="Their probabilities in steps of 1/65536, rounded down."
    )
