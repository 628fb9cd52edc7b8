"""A cache of computed values, bounded by bytes, in which each value is computed by one thread while others wait."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class _Flight:
    """One computation under way, and how many threads want it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    wanted_by: int = 0


class Cache(Generic[T]):
    """One value a key, which holds as long as its stamp does; the least recently used go first when the bound is passed.

    Args:
        most_bytes: Bound of what is kept; a value larger than that is handed out and not kept.
        size: Bytes of a value.
    """

    def __init__(self, most_bytes: int, size: Callable[[T], int]) -> None:
        self._most_bytes = most_bytes
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[T, Hashable, int]] = OrderedDict()
        self._bytes = 0
        self._flights: dict[Hashable, _Flight] = {}

    def get(self, key: Hashable, stamp: Hashable, compute: Callable[[T | None], T]) -> T:
        """The value of a key at a stamp, computed when that is not what is kept.

        Args:
            key: What the value is of.
            stamp: The state of that thing; a value made at another stamp is replaced.
            compute: Makes the value, of the value at an earlier stamp where one is kept. Called in one thread at a time
                for a key; what it raises is raised here, and nothing changes.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[1] == stamp:
                self._kept.move_to_end(key)
                return kept[0]
            flight = self._flights.setdefault(key, _Flight())
            flight.wanted_by += 1
        try:
            with flight.lock:
                with self._lock:
                    kept = self._kept.get(key)
                if kept is not None and kept[1] == stamp:
                    return kept[0]
                value = compute(None if kept is None else kept[0])
                with self._lock:
                    self._keep(key, value, stamp)
                return value
        finally:
            with self._lock:
                flight.wanted_by -= 1
                if flight.wanted_by == 0:
                    del self._flights[key]

    @property
    def nbytes(self) -> int:
        """Bytes kept now."""
        return self._bytes

    def _keep(self, key: Hashable, value: T, stamp: Hashable) -> None:
        self._drop(key)
        size = self._size(value)
        if size > self._most_bytes:
            return
        self._kept[key] = (value, stamp, size)
        self._bytes += size
        while self._bytes > self._most_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._bytes -= dropped[2]
