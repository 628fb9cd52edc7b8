"""Golden values: whole, as blocks, as kernels and as a sample, and what is not finite; then by digest, of which nothing is told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema import record
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.weight_values import WeightValues
from tests.golden.parameters import PARAMETERS

POINTS: Sequence[tuple[int, Payload]] = [
    (
        0,
        WeightValues(
            parameters=PARAMETERS,
            kept=("kernels", "all", "sample", "blocks", "none"),
            axes=("height,width,in,out", "out", "feature", "in,out", ""),
            exponent=np.array([-15, -1080, 0, 90, 0]),
            sum_squares=np.array([1.5, 0.0, 1e300, 2.0, np.nan]),
            non_finite=np.array([0, 0, 3, 1, 0]),
            rows=np.array([2, 1, 1, 1, 0]),
            columns=np.array([9, 1, 3, 2, 0]),
            cell_end=np.array([18, 19, 22, 24, 24]),
            value=np.array([*range(-9, 9), 2.0**-24, 65_504, -np.inf, np.inf, np.nan, 0.1], np.float16),
            block_end=np.array([0, 0, 0, 2, 2]),
            low=np.array([-1, 0], np.float16),
            high=np.array([1, 0.2], np.float16),
            kernel_end=np.array([2, 2, 2, 2, 2]),
            kernel=np.array([0, 35_000]),
            strong_end=np.array([1, 1, 2, 3, 3]),
            strong=np.array([7, 4, 2**40]),
            strong_value=np.array([-1e-3, np.inf, 3e38], np.float32),
            singular_end=np.array([0, 0, 0, 3, 3]),
            singular=np.array([2.5, 1.0, 0.0], np.float32),
        ),
    ),
    (
        1_000,
        WeightValues(
            parameters=record.digest(PARAMETERS),
            kept=("none",) * 5,
            axes=("",) * 5,
            exponent=np.zeros(5, int),
            sum_squares=np.arange(5.0),
            non_finite=np.zeros(5, int),
            rows=np.zeros(5, int),
            columns=np.zeros(5, int),
            **{f"{of}_end": np.zeros(5, int) for of in ("cell", "block", "kernel", "strong", "singular")},
            **{name: np.zeros(0, np.float16) for name in ("value", "low", "high")},
            **{name: np.zeros(0, int) for name in ("kernel", "strong")},
            **{name: np.zeros(0, np.float32) for name in ("strong_value", "singular")},
        ),
    ),
]
