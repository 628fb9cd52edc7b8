"""What is known of a training before its first step, as a payload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tb_plugin.schema.json_fields import Json
from tb_plugin.schema.training_facts import TrainingFacts
from writers.host_arrays import host_array


def of(
    *,
    optimizer_config: Mapping[str, Any] | None = None,
    loss_config: Mapping[str, Any] | None = None,
    hyperparameters: Mapping[str, Any] | None = None,
    **facts: Any,
) -> TrainingFacts:
    """The facts of a training.

    Args:
        optimizer_config, loss_config, hyperparameters: Any values: arrays of one number become numbers, what JSON cannot
            say its text.
        facts: The other fields of `TrainingFacts`, as it declares them.

    Raises:
        TypeError: There is no such field, or it has another type.
    """
    sayable = {"optimizer_config": optimizer_config, "loss_config": loss_config, "hyperparameters": hyperparameters}
    return TrainingFacts(**{name: _sayable(content or {}) for name, content in sayable.items()}, **facts)


def _sayable(content: Any) -> Json:
    """As JSON; whatever it has no form for as text, since a fact half said is better than a training that stops."""
    if content is None or isinstance(content, str | bool | int | float):
        return content
    if isinstance(content, Mapping):
        return {str(key): _sayable(value) for key, value in content.items()}
    if isinstance(content, list | tuple | set | frozenset):
        return [_sayable(item) for item in content]
    if hasattr(content, "__array__"):
        array = host_array(content, "fact")
        return array.item() if array.size == 1 and array.dtype.kind in "biufU" else str(array)
    return str(content)
