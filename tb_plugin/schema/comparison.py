"""Kind `comparison`: two evaluations of the same samples against each other, as the server answers it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, reference, value


class Comparison(Payload, kind="comparison", version=1, on_disk=False):
    """Two evaluations of the same samples, say of two trainings: this one, and the other one. K classes; intervals are at 95 %.

    A sample is compared where both tell of it and call the same class true. Abstaining is not right. Each sample counts once,
    whatever its weight. Class ids are those of this evaluation: where the other one has other classes they are matched by
    name, the first of a name with the first. K is *abstained*, and from K + 1 on stand the classes that only the other has.
    """

    classes: Classes | str = reference(help="The classes.")
    others: tuple[str, ...] = value(help="Names of the classes that only the other evaluation has.", default=())
    lacking: tuple[str, ...] = value(help="Names of the classes that the other evaluation does not have.", default=())
    other_step: int = value(help="Step of the other evaluation.")
    matched_by: Literal["id", "number"] = value(
        help="What says that two samples are the same: `number` where the ids of one of both are no texts: then their whole numbers, or their places."
    )
    weighted: bool = value(help="Whether any of the samples have weights, which count for nothing here.")
    compared: int = value(at_least=0, help="Samples that are compared.")
    only_this: int = value(at_least=0, help="Samples that this evaluation alone tells of.")
    only_other: int = value(at_least=0, help="Samples that the other one alone tells of.")
    truth_differs: int = value(at_least=0, help="Samples that both tell of, calling different classes true; they are not compared.")
    truth_unknown: int = value(at_least=0, help="Samples that both tell of, and of which one or both do not know the truth; they are not compared.")
    p: float | None = value(help="McNemar's two-sided p of the samples for which only one of both is right, exact; null where none is compared.")
    difference: float | None = value(help="Accuracy of this evaluation less that of the other one.")
    difference_low: float | None = value(help="Lower end of its interval, which leaves 0 out where p is below 0.05, and only there: Fay and Lumbard (2021).")
    difference_high: float | None = value(help="Upper end of its interval.")
    kappa: float | None = value(help="Cohen's kappa of the predictions of both with each other; null where chance alone would agree.")
    both_right: np.ndarray[Any, Any] = array("int64", "class", at_least=0, help="Samples of each true class for which both are right.")
    only_this_right: np.ndarray[Any, Any] = array("int64", "class", at_least=0, help="Those for which this one alone is right.")
    only_other_right: np.ndarray[Any, Any] = array("int64", "class", at_least=0, help="Those for which the other one alone is right.")
    both_wrong: np.ndarray[Any, Any] = array("int64", "class", at_least=0, help="Those for which both are wrong.")
    same_wrong: np.ndarray[Any, Any] = array("int64", "class", at_least=0, help="Those of them of which both say the same.")
    class_p: np.ndarray[Any, Any] = array("float64", "class", help="McNemar's p of each class; NaN where no sample of it has one of both alone right.")
    class_p_holm: np.ndarray[Any, Any] = array("float64", "class", help="The same by Holm (1979), for as many tests as classes have a p.")
    class_difference: np.ndarray[Any, Any] = array("float64", "class", help="Recall of this one less that of the other one; NaN where there is no sample.")
    class_low: np.ndarray[Any, Any] = array("float64", "class", help="Lower end of its interval.")
    class_high: np.ndarray[Any, Any] = array("float64", "class", help="Upper end of its interval.")
    row_end: np.ndarray[Any, Any] = array("int64", "prediction", ends="cell", help="Of each prediction of this evaluation, where its cells end.")
    column: np.ndarray[Any, Any] = array(
        "int64", "cell", at_least=0, below="prediction", ascending_within="row_end", help="What the other one predicted, of the samples of each cell."
    )
    count: np.ndarray[Any, Any] = array("int64", "cell", at_least=1, help="Samples in each cell.")
    this_right: np.ndarray[Any, Any] = array("int64", "cell", at_least=0, help="Those of them for which this one is right.")
    other_right: np.ndarray[Any, Any] = array("int64", "cell", at_least=0, help="Those of them for which the other one is right.")
