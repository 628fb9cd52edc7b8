"""Kind `label_predictions`: which labels each sample has, and which it was told to have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from tb_plugin.schema.payload import Payload, array, reference, value
from tb_plugin.schema.predictions import CONFIDENCE_STEPS
from tb_plugin.schema.samples import Samples

NOT_COUNTED, MISSED, FALSE, RIGHTLY = -1, 1, 2, 3
"""What became of a label of a sample. Bit 0: it is true. Bit 1: it was told."""


class LabelPredictions(Payload, kind="label_predictions", version=1):
    """What became of the labels of each sample at one evaluation of a task in which samples have any number of labels.

    The samples are those of `samples`, in their order. Of each there are *entries*: the labels that are true, those that
    were told, and those that do not count, as where nobody knows the truth. Every other label was rightly not told. So for
    each label the entries say which samples are counted where in `table` of `multilabel`.
    """

    classes: Classes | str = reference(help="The labels.")
    samples: Samples | str = reference(sizes={"sample": ("sample", 0)}, help="The samples; their truth is -1, since none has a single class.")
    epoch: int | None = value(help="Epoch of the evaluation, from 0.", default=None)
    score: ScoreType | None = value(help="What was told was made from; null: it was given as 0 and 1.", default=None)
    dropped: Mapping[str, int] = value(at_least=0, help="Samples that are not `kept`, counted by reason.", default={})
    kept: np.ndarray[Any, Any] = array("bool", "sample", help="Whether the sample counts; false where it was dropped, and then it has no entries.")
    loss: np.ndarray[Any, Any] = array(
        "float16",
        "sample",
        help="Mean of -log p over the labels that count, p the probability of what is true of the label, at least 1e-12; without scores the share of "
        "labels that are wrong; NaN where no label counts.",
    )
    entry_end: np.ndarray[Any, Any] = array("int64", "sample", ends="entry", help="Where each sample's entries end.")
    label: np.ndarray[Any, Any] = array("int64", "entry", at_least=0, ascending_within="entry_end", help="Id of the label.")
    became: np.ndarray[Any, Any] = array("int64", "entry", at_least=-1, at_most=3, help="1 missed, 2 told falsely, 3 told rightly; -1 it does not count.")
    probability: np.ndarray[Any, Any] | None = array(
        "int64",
        "entry",
        at_least=0,
        at_most=CONFIDENCE_STEPS - 1,
        optional="scores",
        help="Its probability in steps of 1/65536, rounded down; 0 where it does not count.",
    )
