"""Golden regressions: two targets with all that can be there, weighted, and one that nothing counted for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema.payload import Payload
from tb_plugin.schema.regression import Regression

_EDGES = np.arange(65.0)
_BINS = np.arange(132.0).reshape(2, 66)

POINTS: Sequence[tuple[int, Payload]] = [
    (
        45,
        Regression(
            epoch=0,
            targets=("length", "width in µm"),
            dropped={"truth not finite": 3, "sample came twice": 2},
            samples=70_004,
            count=np.array([70_001, 70_002]),
            error=np.array([-1.5, 2.0]),
            absolute=np.array([3.5, 1e300]),
            error_squares=np.array([4.25, np.inf]),
            error_fourths=np.array([8.0, np.inf]),
            truth_mean=np.array([1e6, 0.1]),
            truth_squares=np.array([2.0, 3.0]),
            truth_fourths=np.array([5.0, 6.0]),
            error_truth=np.array([1.0, 0.5]),
            predicted_mean=np.array([1e6 + 0.5, -0.25]),
            predicted_squares=np.array([2.5, 3.5]),
            product=np.array([2.0, -1.0]),
            edge=np.array([_EDGES, _EDGES / 3]),
            cell_end=np.array([3, 4]),
            cell=np.array([0, 67, 4355, 2211]),
            cell_count=np.array([1, 70_000, 2, 3]),
            bin_error=-_BINS,
            bin_absolute=_BINS,
            bin_squares=_BINS**2,
            residual_end=np.array([4, 6]),
            residual=np.array([-36_383, -20_000, 0, 19_990, -2_816, 36_383]),
            residual_count=np.array([1, 2, 70_000, 3, 1, 1]),
            largest_end=np.array([2, 3]),
            ids=("a.png", "büro 7", ""),
            number=np.array([7, 0, 2**40]),
            largest_truth=np.array([1.0, -2.0, 1e300]),
            largest_predicted=np.array([9.0, 2.0, -1e300]),
            weight_sum=np.array([1.5, 0.0]),
            weight_squares=np.array([1.25, 0.0]),
            cell_weight=np.array([0.5, 1.0, 0.0, 0.25]),
            bin_weight_squares=_BINS / 7,
            residual_weight=np.array([0.5, 1.0, 0.0, 0.25, 0.125, 2.0]),
        ),
    ),
    (
        90,
        Regression(
            targets=("",),
            samples=0,
            count=np.array([0]),
            error=np.array([0.0]),
            absolute=np.array([0.0]),
            error_squares=np.array([0.0]),
            error_fourths=np.array([0.0]),
            truth_mean=np.array([np.nan]),
            truth_squares=np.array([0.0]),
            truth_fourths=np.array([0.0]),
            error_truth=np.array([0.0]),
            predicted_mean=np.array([np.nan]),
            predicted_squares=np.array([0.0]),
            product=np.array([0.0]),
            edge=np.array([_EDGES / 64]),
            cell_end=np.array([0]),
            cell=np.zeros(0, np.int64),
            cell_count=np.zeros(0, np.int64),
            bin_error=np.zeros((1, 66)),
            bin_absolute=np.zeros((1, 66)),
            bin_squares=np.zeros((1, 66)),
            residual_end=np.array([0]),
            residual=np.zeros(0, np.int64),
            residual_count=np.zeros(0, np.int64),
            largest_end=np.array([0]),
            number=np.zeros(0, np.int64),
            largest_truth=np.zeros(0),
            largest_predicted=np.zeros(0),
            weight_sum=None,
            weight_squares=None,
            cell_weight=None,
            bin_weight_squares=None,
            residual_weight=None,
        ),
    ),
]
