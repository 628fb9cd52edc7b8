"""Conditions in the graph, of which what is not chosen costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf


def where(predicate: Any, action: Callable[[], Any]) -> None:
    """Runs what a step that is told takes, in the graph."""
    tf.cond(predicate, _whole(action), lambda: False)


def chosen(predicate: Any, action: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """What one of two gives, in the graph."""
    return tf.cond(predicate, _whole(action), _whole(otherwise))


def _whole(action: Callable[[], Any]) -> Callable[[], Any]:
    """The same as one call of a function.

    A condition alone is taken apart before it runs, and then a step walks through all operations of the side that is not
    chosen, to do none of them.
    """
    if tf.executing_eagerly():
        return action
    function: Callable[[], Any] = tf.function(action, autograph=False, experimental_attributes={"_noinline": True})
    return function
