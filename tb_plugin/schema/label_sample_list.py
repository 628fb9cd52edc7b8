"""Kind `label_sample_list`: some samples of an evaluation of several labels, as the server answers them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, listed, reference, value


class LabelSampleList(Payload, kind="label_sample_list", version=1, on_disk=False):
    """Samples whose labels became what was asked for, sorted; of many a part. Entries as in `label_predictions`."""

    classes: Classes | str = reference(help="The labels.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    samples: int = value(at_least=0, help="Samples of the evaluation that count.")
    matching: int = value(at_least=0, help="Samples that match.")
    stored: int = value(at_least=0, help="Those of them of which there is an example to look at.")
    first: int = value(at_least=0, help="Place among those that match of the first one told.")
    ids: tuple[str, ...] | None = listed("sample", help="Id of each sample, where ids are texts.", default=None)
    number: np.ndarray[Any, Any] = array("int64", "sample", help="Number of each sample: its id where ids are no texts.")
    loss: np.ndarray[Any, Any] = array("float64", "sample", help="As in `label_predictions`.")
    example: np.ndarray[Any, Any] = array("int64", "sample", at_least=-1, help="Place of its example among all of the series of examples, or -1.")
    entry_end: np.ndarray[Any, Any] = array("int64", "sample", ends="entry", help="Where each sample's entries end.")
    label: np.ndarray[Any, Any] = array("int64", "entry", at_least=0, ascending_within="entry_end", help="Id of the label.")
    became: np.ndarray[Any, Any] = array("int64", "entry", at_least=-1, at_most=3, help="1 missed, 2 told falsely, 3 told rightly; -1 it does not count.")
    probability: np.ndarray[Any, Any] = array("float64", "entry", help="Its probability, a multiple of 1/65536; NaN where there is none.")
