"""Golden statistics: norms of two steps, with values that are not finite."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema.payload import Payload
from tb_plugin.schema.tensor_stats import NORMS, TensorStats
from tests.golden.parameters import PARAMETERS

POINTS: Sequence[tuple[int, Payload]] = [
    (
        7,
        TensorStats(
            parameters=PARAMETERS,
            statistics=NORMS,
            groups=("adam", "sgd"),
            sampled=(1, 1, 1, 74_771, 1),
            step=np.array([5, 7]),
            value=np.array([[[i + p / 4 + s, np.nan if s == 1 else np.inf] for p in range(5)] for i, s in enumerate(range(3))]),
            loss=np.array([2.5, np.nan]),
            batch_examples=np.array([32, -1]),
            epoch=np.array([0.125, 0.175]),
            loss_scale=np.array([32768.0, 16384.0]),
            clip_factor=np.array([0.5, np.nan]),
            skipped=np.array([False, True]),
            learning_rate=np.array([[0.001, 0.0009], [0.1, 0.1]]),
        ),
    ),
]
