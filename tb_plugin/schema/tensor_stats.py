"""Kind `tensor_stats`: what a training does to each parameter, step by step."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.payload import Payload, array, listed, reference

NORMS = ("weight_sum_squares", "gradient_sum_squares", "update_sum_squares")
"""What is logged densely: from sums of squares follow norms and the size of updates, over any set of parameters."""

STATISTICS = (
    *NORMS,
    "weight_non_finite",
    "weight_sum",
    "weight_min",
    "weight_max",
    "gradient_non_finite",
    "gradient_sum",
    "gradient_min",
    "gradient_max",
    "update_max_abs",
)
"""All statistics that there are. Weights are those before the step; gradients as handed to the optimizer, without loss scaling and before clipping."""


class TensorStats(Payload, kind="tensor_stats", version=1):
    """Statistics of each parameter's weights, gradient and update at some steps of a training.

    `value` is NaN where there is nothing to tell: a parameter without a gradient or an update at that step, the least
    of no values. Values that are not finite are counted in `<of>_non_finite` and left out of its other statistics; where
    that count is not among the `statistics`, they make the sum of squares infinite. Sums are of finite values, but may
    exceed float32: then they are infinite too.
    """

    parameters: Parameters | str = reference(sizes={"parameter": ("parameter", 0)}, help="The parameters, in forward order.")
    statistics: tuple[str, ...] = listed("statistic", help="Names of the statistics: `<of>_<what>`, of weight, gradient or update.")
    groups: tuple[str, ...] = listed("group", help="Names of the learning rates: of optimizers, or of their groups of parameters.")
    sampled: tuple[int, ...] | None = listed(
        "parameter", at_least=1, default=None, help="Each parameter's updates are told from every how many-th value, and scaled up; null: from all."
    )
    step: np.ndarray[Any, Any] = array("int64", "step", at_least=0, help="Number of each batch, from 0.")
    value: np.ndarray[Any, Any] = array("float32", "statistic", "parameter", "step", point_axis=2, help="The statistics.")
    loss: np.ndarray[Any, Any] = array("float64", "step", help="Loss of this very batch; NaN when unknown.")
    batch_examples: np.ndarray[Any, Any] = array("int64", "step", at_least=-1, help="Examples in the batch; -1 when unknown.")
    epoch: np.ndarray[Any, Any] = array("float64", "step", help="Epochs gone when the batch began, with their fraction where their length is known.")
    loss_scale: np.ndarray[Any, Any] = array("float64", "step", help="What the loss was multiplied with before its gradient was taken.")
    clip_factor: np.ndarray[Any, Any] = array("float64", "step", help="What clipping by the global norm multiplied gradients with; NaN when unknown.")
    skipped: np.ndarray[Any, Any] = array("bool", "step", help="Whether loss scaling left the update out.")
    learning_rate: np.ndarray[Any, Any] = array("float64", "group", "step", point_axis=1, help="What the step used; NaN when unknown.")

    def check(self) -> None:
        """Steps rise strictly."""
        if (np.diff(self.step) <= 0).any():
            raise ValueError(f"{self.kind}: step must rise strictly; it holds {self.step[:8].tolist()}")
