"""Kind `label_comparison`: two evaluations of several labels against each other on the same samples, as the server answers it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload, array, reference, value


class LabelComparison(Payload, kind="label_comparison", version=1, on_disk=False):
    """Two evaluations of the same samples, each of which has any number of labels: this one, and the other one.

    A decision, that of a sample about a label, is compared where it counts for both and both call the same true. A sample is
    compared where it has such decisions, and none about which the two call something else true; a model is right about it
    where all of these are right. Labels are matched by name. Each sample counts once, whatever its weight. Tests and
    intervals are those of `comparison`.
    """

    classes: Classes | str = reference(sizes={"label": ("class", 0)}, help="The labels.")
    others: tuple[str, ...] = value(help="Names of the labels that only the other evaluation has.", default=())
    lacking: tuple[str, ...] = value(help="Names of the labels that the other evaluation does not have.", default=())
    other_step: int = value(help="Step of the other evaluation.")
    matched_by: Literal["id", "number"] = value(help="What says that two samples are the same, as in `comparison`.")
    compared: int = value(at_least=0, help="Samples that are compared.")
    only_this: int = value(at_least=0, help="Samples that this evaluation alone tells of.")
    only_other: int = value(at_least=0, help="Samples that the other one alone tells of.")
    truth_differs: int = value(at_least=0, help="Samples of which the two call different labels true; they are not compared.")
    truth_unknown: int = value(at_least=0, help="Samples of which no decision counts for both; they are not compared.")
    both_right: int = value(at_least=0, help="Samples about which both are right, label by label.")
    only_this_right: int = value(at_least=0, help="Those about which this one alone is.")
    only_other_right: int = value(at_least=0, help="Those about which the other one alone is.")
    p: float | None = value(help="McNemar's exact two-sided p; null where none is compared.")
    difference: float | None = value(help="Share of samples about which this one is right less that of the other one.")
    difference_low: float | None = value(help="Lower end of its 95 % interval.")
    difference_high: float | None = value(help="Upper end of it.")
    decisions: np.ndarray[Any, Any] = array("int64", "label", at_least=0, help="Decisions about each label that are compared.")
    only_this_right_label: np.ndarray[Any, Any] = array("int64", "label", at_least=0, help="Those of which this one alone is right.")
    only_other_right_label: np.ndarray[Any, Any] = array("int64", "label", at_least=0, help="Those of which the other one alone is right.")
    label_p: np.ndarray[Any, Any] = array("float64", "label", help="McNemar's p of each label; NaN where no decision has one of both alone right.")
    label_p_holm: np.ndarray[Any, Any] = array("float64", "label", help="The same by Holm (1979).")
    label_difference: np.ndarray[Any, Any] = array("float64", "label", help="Share of right decisions less that of the other one; NaN where there is none.")
    label_low: np.ndarray[Any, Any] = array("float64", "label", help="Lower end of its 95 % interval.")
    label_high: np.ndarray[Any, Any] = array("float64", "label", help="Upper end of it.")
