"""Golden activity: a hidden layer with silent units, and a saturated output."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema.activity import ActiveLayer, Activity
from tb_plugin.schema.payload import Payload

POINTS: Sequence[tuple[int, Payload]] = [
    (
        45,
        Activity(
            examples=256,
            layers=(ActiveLayer("block/conv", "relu"), ActiveLayer("head", "sigmoid", is_output=True)),
            units=np.array([64, 1]),
            never_positive=np.array([40, 0]),
            values=np.array([1_048_576, 256]),
            zeros=np.array([900_000, 0]),
            saturated=np.array([-1, 250]),
            non_finite=np.array([3, 0]),
        ),
    ),
]
