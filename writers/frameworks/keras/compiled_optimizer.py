"""The optimizer that `compile` gives a model."""

from __future__ import annotations

from typing import Any


def compiled_optimizer(model: Any) -> Any | None:
    """None where it was given none, and where the model was not compiled: then Keras has no such attribute."""
    return getattr(model, "optimizer", None)
