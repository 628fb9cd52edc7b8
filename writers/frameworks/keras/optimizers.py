"""The optimizers of a model, and what is read off one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from writers.learning_rate import innermost


def compiled_optimizer(model: Any) -> Any | None:
    """That of `compile`; None where it was given none, and where the model was not compiled: then Keras has no such attribute."""
    return getattr(model, "optimizer", None)


def optimizers_of(model: Any) -> Mapping[str, Any]:
    """Each optimizer among the model's attributes, or in lists and mappings among them, by name: that of `compile` first.

    One alone is called by its own name; several by the attribute that holds each, and its place in there.
    """
    found = [(path.lstrip("_"), each) for held in (_direct, _inside) for name, value in vars(model).items() for path, each in held(name, value)]
    distinct: dict[str, Any] = {}
    for name, optimizer in [("optimizer", compiled_optimizer(model)), *found]:
        if optimizer is not None and not any(optimizer is other for other in distinct.values()):
            distinct[name if name not in distinct else f"{name}_{len(distinct)}"] = optimizer
    if len(distinct) == 1:
        return {optimizer.name: optimizer for optimizer in distinct.values()}
    return distinct


def _direct(name: str, held: Any) -> list[tuple[str, Any]]:
    return [(name, held)] if isinstance(held, keras.optimizers.Optimizer) else []


def _inside(name: str, held: Any) -> list[tuple[str, Any]]:
    parts = held.items() if isinstance(held, Mapping) else enumerate(held) if isinstance(held, list | tuple) else ()
    return [(f"{name}/{key}", each) for key, each in parts if isinstance(each, keras.optimizers.Optimizer)]


def loss_scale(optimizer: Any) -> Any | None:
    """What the gradients handed to it are multiplied with, as a number or a tensor; None where nothing scales them."""
    if hasattr(optimizer, "dynamic_scale"):
        return optimizer.dynamic_scale if optimizer.built else optimizer.initial_scale
    return optimizer.loss_scale_factor


def updates_counted(optimizer: Any) -> tuple[Any, int]:
    """A variable that counts the batches whose update was made or gathered, and how many are gathered for one."""
    inner = innermost(optimizer)
    # Before Keras 3.5 `iterations` itself counts every batch.
    return inner._iterations if hasattr(inner, "_iterations") else inner.iterations, inner.gradient_accumulation_steps or 1


def batches_by(optimizer: Any) -> int:
    """Batches that an optimizer has counted: with gradient accumulation several to an update; none by None. Waits for the device.

    Less than were trained where loss scaling left some out, and one more for each epoch of data of unknown length, so
    it is asked only for what was trained without us.
    """
    if optimizer is None:
        return 0
    counted, _ = updates_counted(optimizer)
    return int(np.asarray(keras.ops.convert_to_tensor(counted)))  # also of several replicas


def clip_factor(optimizer: Any, norm: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """What gradients are multiplied with before the update; NaN where each differs, and where their norm is not known.

    keras.optimizers.Optimizer, "global_clipnorm".

    Args:
        optimizer: Makes the update.
        norm: float64 [step]. Of all that it clips together; NaN where it is not known, or makes no update.
    """
    inner = innermost(optimizer)
    if inner.global_clipnorm:
        with np.errstate(divide="ignore"):
            return np.where(np.isfinite(norm), np.minimum(1.0, inner.global_clipnorm / norm), np.nan)
    return np.full(norm.shape, np.nan if inner.clipnorm or inner.clipvalue else 1.0)


def clips_gathered(optimizer: Any) -> bool:
    """Whether it clips gradients of several batches, gathered, by their global norm; before Keras 3.5 it clipped those of each batch."""
    inner = innermost(optimizer)
    return bool(inner.global_clipnorm) and (inner.gradient_accumulation_steps or 1) > 1 and hasattr(inner, "_iterations")


def gathered_by(optimizer: Any, variables: Sequence[Any]) -> list[Any] | None:
    """What it has gathered of the gradient of each variable; None where that cannot be told, as before it is built."""
    inner = innermost(optimizer)
    try:
        return [inner._accumulated_gradients[inner._get_variable_index(variable)].value for variable in variables]
    except (AttributeError, KeyError):  # private: another version of Keras may keep it in another way
        return None


def trained_by(optimizer: Any) -> list[Any] | None:
    """The variables that an optimizer was made for; None where it knows none yet."""
    inner = innermost(optimizer)
    return list(inner._trainable_variables) if inner.built else None
