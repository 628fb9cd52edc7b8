"""Kind `number_sample_list`: some samples of a regression, as the server answers them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.payload import Payload, array, listed, value


class NumberSampleList(Payload, kind="number_sample_list", version=1, on_disk=False):
    """Samples whose values of one target lie where it was asked for, sorted; of many a part."""

    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    targets: tuple[str, ...] = value(help="Name of each target.")
    target: int = value(at_least=0, help="The target that is told of.")
    samples: int = value(at_least=0, help="Samples of the evaluation whose value of this target counts.")
    matching: int = value(at_least=0, help="Samples that match.")
    stored: int = value(at_least=0, help="Those of them of which there is an example to look at.")
    first: int = value(at_least=0, help="Place among those that match of the first one told.")
    ids: tuple[str, ...] | None = listed("sample", help="Id of each sample, where ids are texts.", default=None)
    number: np.ndarray[Any, Any] = array("int64", "sample", help="Number of each sample: its id where ids are no texts.")
    truth: np.ndarray[Any, Any] = array("float64", "sample", help="What is true.")
    predicted: np.ndarray[Any, Any] = array("float64", "sample", help="What was predicted.")
    example: np.ndarray[Any, Any] = array("int64", "sample", at_least=-1, help="Place of its example among all of the series of examples, or -1.")
