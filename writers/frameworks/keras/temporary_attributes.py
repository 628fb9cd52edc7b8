"""Attributes that an object has for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any


@contextmanager
def temporary_attributes(model: Any, **attributes: Any) -> Iterator[None]:
    """Sets attributes of the model while inside, past Keras' own bookkeeping, and leaves them as they were."""
    with ExitStack() as stack:
        for name, value in attributes.items():
            stack.enter_context(_shadow(vars(model), name, value))
        yield


@contextmanager
def _shadow(own: dict[str, Any], name: str, value: Any) -> Iterator[None]:
    was_there, before = name in own, own.get(name)
    own[name] = value
    try:
        yield
    finally:
        if was_there:
            own[name] = before
        else:
            own.pop(name, None)
