"""The activity of a model's units over a training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from tb_plugin.schema.activity import Activity
from writers.frameworks.keras.activity.counts import SATURATES
from writers.frameworks.keras.activity.examples import Examples, examples_of
from writers.frameworks.keras.activity.watched_pass import CannotWatch, WatchedPass


class Activities:
    """Looks at what the layers of a model put out on the first examples of its training.

    Args:
        model: In `fit`.
        arguments: Those of `fit`, by name. None is kept: the examples are copied.
    """

    def __init__(self, model: Any, arguments: Mapping[str, Any]) -> None:
        self._model = model
        found = _what_hinders(model) or examples_of(model, arguments)
        self._hindrance = found if isinstance(found, str) else None
        self._examples = found if isinstance(found, Examples) else None
        self._pass: WatchedPass | None = None

    def __str__(self) -> str:
        return f"none: {self._hindrance}" if self._pass is None else f"on the first {self._pass.count} training examples"

    def prepare(self) -> None:
        """Traces the pass, once, after a batch of the training: the model is built then."""
        examples, self._examples = self._examples, None
        if examples is not None:
            try:
                self._pass = WatchedPass(self._model, examples)
            except Exception as reason:
                self._hindrance = str(reason) if isinstance(reason, CannotWatch) else "calling the model failed"
                if not isinstance(reason, CannotWatch):
                    raise

    @property
    def cost(self) -> int:
        """Bytes of a point, about; 0 where there are none."""
        return 0 if self._pass is None else _RECORD_BYTES + sum(_LAYER_BYTES + len(layer.path.encode()) for layer in self._pass.layers)

    def look(self) -> Activity | None:
        """The activity now; None where it is not told. What fails once is not tried again."""
        watched, self._pass = self._pass, None
        if watched is None:
            return None
        self._hindrance = "a pass failed"
        silent, numbers = watched.run()
        self._pass = watched
        return Activity(
            examples=watched.count,
            layers=watched.layers,
            units=np.array([len(each) for each in silent], np.int64),
            never_positive=np.array([np.count_nonzero(each) for each in silent], np.int64),
            values=numbers[:, 0],
            zeros=numbers[:, 1],
            saturated=np.where([layer.activation in SATURATES for layer in watched.layers], numbers[:, 2], -1),
            non_finite=numbers[:, 3],
        )


def _what_hinders(model: Any) -> str | None:
    strategy = model.distribute_strategy
    if strategy.num_replicas_in_sync > 1 and type(strategy) is not tf.distribute.MirroredStrategy:
        return f"the model trains under {type(strategy).__name__}, with which this was not tried"
    return "the model runs eagerly" if model.run_eagerly else None


_RECORD_BYTES, _LAYER_BYTES = 500, 100
"""What a point takes on disk, about, beside the paths of its layers."""
