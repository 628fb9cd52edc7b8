"""The optimizers of a model, and what is read off one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from writers.learning_rate import innermost


def optimizers_of(model: Any) -> Mapping[str, Any]:
    """Each optimizer among the model's attributes, by name: that of `compile` first.

    One alone is called by its own name; several by the attribute that holds each.
    """
    found = {name: held for name, held in vars(model).items() if isinstance(held, keras.optimizers.Optimizer)}
    distinct: dict[str, Any] = {}
    for name, optimizer in [("optimizer", model.optimizer), *found.items()]:
        if optimizer is not None and not any(optimizer is other for other in distinct.values()):
            distinct[name.lstrip("_")] = optimizer
    if len(distinct) == 1:
        return {optimizer.name: optimizer for optimizer in distinct.values()}
    return distinct


def loss_scale(optimizer: Any) -> Any | None:
    """What the gradients handed to it are multiplied with, as a number or a tensor; None where nothing scales them."""
    if hasattr(optimizer, "dynamic_scale"):
        return optimizer.dynamic_scale if optimizer.built else optimizer.initial_scale
    return optimizer.loss_scale_factor


def updates_counted(optimizer: Any) -> tuple[Any, int]:
    """A variable that counts the batches whose update was made or gathered, and how many are gathered for one."""
    inner = innermost(optimizer)
    # Before Keras 3.5 `iterations` itself counts every batch.
    return getattr(inner, "_iterations", inner.iterations), inner.gradient_accumulation_steps or 1


def clip_factor(optimizer: Any, norm: float) -> float:
    """What gradients are multiplied with before the update, where their global norm is `norm`; NaN where each differs.

    keras.optimizers.Optimizer, "global_clipnorm".
    """
    inner = innermost(optimizer)
    if inner.global_clipnorm is not None:
        return min(1.0, inner.global_clipnorm / norm) if norm > 0 else 1.0
    return 1.0 if inner.clipnorm is None and inner.clipvalue is None else float("nan")


def trained_by(optimizer: Any) -> list[Any] | None:
    """The variables that an optimizer was made for; None where it knows none yet."""
    inner = innermost(optimizer)
    return list(inner._trainable_variables) if inner.built else None
