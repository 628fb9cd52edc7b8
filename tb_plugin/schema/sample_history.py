"""Kind `sample_history`: what was predicted of one sample at every evaluation, as the server answers it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, reference, value


class SampleHistory(Payload, kind="sample_history", version=1, on_disk=False):
    """One sample through a training: the evaluations that told of it. K is the number of classes."""

    classes: Classes | str = reference(help="The classes.")
    id: str | None = value(help="Id of the sample, where ids are texts.", default=None)
    number: int = value(help="Number of the sample.")
    truth: int = value(at_least=0, help="True class; K where nobody knows it.")
    example: int = value(at_least=-1, help="Place of its example among all of the series of examples, or -1.", default=-1)
    binary: bool = value(help="Whether the confidence is that of the positive class.")
    step: np.ndarray[Any, Any] = array("int64", "step", help="Step of each evaluation.")
    predicted: np.ndarray[Any, Any] = array("int64", "step", at_least=0, help="Predicted class; K where the model abstained.")
    confidence: np.ndarray[Any, Any] = array("float64", "step", help="Confidence, as in `predictions`.")
    loss: np.ndarray[Any, Any] = array("float64", "step", help="-log p of the true class; NaN where it is not known.")
    rank: np.ndarray[Any, Any] = array("int64", "step", at_least=0, help="Place of the truth among the scores, from 1; 255 from there on, 0 not known.")
