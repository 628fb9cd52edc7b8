"""Which optimizers of a model make its updates: `compile` makes one also for who brings their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from writers.frameworks.keras.optimizers import batches_by, compiled_optimizer, optimizers_of


class Applied:
    """The optimizers of a model that were applied since this was made, also where loss scaling left the update out.

    To ask waits for the device. Backends other than TensorFlow need not count amid a `fit`: there, they are that of `compile`.

    Args:
        model: Compiled.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._before = [(optimizer, _counted(optimizer)) for optimizer in self.all.values()]

    @property
    def all(self) -> Mapping[str, Any]:
        """All that the model holds, applied or not, by name."""
        if keras.config.backend() == "tensorflow":
            return optimizers_of(self._model)
        optimizer = compiled_optimizer(self._model)
        return {} if optimizer is None else {optimizer.name: optimizer}

    @property
    def now(self) -> Mapping[str, Any]:
        """Those that were applied, by name."""
        return {name: optimizer for name, optimizer in self.all.items() if keras.config.backend() != "tensorflow" or self._has_moved(optimizer)}

    def _has_moved(self, optimizer: Any) -> bool:
        before = next((counted for other, counted in self._before if other is optimizer), None)
        return _counted(optimizer) != (before or (0, None))


def _counted(optimizer: Any) -> tuple[int, float | None]:
    """Updates, and the scale, which changes with those that are left out; not known before the first."""
    scale = getattr(optimizer, "dynamic_scale", None) if optimizer.built else getattr(optimizer, "initial_scale", None)
    return batches_by(optimizer), None if scale is None else float(np.asarray(keras.ops.convert_to_tensor(scale)))
