"""What the losses of a compiled model say of its outputs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import keras


@dataclass(frozen=True)
class Loss:
    """The loss of one output.

    Attributes:
        name: As a function of Keras is called: `sparse_categorical_crossentropy`.
        config: Its arguments, such as `from_logits`.
    """

    name: str
    config: Mapping[str, Any]


def loss_of(given: Any) -> Loss | None:
    """What `compile(loss=…)` was given, by name; None when there is no loss, or none of Keras' kind."""
    if given is None:
        return None
    try:
        found = keras.losses.get(given)
    except ValueError:  # a name that Keras does not know
        return None
    if isinstance(found, keras.losses.Loss):
        config = {name: value for name, value in _config(found).items() if name not in ("name", "reduction", "dtype")}
        return Loss(_function_name(found), config)
    function = found.func if isinstance(found, partial) else found
    return Loss(getattr(function, "__name__", type(function).__name__), _defaults(found)) if callable(found) else None


def losses_of(given: Any, outputs: list[str]) -> dict[str, Loss | None]:
    """The loss of each output.

    Args:
        given: `model.loss`: one for all outputs, or a list or a mapping of them.
        outputs: The model's names of its outputs; of one that does not tell them, the name of the output that is asked for.
    """
    if isinstance(given, Mapping):
        only = next(iter(given.values())) if len(given) == len(outputs) == 1 else None
        return {name: loss_of(given.get(name, only)) for name in outputs}
    if isinstance(given, list | tuple):
        if len(given) > 1 and len(outputs) == 1 and outputs[0]:  # of a model that does not tell its outputs: a place, or a name that says nothing of its loss
            given = given[int(outputs[0]) :] if outputs[0].isdigit() else []
        return {name: loss_of(one) for name, one in zip(outputs, given, strict=False)}
    return dict.fromkeys(outputs, loss_of(given))


def _config(loss: Any) -> Mapping[str, Any]:
    try:
        config = loss.get_config()
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return {}
    return config if isinstance(config, Mapping) else {}


def _defaults(function: Callable[..., Any]) -> Mapping[str, Any]:
    """What a function is called with that was given by its name."""
    try:
        arguments = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}
    return {argument.name: argument.default for argument in arguments if argument.default is not inspect.Parameter.empty}


def _function_name(loss: Any) -> str:
    # Keras' classes wrap a function; their names differ in the use of capitals only, which a rule would get wrong (KLDivergence).
    function = getattr(loss, "fn", None)
    return getattr(function, "__name__", None) or type(loss).__name__
