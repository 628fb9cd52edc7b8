"""Kind `number_sample_history`: what was predicted of one sample of a regression at every evaluation, as the server answers it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload, array, listed, value


class NumberSampleHistory(Payload, kind="number_sample_history", version=1, on_disk=False):
    """One sample through a training: the evaluations that told of it."""

    id: str | None = value(help="Id of the sample, where ids are texts.", default=None)
    number: int = value(help="Number of the sample.")
    example: int = value(at_least=-1, help="Place of its example among all of the series of examples, or -1.", default=-1)
    targets: tuple[str, ...] = listed("target", help="Name of each target.")
    truth: np.ndarray[Any, Any] = array("float64", "target", help="The true number of each target; NaN where nobody knows it.")
    step: np.ndarray[Any, Any] = array("int64", "step", help="Step of each evaluation.")
    predicted: np.ndarray[Any, Any] = array("float64", "step", "target", help="What was predicted; NaN where the value does not count.")
