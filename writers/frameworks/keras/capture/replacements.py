"""Methods of objects that are replaced for a while."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import tensorflow as tf


class Replacements:
    """Methods that were replaced on instances; true while there are any."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def __bool__(self) -> bool:
        return bool(self._undo)

    def put(self, owner: Any, name: str, ours: Callable[..., Any]) -> None:
        """Has `ours` called in place of the owner's method."""
        own = vars(owner)
        was_there, before = name in own, own.get(name)

        def replacement(*args: Any, **kwargs: Any) -> Any:
            return ours(*args, **kwargs)

        replacement = tf.autograph.experimental.do_not_convert(replacement)

        def undo() -> None:
            if own.get(name) is not replacement:
                _left[replacement] = was_there, before  # somebody put theirs over it: it stays, and only passes on
                return
            is_own, below = was_there, before
            while isinstance(below, FunctionType) and below in _left:  # of another capture, which ended before this one
                is_own, below = _left.pop(below)
            if is_own:
                own[name] = below
            else:
                del own[name]

        own[name] = replacement
        self._undo.append(undo)

    def take_out(self) -> None:
        """Leaves all as it was; again: nothing to do."""
        undo, self._undo = self._undo, []
        for each in reversed(undo):
            each()


_left: WeakKeyDictionary[Callable[..., Any], tuple[bool, Any]] = WeakKeyDictionary()
"""Replacements that could not be taken out, with what they replaced: whether the object had it as its own, and what."""
