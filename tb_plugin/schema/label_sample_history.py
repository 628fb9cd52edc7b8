"""Kind `label_sample_history`: the labels of one sample at every evaluation, as the server answers them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, reference, value


class LabelSampleHistory(Payload, kind="label_sample_history", version=1, on_disk=False):
    """One sample through a training: the evaluations that told of it. Entries as in `label_predictions`."""

    classes: Classes | str = reference(help="The labels.")
    id: str | None = value(help="Id of the sample, where ids are texts.", default=None)
    number: int = value(help="Number of the sample.")
    example: int = value(at_least=-1, help="Place of its example among all of the series of examples, or -1.", default=-1)
    step: np.ndarray[Any, Any] = array("int64", "step", help="Step of each evaluation.")
    loss: np.ndarray[Any, Any] = array("float64", "step", help="As in `label_predictions`.")
    entry_end: np.ndarray[Any, Any] = array("int64", "step", ends="entry", help="Where the entries of each evaluation end.")
    label: np.ndarray[Any, Any] = array("int64", "entry", at_least=0, ascending_within="entry_end", help="Id of the label.")
    became: np.ndarray[Any, Any] = array("int64", "entry", at_least=-1, at_most=3, help="1 missed, 2 told falsely, 3 told rightly; -1 it does not count.")
    probability: np.ndarray[Any, Any] = array("float64", "entry", help="Its probability, a multiple of 1/65536; NaN where there is none.")
