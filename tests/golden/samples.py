"""Golden samples: texts for ids, with a truth that nobody knows, one that is no class, and weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema.payload import Payload
from tb_plugin.schema.samples import Samples

SAMPLES = Samples(
    ids=("img/0001.png", "<b>🦊</b>", "שלום", ""),
    number=np.array([0, 1, 2, 2**40]),
    truth=np.array([3, 0, 4, -1]),
    number_truth=None,
    weight=np.array([1.0, 0.5, 0.0, 1e-300]),
)

POINTS: Sequence[tuple[int, Payload]] = [(0, SAMPLES), (1, Samples(number=np.array([70_000, -5]), truth=np.array([0, 1]), number_truth=None, weight=None))]
