"""Golden predictions: right, wrong, abstained and dropped, with their samples and by digest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema import record
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.predictions import Predictions
from tests.golden.classes import CLASSES
from tests.golden.samples import SAMPLES

POINTS: Sequence[tuple[int, Payload]] = [
    (
        45,
        Predictions(
            classes=CLASSES,
            samples=SAMPLES,
            epoch=0,
            score="prob",
            threshold=0.5,
            dropped={"label out of range": 1},
            predicted=np.array([0, 3, 5, 0]),
            confidence=np.array([65_535, 40_000, 0, 0]),
            loss=np.array([0.0625, 27.625, np.nan, np.nan]),
            rank=np.array([1, 255, 0, 0]),
            kept=np.array([True, True, True, False]),
            ranked=np.array([1, 0]),
            top=np.array([[2, 1, 3, 0, -1], [3, 2, 1, 0, -1]]),
            top_score=np.array([[40_000, 25_000, 500, 0, 0], [65_535, 1, 0, 0, 0]]),
        ),
    ),
    (
        90,
        Predictions(
            classes=record.digest(CLASSES),
            samples=record.digest(SAMPLES),
            predicted=np.array([0, 0, 1, 0]),
            confidence=np.array([1, 2, 3, 4]),
            loss=np.array([np.inf, 0, 0, 0]),
            rank=np.array([1, 1, 0, 1]),
            kept=np.array([True, True, True, True]),
            ranked=np.zeros(0, np.int64),
            top=np.zeros((0, 5), np.int64),
            top_score=np.zeros((0, 5), np.int64),
        ),
    ),
]
