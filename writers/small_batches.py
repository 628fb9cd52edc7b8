"""Small batches of an evaluation, which wait to be counted together: each costs a millisecond, whatever its size."""

from __future__ import annotations

from typing import Any

import numpy as np

from writers.confusion_matrix import Batch
from writers.sample_ids import Ids

_JOINED = 2**17
"""Scores that wait to be counted together."""


def can_wait(batch: Batch) -> bool:
    """Whether a batch is a small one, and of numbers, which raise nothing any more."""
    is_of_numbers = batch.truth.dtype.kind in "biuf" and batch.predicted.dtype.kind in "biuf"
    return is_of_numbers and 0 < batch.predicted.size <= _JOINED // 2


class SmallBatches:
    """Those that wait, with the ids of their samples; all can be joined."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Batch, Ids]] = []
        self._scores = 0

    @property
    def samples(self) -> int:
        """How many wait."""
        return sum(len(batch.truth) for batch, _ in self._waiting)

    @property
    def are_many(self) -> bool:
        """Whether they should be counted now."""
        return self._scores > _JOINED

    def fits(self, batch: Batch, names: Ids) -> bool:
        """Whether a batch can be joined with those that wait."""
        return not self._waiting or _form(*self._waiting[0]) == _form(batch, names)

    def add(self, batch: Batch, names: Ids) -> None:
        """Keeps a copy of a batch that fits and can wait."""
        self._waiting.append((Batch(batch.truth.copy(), batch.predicted.copy(), batch.weight), names))
        self._scores += batch.predicted.size

    def take(self) -> tuple[Batch, Ids] | None:
        """All that wait as one batch, and its ids; none waits any more."""
        if not self._waiting:
            return None
        batches, names = zip(*self._waiting, strict=True)
        self._waiting, self._scores = [], 0
        weight = None if batches[0].weight is None else np.concatenate([batch.weight for batch in batches])
        together = Batch(np.concatenate([batch.truth for batch in batches]), np.concatenate([batch.predicted for batch in batches]), weight)
        if isinstance(names[0], tuple):
            return together, tuple(name for each in names for name in each)
        return together, None if names[0] is None else np.concatenate(names)


def _form(batch: Batch, names: Ids) -> tuple[Any, ...]:
    """Batches in which this is the same can be joined."""
    return batch.truth.dtype, batch.predicted.dtype, batch.predicted.shape[1:], batch.weight is None, type(names)
