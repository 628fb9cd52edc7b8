"""Which labels are wrong together: pairs of labels that are wrong in the same sample."""

from __future__ import annotations

from typing import Any

import numpy as np

from tb_plugin.schema.multilabel import MOST_PAIRS, MOST_WRONG
from writers.label_decisions import MISSED, is_wrong
from writers.sparse_counts import SparseCounts

Array = np.ndarray[Any, Any]

_PAIRS_AT_ONCE = 2**20
_SWAP, _MISSED, _FALSE = 0, 1, 2


class LabelPairs:
    """Counts pairs, which add up by batches: each sample by itself, so that order and grouping change nothing.

    A sample with many wrong labels is in none: there would be as many pairs as their number squared.

    Args:
        n_labels: How many labels there are.
    """

    def __init__(self, n_labels: int) -> None:
        self._n = n_labels
        self._counts = SparseCounts()

    def add(self, code: Array) -> None:
        """Counts the pairs of samples: decisions int8 [sample, label]."""
        wrong = is_wrong(code)
        wrongs = np.count_nonzero(wrong, axis=1)
        among = np.flatnonzero((wrongs > 1) & (wrongs <= MOST_WRONG))
        ends = np.cumsum(wrongs[among] * (wrongs[among] - 1) // 2)
        start = 0
        while start < len(among):
            before = ends[start - 1] if start else 0
            stop = max(start + 1, int(np.searchsorted(ends, before + _PAIRS_AT_ONCE)))
            rows = among[start:stop]
            sample, label = np.nonzero(wrong[rows])  # sample by sample, labels rising
            self._add(wrongs[rows], label, code[rows[sample], label] == MISSED)
            start = stop

    def merge(self, other: LabelPairs) -> None:
        """Adds all that `other` has."""
        self._counts.merge(other._counts)

    def listed(self) -> dict[str, Any]:
        """What the kind is told of them: of many the most frequent ones, of equally frequent ones those that come first."""
        total, size = self._counts.total(), self._n**2
        ends = np.searchsorted(total.key, size * np.arange(1, 4))
        (swap, count), (missed, missed_count), (false, false_count) = (
            (keys - sort * size, counts) for sort, (keys, counts) in enumerate(zip(np.split(total.key, ends[:2]), np.split(total.count, ends[:2]), strict=True))
        )
        together = np.union1d(missed, false)
        counts = np.zeros((2, len(together)), np.int64)
        counts[0, np.searchsorted(together, missed)] = missed_count
        counts[1, np.searchsorted(together, false)] = false_count
        told, others = _most_frequent(count), _most_frequent(counts.sum(axis=0))
        return {
            "row_end": np.searchsorted(swap[told], np.arange(1, self._n + 1) * self._n),
            "column": swap[told] % self._n,
            "count": count[told],
            "together_end": np.searchsorted(together[others], np.arange(1, self._n + 1) * self._n),
            "together_column": together[others] % self._n,
            "missed_together": counts[0, others],
            "false_together": counts[1, others],
            "unlisted_swaps": int(count.sum() - count[told].sum()),
            "unlisted_together": int(counts.sum() - counts[:, others].sum()),
        }

    def _add(self, wrongs: Array, label: Array, missed: Array) -> None:
        """Counts the pairs of samples with so many wrong labels each, whose ids and kinds stand one after the other."""
        place = np.arange(len(label))
        later = np.repeat(np.cumsum(wrongs), wrongs) - 1 - place  # wrong labels of the same sample behind each
        first = np.repeat(place, later)
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(later) - later, later)
        a, b = label[first], label[second]
        sort = np.where(missed[first] != missed[second], _SWAP, np.where(missed[first], _MISSED, _FALSE))
        is_turned = missed[second] & ~missed[first]  # the missed one is the row
        a, b = np.where(is_turned, b, a), np.where(is_turned, a, b)
        self._counts.add((sort * self._n + a) * self._n + b, np.ones(len(a)))


def _most_frequent(count: Array) -> Array:
    """Places of the largest counts, rising."""
    if len(count) <= MOST_PAIRS:
        return np.arange(len(count))
    return np.sort(np.argsort(-count, kind="stable")[:MOST_PAIRS])
