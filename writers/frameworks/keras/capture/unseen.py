"""Says why nothing is told of a training, where its optimizers are not seen to be applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from writers.frameworks.keras.optimizers import batches_by
from writers.guard import Guard


class Unseen:
    """Knows how far optimizers were when a training began. To ask waits for the device.

    Args:
        optimizers: By name.
        guard: Says it, once.
    """

    def __init__(self, optimizers: Mapping[str, Any], guard: Guard) -> None:
        self._optimizers, self._guard = optimizers, guard
        self._before = self._updates()

    def warn_of_traced(self, before: str, way_out: str) -> bool:
        """Where they make updates all the same: in a function that was traced before."""
        if self._updates() == self._before:
            return False
        reason = f"though its optimizer makes updates: a tf.function that was traced before {before} is left as it is"
        self._guard.say("unseen", f"Layerscope sees no step of this training, {reason}. {way_out}")
        return True

    def warn_of_unapplied(self, way_out: str) -> None:
        """Where they make none, though there is a training."""
        names = " or ".join(dict.fromkeys(type(optimizer).__name__ for optimizer in self._optimizers.values()))
        self._guard.say("unseen", f"Layerscope sees no step of this training: its weights are not changed by {names or 'an optimizer'}. {way_out}")

    def _updates(self) -> list[int]:
        return [batches_by(optimizer) for optimizer in self._optimizers.values()]
