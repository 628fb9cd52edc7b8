"""The scores that curves are drawn from: all of them while they are few, then counts in bins."""

from __future__ import annotations

from typing import Any

import numpy as np

from writers.label_decisions import is_true
from writers.score_bins import ScoreBins
from writers.score_curves import Drawn, Exact

Array = np.ndarray[Any, Any]

_BINNED_AT_ONCE = 2**22
"""Scores that wait for the bins: to count a few at a time costs as much as to count many."""

MOST_VERTICES = 500_000
"""Of all curves of an evaluation: about 10 MB."""


class CurveScores:
    """Log-odds of the samples of an evaluation, which merge.

    Whether curves are exact depends on the number of scores alone, not on the order and the grouping in which they came.

    Args:
        ids: Class id of each column of the log-odds, 0, 1, …; or the one positive class of two.
        exact_bytes: Scores that take more are binned, and those whose curves would have more than `MOST_VERTICES`.
        positive: The positive class, where there is one column for two classes.
        by_label: Whether labels are decided one by one: then the codes of the decisions stand for class ids, int8 [sample, column].
    """

    def __init__(self, ids: tuple[int, ...], *, exact_bytes: int, positive: int | None = None, by_label: bool = False) -> None:
        self.scores = 0
        self._by_label = by_label
        self._ids, self._exact_bytes, self._positive = ids, exact_bytes, positive
        self._waiting: list[tuple[Array, Array, Array | None]] = []
        self._bins: ScoreBins | None = None

    def add(self, truth: Array, log_odds: Array, weight: Array | None) -> None:
        """Adds samples: class ids [sample], log-odds [sample, column] without NaN, weights [sample]; all are kept as they are."""
        self._waiting.append((truth, log_odds, weight))
        self.scores += log_odds.size
        self._settle()

    def merge(self, other: CurveScores) -> None:
        """Adds all that `other` has."""
        self._waiting += other._waiting
        self.scores += other.scores
        if other._bins is not None:
            if self._bins is None:
                self._bins = ScoreBins(self._ids)
            self._bins.merge(other._bins)
        self._settle()

    def drawn(self, *, is_weighted: bool) -> Drawn:
        """What curves are drawn from, as of now."""
        if self._bins is None:
            truth, log_odds, weight = self.all(is_weighted=is_weighted)
            # A curve has no more vertices than positives; all classes' have as many as samples, and the pooled one again.
            if self._by_label:
                most = 2 * np.count_nonzero(is_true(truth))
            else:
                most = 2 * len(truth) if self._positive is None else np.count_nonzero(truth == self._positive)
            if most <= MOST_VERTICES:
                return Exact(truth, log_odds, weight, self._positive)
            self._bins = ScoreBins(self._ids)
        self._settle(0)
        return self._bins

    @property
    def is_exact(self) -> bool:
        """Whether all scores are still at hand."""
        return self._bins is None

    def all(self, *, is_weighted: bool) -> tuple[Array, Array, Array | None]:
        """Class ids, log-odds and weights of all samples, where they are exact; without weights each weighs 1."""
        size = sum(len(truth) for truth, _, _ in self._waiting)
        log_odds = np.empty((size, len(self._ids)))
        truth = np.empty(log_odds.shape, np.int8) if self._by_label else np.empty(size, np.int64)
        weight = np.empty(size) if is_weighted else None
        at = 0
        self._waiting.reverse()
        while self._waiting:  # each is let go of once it is copied, so that there are never two of all
            own, odds, weights = self._waiting.pop()
            cut = slice(at, at + len(own))
            truth[cut], log_odds[cut] = own, odds
            if weight is not None:
                weight[cut] = 1 if weights is None else weights
            at += len(own)
        self._waiting = [(truth, log_odds, weight)]
        return truth, log_odds, weight

    def among(self, is_left: Array) -> CurveScores:
        """A copy of exact scores that has some of the samples, bool [sample]."""
        truth, log_odds, weight = self.all(is_weighted=any(weights is not None for _, _, weights in self._waiting))
        found = CurveScores(self._ids, exact_bytes=self._exact_bytes, positive=self._positive, by_label=self._by_label)
        found.add(truth[is_left], log_odds[is_left], None if weight is None else weight[is_left])
        return found

    def _settle(self, most_waiting: int = _BINNED_AT_ONCE) -> None:
        """Counts what waits in bins, if there are too many scores to keep."""
        if self._bins is None:
            if 8 * self.scores <= self._exact_bytes:
                return
            self._bins = ScoreBins(self._ids)
        if sum(log_odds.size for _, log_odds, _ in self._waiting) <= most_waiting:
            return
        waiting, self._waiting = self._waiting[::-1], []
        while waiting:
            truth, log_odds, weight = waiting.pop()
            if log_odds.size > _BINNED_AT_ONCE:
                rows = max(1, _BINNED_AT_ONCE // len(self._ids))
                for start in range(0, len(truth), rows):
                    cut = slice(start, start + rows)
                    self._bins.add(truth[cut], log_odds[cut], None if weight is None else weight[cut])
                continue
            # Small batches together: to count a few costs as much as to count many.
            small, size = [(truth, log_odds, weight)], log_odds.size
            while waiting and size + waiting[-1][1].size <= _BINNED_AT_ONCE:
                small.append(waiting.pop())
                size += small[-1][1].size
            if any(each[2] is not None for each in small):
                weight = np.concatenate([np.ones(len(own)) if weights is None else weights for own, _, weights in small])
            self._bins.add(np.concatenate([own for own, _, _ in small]), np.concatenate([odds for _, odds, _ in small]), weight)
