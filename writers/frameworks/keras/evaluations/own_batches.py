"""Tells the batches of one evaluation from those of evaluations that other callbacks make within its hooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

_Batch = TypeVar("_Batch")


@dataclass
class _Caller(Generic[_Batch]):
    """An iterator over data, how often it was evaluated between the hooks of this batch, and what came of it."""

    iterator: Any
    calls: int = 1
    batches: list[_Batch] = field(default_factory=list)


class OwnBatches(Generic[_Batch]):
    """Follows an evaluation whose test function is called with an iterator over its data.

    Its own iterator, and no other, comes exactly once between the two hooks of every one of its batches. Until that
    leaves one, what came of each that it may be is kept; as a rule one is left after the first batch.
    """

    def __init__(self) -> None:
        self._possible: list[_Caller[_Batch]] | None = None
        self._now: list[_Caller[_Batch]] = []
        self._is_within = False

    @property
    def is_whole(self) -> bool:
        """Whether every batch so far is known."""
        return self._possible is None or (len(self._possible) == 1 and not self._possible[0].batches)

    def batch_begins(self) -> None:
        """In the first hook of a batch."""
        self._now, self._is_within = [], True

    def wants(self, iterator: Any) -> bool:
        """Whether what comes of this call may be ours. Counts the call."""
        if not self._is_within or (self._possible is not None and all(one.iterator is not iterator for one in self._possible)):
            return False
        caller = _of(iterator, self._now)
        if caller is None:
            self._now.append(_Caller(iterator))
            return True
        caller.calls += 1
        caller.batches.clear()
        return False

    def add(self, iterator: Any, batch: _Batch) -> None:
        """What came of a call that was wanted: as many batches as one execution has, one after the other."""
        caller = _of(iterator, self._now)
        if caller is not None:
            caller.batches.append(batch)

    def batch_ends(self) -> list[_Batch]:
        """In the second hook of a batch: the batches that are known to be ours by now, each once."""
        self._is_within = False
        once, self._now = [one for one in self._now if one.calls == 1], []
        if self._possible is not None:
            before = [(one, _of(one.iterator, once)) for one in self._possible]
            once = [_Caller(one.iterator, 1, one.batches + new.batches) for one, new in before if new is not None]
        self._possible = once
        if len(once) != 1:
            return []
        batches, once[0].batches = once[0].batches, []
        return batches


def _of(iterator: Any, callers: list[_Caller[_Batch]]) -> _Caller[_Batch] | None:
    return next((one for one in callers if one.iterator is iterator), None)
