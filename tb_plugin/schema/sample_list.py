"""Kind `sample_list`: some samples of an evaluation and what was predicted of them, as the server answers them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, listed, reference, value
from tb_plugin.schema.predictions import TOP


class SampleList(Payload, kind="sample_list", version=1, on_disk=False):
    """Samples that match what was asked for, sorted; of many a part. K is the number of classes."""

    classes: Classes | str = reference(help="The classes.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    samples: int = value(at_least=0, help="Samples of the evaluation that count.")
    matching: int = value(at_least=0, help="Samples that match.")
    stored: int = value(at_least=0, help="Those of them of which there is an example to look at.")
    first: int = value(at_least=0, help="Place among those that match of the first one told.")
    binary: bool = value(help="Whether the confidence is that of the positive class.")
    ids: tuple[str, ...] | None = listed("sample", help="Id of each sample, where ids are texts.", default=None)
    number: np.ndarray[Any, Any] = array("int64", "sample", help="Number of each sample: its id where ids are no texts.")
    truth: np.ndarray[Any, Any] = array("int64", "sample", at_least=0, help="True class; K where nobody knows it.")
    predicted: np.ndarray[Any, Any] = array("int64", "sample", at_least=0, help="Predicted class; K where the model abstained.")
    before: np.ndarray[Any, Any] = array(
        "int64", "sample", at_least=-1, help="Predicted class at the earlier step asked for, K abstained; -1 where it is not known."
    )
    others: tuple[str, ...] = value(help="Names of the classes that only the other evaluation asked for has, as in `comparison`.", default=())
    other: np.ndarray[Any, Any] = array(
        "int64", "sample", at_least=-1, help="Predicted class at the other evaluation asked for, in the ids of `comparison`; -1 where it is not known."
    )
    confidence: np.ndarray[Any, Any] = array("float64", "sample", help="Confidence, as in `predictions`: a multiple of 1/65536.")
    loss: np.ndarray[Any, Any] = array("float64", "sample", help="-log p of the true class; NaN where it is not known.")
    rank: np.ndarray[Any, Any] = array("int64", "sample", at_least=0, help="Place of the truth among the scores, from 1; 255 from there on, 0 not known.")
    example: np.ndarray[Any, Any] = array("int64", "sample", at_least=-1, help="Place of its example among all of the series of examples, or -1.")
    top: np.ndarray[Any, Any] = array("int64", "sample", TOP, at_least=-1, help="The five classes with the highest scores; -1 where they are not stored.")
    top_score: np.ndarray[Any, Any] = array("float64", "sample", TOP, help="Their probabilities.")
