"""Golden number predictions: two targets with values that do not count, and none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema.number_predictions import NumberPredictions
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.samples import Samples

_SAMPLES = Samples(
    ids=("a.png", "büro 7"),
    number=np.array([0, 1]),
    truth=np.array([-1, -1]),
    number_truth=np.array([[1e6, 0.1], [np.nan, -1e300]]),
    weight=np.array([1.0, 0.5]),
)

POINTS: Sequence[tuple[int, Payload]] = [
    (
        45,
        NumberPredictions(
            samples=_SAMPLES,
            epoch=0,
            targets=("length", "width in µm"),
            dropped={"truth not finite": 1},
            predicted=np.array([[1e6 + 2**-20, -0.25], [3.0, np.inf]]),
            kept=np.array([[True, True], [False, False]]),
        ),
    ),
    (90, NumberPredictions(samples="0123456789abcdef", targets=("",), predicted=np.zeros((0, 1)), kept=np.zeros((0, 1), bool))),
]
