"""Kind `number_predictions`: which numbers were predicted of each sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload, array, listed, reference, value
from tb_plugin.schema.samples import Samples


class NumberPredictions(Payload, kind="number_predictions", version=1):
    """What was predicted of each sample at one evaluation of a regression, in the order of `samples`, which tells what is true.

    The values are those that `regression` counts, to the last bit: which of them lie in a cell follows from its edges.
    """

    samples: Samples | str = reference(sizes={"sample": ("sample", 0)}, help="The samples, and the numbers that are true of them.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    targets: tuple[str, ...] = listed("target", help="Name of each target; empty where nobody named it.")
    dropped: Mapping[str, int] = value(at_least=0, help="Values that are not `kept`, of all targets, counted by reason.", default={})
    predicted: np.ndarray[Any, Any] = array("float64", "sample", "target", help="What was predicted.")
    kept: np.ndarray[Any, Any] = array("bool", "sample", "target", help="Whether the value counts.")
