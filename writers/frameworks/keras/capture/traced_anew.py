"""A model's own methods that are each a `tf.function`: what was traced of one before is left as it is, and tells of nothing."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf


class TracedAnew:
    """Copies of them that hold nothing traced, for where a step is looked into; the model's own never hold anything of ours.

    Args:
        model: Its methods are looked for now.
    """

    def __init__(self, model: Any) -> None:
        held: dict[str, Any] = {}
        for owner in (*reversed(type(model).__mro__), model):
            held.update(vars(owner))
        # Keras looks itself at those that it has, as at `call` where it saves a model.
        self._names = [name for name, each in held.items() if isinstance(each, _FUNCTION) and not hasattr(keras.Model, name)]
        self._model = model
        self._copies: dict[int, tuple[Any, Any]] = {}

    @property
    def methods(self) -> dict[str, Any]:
        """By name, to be put in the place of the model's."""
        return {name: self.of(getattr(self._model, name)) for name in self._names}

    def of(self, function: Any) -> Any:
        """The copy of a function; itself where it is not traced."""
        if not isinstance(function, _FUNCTION) or not hasattr(function, "_clone"):
            return function
        if id(function) not in self._copies:
            self._copies[id(function)] = function, function._clone(None)
        return self._copies[id(function)][1]


_FUNCTION = tf.types.experimental.PolymorphicFunction
