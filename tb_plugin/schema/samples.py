"""Kind `samples`: the samples of an evaluation, and what is true of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload, array, listed


class Samples(Payload, kind="samples", version=1, is_axis=True):
    """The samples that predictions refer to by place, in the order of the evaluation.

    Written once: evaluations of the same samples refer to the same record. Samples of two records are the same where their
    ids are, or their numbers where there are no ids.
    """

    ids: tuple[str, ...] | None = listed("sample", help="Id of each sample as its owner gives it, where ids are texts.", default=None)
    number: np.ndarray[Any, Any] = array("int64", "sample", help="Id of each sample as a whole number: its owner's, else its place in the data set.")
    truth: np.ndarray[Any, Any] = array(
        "int64",
        "sample",
        at_least=-1,
        help="Class id of each sample; K, the number of classes, where nobody knows it, -1 where the label was no class or the task has none.",
    )
    number_truth: np.ndarray[Any, Any] | None = array(
        "float64", "sample", "target", optional="numbers", help="Of a regression the true number of each target; NaN where nobody knows it. `truth` is -1 then."
    )
    weight: np.ndarray[Any, Any] | None = array("float64", "sample", optional="weights", help="Weight of each sample.")
