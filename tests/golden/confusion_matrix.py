"""Golden confusion matrices: counts alone, and weighted ones that know their classes by digest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema import record
from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from tb_plugin.schema.payload import Payload
from tests.golden.classes import CLASSES

POINTS: Sequence[tuple[int, Payload]] = [
    (
        45,
        ConfusionMatrix(
            classes=CLASSES,
            epoch=0,
            dropped={"label out of range": 2},
            declared_size=70_312,
            score="prob",
            threshold=0.5,
            row_end=np.array([2, 3, 3, 5, 6]),
            column=np.array([0, 1, 1, 0, 4, 3]),
            count=np.array([300, 1, 70_000, 5, 3, 1]),
            weight=None,
            weight_squares=None,
            column_weight_squares=None,
        ),
    ),
    (
        90,
        ConfusionMatrix(
            classes=record.digest(CLASSES),
            row_end=np.array([1, 1, 1, 1, 1]),
            column=np.array([2]),
            count=np.array([2**40]),
            weight=np.array([0.1]),
            weight_squares=np.array([1e-300, 0.0, 0.0, 0.0, 0.0]),
            column_weight_squares=None,
        ),
    ),
]
