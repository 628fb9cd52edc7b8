"""Golden multi-label evaluations: counts of three labels with swaps, and weighted ones with a threshold each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema import record
from tb_plugin.schema.classes import Classes
from tb_plugin.schema.multilabel import Multilabel
from tb_plugin.schema.payload import Payload

_LABELS = Classes(labels=("cat", "dog", "<b>🦊</b>"), task="multilabel", ignored=-1)

POINTS: Sequence[tuple[int, Payload]] = [
    (
        45,
        Multilabel(
            classes=_LABELS,
            epoch=0,
            samples=70_300,
            dropped={"masked": 12},
            reasons={"score not finite": 2},
            declared_size=70_312,
            score="logit",
            threshold=0.5,
            table=np.array([[300, 1, 2, 69_997], [0, 0, 0, 70_293], [7, 5, 3, 70_285]]),
            unknown=np.array([0, 5, 0]),
            left_out=np.array([0, 2, 0]),
            wrong_count=np.array([70_292, 5, 3]),
            row_end=np.array([1, 1, 2]),
            column=np.array([2, 0]),
            count=np.array([2, 1]),
            together_end=np.array([1, 1, 1]),
            together_column=np.array([2]),
            missed_together=np.array([0]),
            false_together=np.array([2**40]),
            label_threshold=None,
            table_weight=None,
            weight_squares=None,
            wrong_weight=None,
            wrong_weight_squares=None,
        ),
    ),
    (
        90,
        Multilabel(
            classes=record.digest(_LABELS),
            samples=2,
            most_wrong=2,
            unlisted_swaps=3,
            unlisted_together=4,
            table=np.array([[1, 0, 0, 1], [0, 1, 1, 0], [0, 0, 2, 0]]),
            unknown=np.array([0, 0, 0]),
            left_out=np.array([0, 0, 0]),
            wrong_count=np.array([0, 0, 1, 1]),
            row_end=np.array([0, 0, 0]),
            column=np.zeros(0, np.int64),
            count=np.zeros(0, np.int64),
            together_end=np.array([0, 0, 0]),
            together_column=np.zeros(0, np.int64),
            missed_together=np.zeros(0, np.int64),
            false_together=np.zeros(0, np.int64),
            label_threshold=np.array([0.5, 0.125, 0.75]),
            table_weight=np.array([[0.1, 0.0, 0.0, 2.0], [0.0, 0.1, 2.0, 0.0], [0.0, 0.0, 2.1, 0.0]]),
            weight_squares=np.array([[0.01, 0.0, 0.0, 4.0], [0.0, 0.01, 4.0, 0.0], [0.0, 0.0, 4.01, 0.0]]),
            wrong_weight=np.array([0.0, 0.0, 0.1, 2.0]),
            wrong_weight_squares=np.array([0.0, 0.0, 0.01, 4.0]),
        ),
    ),
]
