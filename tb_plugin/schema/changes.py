"""Kind `changes`: samples that were learned or forgotten between two evaluations, as the server answers them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, listed, reference, value


class Changes(Payload, kind="changes", version=1, on_disk=False):
    """What of the samples of two evaluations is right at one and wrong at the other; matched by id, K classes.

    A sample counts where both evaluations tell of it and its truth is known. Abstaining is not right. Samples are told of
    that are newly right, newly wrong or forgotten; the other two sorts are counted.
    """

    classes: Classes | str = reference(help="The classes.")
    from_step: int = value(help="Step of the earlier evaluation.")
    to_step: int = value(help="Step of the later one.")
    compared: int = value(at_least=0, help="Samples that count.")
    both_right: int = value(at_least=0, help="Samples that are right at both.")
    both_wrong: int = value(at_least=0, help="Samples that are wrong at both.")
    p: float | None = value(help="McNemar's two-sided p of newly right against newly wrong, exact.")
    ids: tuple[str, ...] | None = listed("sample", help="Id of each sample, where ids are texts.", default=None)
    number: np.ndarray[Any, Any] = array("int64", "sample", help="Number of each sample.")
    truth: np.ndarray[Any, Any] = array("int64", "sample", at_least=0, help="True class.")
    before: np.ndarray[Any, Any] = array("int64", "sample", at_least=0, help="Predicted class at the earlier evaluation; K abstained.")
    after: np.ndarray[Any, Any] = array("int64", "sample", at_least=0, help="Predicted class at the later one; K abstained.")
    newly_right: np.ndarray[Any, Any] = array("bool", "sample", help="Wrong at the earlier, right at the later one.")
    newly_wrong: np.ndarray[Any, Any] = array("bool", "sample", help="Right at the earlier, wrong at the later one.")
    forgotten: np.ndarray[Any, Any] = array("bool", "sample", help="Right at any kept evaluation up to the earlier one, wrong at the later one.")
