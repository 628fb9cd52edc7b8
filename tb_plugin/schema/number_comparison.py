"""Kind `number_comparison`: two regressions against each other on the same samples, as the server answers it."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from tb_plugin.schema.payload import Payload, array, listed, value


class NumberComparison(Payload, kind="number_comparison", version=1, on_disk=False):
    """Predicted numbers of two evaluations of the same samples: those of this one, and of the other one.

    A value is compared where it counts for both and both call the same number true. Targets are matched by name; one that
    nobody named by its place. Each sample counts once, whatever its weight. Of a target that the other one does not have
    nothing is compared.
    """

    targets: tuple[str, ...] = listed("target", help="Name of each target of this evaluation; empty where nobody named it.")
    other_step: int = value(help="Step of the other evaluation.")
    matched_by: Literal["id", "number"] = value(help="What says that two samples are the same, as in `comparison`.")
    compared: np.ndarray[Any, Any] = array("int64", "target", at_least=0, help="Values that are compared.")
    truth_differs: np.ndarray[Any, Any] = array("int64", "target", at_least=0, help="Values that count for both, which call different numbers true.")
    left_out: np.ndarray[Any, Any] = array("int64", "target", at_least=0, help="Values that count here, and not there.")
    absolute: np.ndarray[Any, Any] = array("float64", "target", help="Mean |e| here of what is compared; NaN where there is nothing.")
    other_absolute: np.ndarray[Any, Any] = array("float64", "target", help="Mean |e| there.")
    difference: np.ndarray[Any, Any] = array("float64", "target", help="The first less the second.")
    difference_low: np.ndarray[Any, Any] = array(
        "float64", "target", help="Lower end of its 95 % interval, by Student's t of the differences; NaN below two values."
    )
    difference_high: np.ndarray[Any, Any] = array("float64", "target", help="Upper end of it.")
    p: np.ndarray[Any, Any] = array("float64", "target", help="Two-sided p of the paired t test, with which the interval agrees.")
    closer: np.ndarray[Any, Any] = array("int64", "target", at_least=0, help="Values whose |e| is smaller here.")
    farther: np.ndarray[Any, Any] = array("int64", "target", at_least=0, help="Values whose |e| is smaller there.")
