"""Golden label predictions: missed, told falsely and rightly, not counted and dropped, with scores and without."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema import record
from tb_plugin.schema.classes import Classes
from tb_plugin.schema.label_predictions import LabelPredictions
from tb_plugin.schema.payload import Payload
from tests.golden.samples import SAMPLES

_LABELS = Classes(labels=("cat", "dog", "<b>🦊</b>"), task="multilabel", ignored=-1)

POINTS: Sequence[tuple[int, Payload]] = [
    (
        45,
        LabelPredictions(
            classes=_LABELS,
            samples=SAMPLES,
            epoch=0,
            score="logit",
            dropped={"weight negative": 1},
            kept=np.array([True, True, True, False]),
            loss=np.array([0.0625, 27.625, np.nan, np.nan]),
            entry_end=np.array([2, 5, 5, 5]),
            label=np.array([0, 2, 0, 1, 2]),
            became=np.array([1, 3, 2, -1, 1]),
            probability=np.array([32_768, 65_535, 40_000, 0, 1]),
        ),
    ),
    (
        90,
        LabelPredictions(
            classes=record.digest(_LABELS),
            samples=record.digest(SAMPLES),
            kept=np.array([True, True, True, True]),
            loss=np.array([0.0, 0.5, 1.0, np.nan]),
            entry_end=np.array([0, 1, 1, 1]),
            label=np.array([70_000]),
            became=np.array([2]),
            probability=None,
        ),
    ),
]
