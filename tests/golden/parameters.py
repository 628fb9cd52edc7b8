"""Golden parameters: one of each role, in several types."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.payload import Payload

PARAMETERS = Parameters(
    parameters=(
        Parameter("stem/kernel", "model/stem/kernel", "stem", "float32", "trainable"),
        Parameter("stem/bias", "model/stem/bias", "stem", "float32", "frozen"),
        Parameter("norm/moving_mean", "model/norm/moving_mean", "norm", "float16", "statistic"),
        Parameter("head/kernel", "model/head/kernel", "head", "int8", "scale", tied_to="stem/kernel"),
        Parameter("drop/seed", "model/drop/seed", "drop", "uint32", "state"),
    ),
    shape=np.array([3, 3, 1, 70_000, 70_000, 1, 3]),
    shape_end=np.array([4, 5, 5, 7, 7]),
)

POINTS: Sequence[tuple[int, Payload]] = [(0, PARAMETERS)]
