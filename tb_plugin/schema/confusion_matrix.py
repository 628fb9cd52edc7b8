"""Kind `confusion_matrix`: true classes against predicted ones, sparse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, reference, value

ScoreType = Literal["prob", "logit", "logprob"]


class ConfusionMatrix(Payload, kind="confusion_matrix", version=1):
    """How many samples of each true class (row) were predicted as each class (column); K classes.

    Row K holds samples whose truth is declared unknown, column K samples on which the model abstained. Every sample of
    the evaluation is in one cell or in `dropped`, never in both. Stored as CSR over (K + 1) x (K + 1): only cells that
    are not empty.
    """

    classes: Classes | str = reference(sizes={"row": ("class", 1)}, help="The classes of rows and columns.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    dropped: Mapping[str, int] = value(at_least=0, help="Samples that are in no cell, counted by reason.", default={})
    declared_size: int | None = value(help="Size of the data set as declared; differs when samples are lost or doubled.", default=None)
    score: ScoreType | None = value(help="What the predictions were made from.", default=None)
    threshold: float | None = value(help="Least score for a prediction; below it the model abstains.", default=None)
    row_end: np.ndarray[Any, Any] = array("int64", "row", ends="cell", help="Where each row's cells end.")
    column: np.ndarray[Any, Any] = array("int64", "cell", at_least=0, below="row", ascending_within="row_end", help="Predicted class of each cell.")
    count: np.ndarray[Any, Any] = array("int64", "cell", at_least=1, help="Samples in each cell.")
    weight: np.ndarray[Any, Any] | None = array("float64", "cell", optional="weights", help="Sum of the sample weights in each cell.")
    weight_squares: np.ndarray[Any, Any] | None = array("float64", "row", optional="weights", help="Sum of the squared sample weights in each row.")
    column_weight_squares: np.ndarray[Any, Any] | None = array(
        "float64", "row", optional="column weights", help="Sum of the squared sample weights in each column."
    )
