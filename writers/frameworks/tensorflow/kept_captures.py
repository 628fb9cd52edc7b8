"""Captures live as long as the optimizers that they look at: functions that were traced meanwhile go on to use their variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from writers.frameworks.tensorflow.capture import TapeCapture
from writers.guard import Guard


def capture_of(weights: Sequence[Any], optimizers: Mapping[str, Any], guard: Guard) -> TapeCapture:
    """What looks at the optimizers: again that which looked before, if it was made for the same. Arguments as of `TapeCapture`."""
    for each in _kept(next(iter(optimizers.values()))):
        if each.is_of(weights, optimizers):
            return each
    return TapeCapture(weights, optimizers, guard)


def keep(capture: TapeCapture) -> None:
    """Has it live as long as its optimizers do; not among what Keras tracks, copies and saves."""
    for optimizer in capture.optimizers.values():
        kept = _kept(optimizer)
        if not any(each is capture for each in kept):
            vars(optimizer)[_NAME] = (*kept, capture)


def _kept(optimizer: Any) -> tuple[TapeCapture, ...]:
    kept: tuple[TapeCapture, ...] = vars(optimizer).get(_NAME, ())
    return kept


_NAME = "_layerscope_captures"
