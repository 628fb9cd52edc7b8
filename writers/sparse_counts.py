"""Counts of places of which most are empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

_LEAST_PENDING = 4096


@dataclass(frozen=True)
class Counts:
    """Places that are not empty: `key` int64 [place] rising; samples and weight in each."""

    key: np.ndarray[Any, Any]
    count: np.ndarray[Any, Any]
    weight: np.ndarray[Any, Any]


class SparseCounts:
    """Counts that grow by batches: over all of them the work stays proportional to the samples."""

    def __init__(self) -> None:
        self._joined = _joined([])
        self._pending: list[Counts] = []

    @property
    def samples(self) -> int:
        """How many were counted."""
        return int(sum(part.count.sum() for part in [self._joined, *self._pending]))

    def add(self, key: np.ndarray[Any, Any], weight: np.ndarray[Any, Any]) -> None:
        """Counts one sample at each `key` [sample], with its weight."""
        self._pending.append(_counted(key, weight))
        # Joined when they outgrow what is joined already.
        if sum(len(part.key) for part in self._pending) > max(_LEAST_PENDING, len(self._joined.key)):
            self.total()

    def merge(self, other: SparseCounts) -> None:
        """Adds all that `other` has."""
        self._pending.append(other.total())
        self.total()

    def total(self) -> Counts:
        """All that was counted so far."""
        if self._pending:
            self._joined, self._pending = _joined([self._joined, *self._pending]), []
        return self._joined


def _counted(key: np.ndarray[Any, Any], weight: np.ndarray[Any, Any]) -> Counts:
    if len(key) and key.max() < len(key):  # more samples than places: no need to sort them
        count = np.bincount(key)
        places = np.flatnonzero(count)
        return Counts(places, count[places], np.bincount(key, weight)[places])
    return _joined([Counts(key, np.ones(len(key), dtype=np.int64), weight)])


def _joined(parts: Sequence[Counts]) -> Counts:
    key = np.concatenate([np.zeros(0, dtype=np.int64), *[part.key for part in parts]])
    places, place = np.unique(key, return_inverse=True)
    count = np.zeros(len(places), dtype=np.int64)
    np.add.at(count, place, np.concatenate([np.zeros(0, dtype=np.int64), *[part.count for part in parts]]))
    weight = np.bincount(place, np.concatenate([np.zeros(0), *[part.weight for part in parts]]), minlength=len(places))
    return Counts(places, count, weight)
