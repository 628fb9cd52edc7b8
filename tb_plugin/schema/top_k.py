"""Kind `top_k`: how often the truth was among the first few classes, as the server answers it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, reference, value

MOST_K = 10
"""Accuracies are told of the first 1, 2, …, so many classes."""


class TopK(Payload, kind="top_k", version=1, on_disk=False):
    """How often the true class is among the k classes with the highest scores, k from 1 to 10, at each evaluation of a series.

    Of equal scores the lower class id comes first. For k = 1 it is the accuracy. A sample on which the model abstained is right
    for no k. Rates are of the samples whose truth is known, by weight where they have weights; intervals are Wilson's, at 95 %.
    """

    classes: Classes | str = reference(help="The classes.")
    weighted: bool = value(help="Whether samples have weights.")
    step: np.ndarray[Any, Any] = array("int64", "step", help="Step of each evaluation.")
    samples: np.ndarray[Any, Any] = array("int64", "step", at_least=0, help="Samples whose truth is known.")
    abstained: np.ndarray[Any, Any] = array("int64", "step", at_least=0, help="Those of them on which the model abstained.")
    unranked: np.ndarray[Any, Any] = array(
        "int64", "step", at_least=0, help="Those of them that are wrong, and of which nobody knows where the truth came: they count as right for no k."
    )
    right: np.ndarray[Any, Any] = array("int64", "step", MOST_K, at_least=0, help="Samples whose truth is among the first k.")
    accuracy: np.ndarray[Any, Any] = array("float64", "step", MOST_K, help="Their share; NaN where there are no samples.")
    low: np.ndarray[Any, Any] = array("float64", "step", MOST_K, help="Lower end of its interval.")
    high: np.ndarray[Any, Any] = array("float64", "step", MOST_K, help="Upper end of its interval.")
