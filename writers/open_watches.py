"""The watched trainings of this process that are not closed yet."""

from __future__ import annotations

import atexit
import weakref
from collections.abc import Iterable
from typing import Any, Protocol


class Closable(Protocol):
    """A training that is watched."""

    def close(self) -> None:
        """Ends it; again: nothing to do."""


class OpenWatches:
    """Remembers who watches which optimizer, and holds neither: what is open when the process ends is closed then."""

    def __init__(self) -> None:
        self._of_optimizer: weakref.WeakKeyDictionary[Any, weakref.ref[Closable]] = weakref.WeakKeyDictionary()
        self._open: weakref.WeakSet[Closable] = weakref.WeakSet()
        atexit.register(self._close_all)

    def close_earlier(self, optimizers: Iterable[Any]) -> None:
        """Closes those who still watch one of these optimizers."""
        for each in optimizers:
            earlier = self._of_optimizer.get(each)
            if earlier is not None and (still := earlier()) is not None:
                still.close()

    def add(self, watch: Closable, optimizers: Iterable[Any]) -> None:
        """It begins."""
        for each in optimizers:
            self._of_optimizer[each] = weakref.ref(watch)
        self._open.add(watch)

    def discard(self, watch: Closable, optimizers: Iterable[Any]) -> None:
        """It is closed."""
        for each in optimizers:
            self._of_optimizer.pop(each, None)
        self._open.discard(watch)

    def _close_all(self) -> None:
        for each in list(self._open):
            each.close()
