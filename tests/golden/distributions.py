"""Golden distributions: of all values with every odd bucket, and of samples by digest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema import record
from tb_plugin.schema.distributions import Distributions
from tb_plugin.schema.payload import Payload
from tests.golden.parameters import PARAMETERS

POINTS: Sequence[tuple[int, Payload]] = [
    (
        0,
        Distributions(
            parameters=PARAMETERS,
            bucket_end=np.array([6, 6, 7, 9, 9]),
            exponent=np.array([-32768, -32767, -1993, 0, 926, 32767, 2000, -3023, 3023]),
            count=np.array([1, 2, 30, 4, 5, 6, 3, 70_000, 1]),
        ),
    ),
    (
        100,
        Distributions(
            parameters=record.digest(PARAMETERS),
            sampled=(1, 1, 1, 74_771, 1),
            bucket_end=np.array([0, 0, 0, 2, 2]),
            exponent=np.array([-1990, 1991]),
            count=np.array([2**40, 65_536]),
        ),
    ),
]
