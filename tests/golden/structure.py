"""A golden structure: a layer called twice, a box without a layer, shapes that are open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema.payload import Payload
from tb_plugin.schema.structure import Node, Structure
from tests.golden.parameters import PARAMETERS

POINTS: Sequence[tuple[int, Payload]] = [
    (
        0,
        Structure(
            source="keras",
            model="digits",
            parameters=PARAMETERS,
            nodes=(
                Node("input", "input", 0, "InputLayer", {"batch_shape": [None, 8, 8]}),
                Node("block", "block", 0, "Sequential"),
                Node("block/dense", "block/dense", 0, "Dense", {"units": 64, "activation": "relu"}),
                Node("block/dense#2", "block/dense", 1, "Dense", {"units": 64, "activation": "relu"}),
                Node("add", "", 0, "Add"),
            ),
            inputs={"image": 0},
            outputs={"digit": 4},
            dtypes=("float32",),
            notes=("one layer could not be called",),
            parent=np.array([-1, -1, 1, 1, -1]),
            edge=np.array([[0, 0, 2, 0], [2, 0, 3, 0], [3, 0, 4, 0], [0, 0, 4, 1]]),
            output_end=np.array([1, 2, 3, 4, 5]),
            shape=np.array([-1, 8, 8, -1, 64, -1, 64, -1, 64, -1, 64]),
            shape_end=np.array([3, 5, 7, 9, 11]),
            dtype=np.array([0, 0, 0, 0, -1]),
            macs=np.array([0, -1, 5_000_000_000, 4096, -1]),
            activation_bytes=np.array([256, -1, 256, 256, -1]),
            edges_known=np.array([True, True, True, True, False]),
        ),
    )
]
