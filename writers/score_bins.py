"""Score curves of more scores than memory should hold: counts in bins of log-odds, which add up by batches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tb_plugin.schema.score_curves import MICRO
from writers.label_decisions import is_true
from writers.score_sums import SCORE_EDGES
from writers.score_vertices import Vertices
from writers.sparse_counts import SparseCounts

Array = np.ndarray[Any, Any]

BINS = 2048
"""Of each class: bin i holds log-odds from (i - 1024) / 64 up to below the next; the two at the ends are open."""

_COLUMNS_AT_ONCE = 256

# The edges of the score histograms are edges here, too, so that those are exact: a bin with such an edge in it has two parts.
_BIN_OF_EDGE = np.floor(SCORE_EDGES * 64).astype(np.int64) + BINS // 2
_EDGE_IN = np.full(BINS, np.inf)
_EDGE_IN[_BIN_OF_EDGE] = SCORE_EDGES
_FIRST_PART = np.arange(BINS) + np.searchsorted(_BIN_OF_EDGE, np.arange(BINS))
_PARTS = BINS + len(SCORE_EDGES)
_HISTOGRAM_STARTS = np.append(0, _FIRST_PART[_BIN_OF_EDGE] + 1)


class ScoreBins:
    """Positives and all samples by log-odds, for each class; of two classes for the positive one alone.

    Counts are the same in any order and grouping, weights up to the rounding of their sums.

    Args:
        ids: Class id of each column of the log-odds, 0, 1, …; or the one positive class of two.
    """

    is_binned = True

    def __init__(self, ids: tuple[int, ...]) -> None:
        self.ids = ids
        self._all = np.zeros((len(ids), _PARTS), np.uint32)
        self._all_weight: Array | None = None
        self._positives = SparseCounts()
        self._squares = np.zeros((len(ids), 2))

    def add(self, truth: Array, log_odds: Array, weight: Array | None) -> None:
        """Counts samples: class ids [sample], log-odds [sample, column] without NaN, weights [sample].

        Of labels that are decided one by one, the codes of the decisions [sample, column] stand for class ids.
        """
        if weight is not None and self._all_weight is None:
            self._all_weight = self._all.astype(np.float64)
        w = np.ones(len(truth)) if weight is None else weight
        for start in range(0, len(self.ids), _COLUMNS_AT_ONCE):
            part = _parts(log_odds[:, start : start + _COLUMNS_AT_ONCE])
            width = part.shape[1]
            cut = slice(start, start + width)
            key = (part + np.arange(width) * _PARTS).ravel()
            repeated = None if self._all_weight is None else np.repeat(w, width)
            if truth.ndim == 2 and not (counts := truth[:, cut].ravel() >= 0).all():
                key, repeated = key[counts], None if repeated is None else repeated[counts]
            self._all[cut] += np.bincount(key, minlength=width * _PARTS).reshape(width, _PARTS).astype(np.uint32)
            if self._all_weight is not None:
                self._all_weight[cut] += np.bincount(key, repeated, minlength=width * _PARTS).reshape(width, _PARTS)
        everything = (w * w).sum()
        if truth.ndim == 2:
            mine, column = np.nonzero(is_true(truth))
            everything = np.einsum("i,ij->j", w * w, truth >= 0)
        elif len(self.ids) == 1:
            mine = np.flatnonzero(truth == self.ids[0])
            column = np.zeros(len(mine), np.int64)
        else:
            mine, column = np.arange(len(truth)), truth
        self._positives.add(column * _PARTS + _parts(log_odds[mine, column]), w[mine])
        own = np.bincount(column, w[mine] ** 2, minlength=len(self.ids))
        self._squares += np.stack([own, everything - own], axis=1)

    def merge(self, other: ScoreBins) -> None:
        """Adds all that `other` has."""
        if self._all_weight is not None or other._all_weight is not None:
            mine, theirs = (bins._all if bins._all_weight is None else bins._all_weight for bins in (self, other))
            self._all_weight = np.asarray(mine + theirs.astype(np.float64))
        self._all = self._all + other._all
        self._positives.merge(other._positives)
        self._squares = self._squares + other._squares

    def curve(self, id_: int, *, is_weighted: bool, with_histograms: bool) -> tuple[Vertices, Array, Array]:
        """As `Drawn` of `score_curves` says."""
        del with_histograms  # they cost nothing here
        parts = self._of(id_)
        positives, everything = (np.add.reduceat(parts[i], _HISTOGRAM_STARTS) for i in (0, 2))
        return self._vertices(id_, parts, is_weighted), positives, everything - positives

    def _vertices(self, id_: int, parts: tuple[Array, ...], is_weighted: bool) -> Vertices:
        positives, positives_weight, everything, weight = (np.add.reduceat(each, _FIRST_PART) for each in parts)
        negatives = everything - positives
        level = np.flatnonzero(positives)[::-1]
        between, after = _between(negatives, level)
        threshold = np.where(level == 0, -np.inf, (level - BINS // 2) / 64).astype(np.float32)
        plain = Vertices(threshold, between, positives[level], negatives[level], np.zeros(len(level), bool), int(after))
        if not is_weighted:
            return plain
        # Never below 0 by rounding, and 0 where nobody is.
        rest = np.where(negatives > 0, np.maximum(weight - positives_weight, 0), 0)
        between_weight, after_weight = _between(rest, level)
        own, others = self._squares.sum(axis=0) if id_ == MICRO else self._squares[self.ids.index(id_)]
        return replace(
            plain,
            between_weight=between_weight,
            positives_weight=positives_weight[level],
            ties_weight=rest[level],
            after_weight=float(after_weight),
            weight_squares=(float(own), float(others)),
        )

    def _of(self, id_: int) -> tuple[Array, Array, Array, Array]:
        """Positives and their weight, all samples and their weight, by part."""
        cells = self._positives.total()
        if id_ == MICRO:
            own, part = slice(None), cells.key % _PARTS
            everything = self._all.sum(axis=0, dtype=np.int64)
            weight = everything if self._all_weight is None else self._all_weight.sum(axis=0)
        else:
            column = self.ids.index(id_)
            own = slice(*np.searchsorted(cells.key, [column * _PARTS, (column + 1) * _PARTS]))
            part = cells.key[own] - column * _PARTS
            everything = self._all[column].astype(np.int64)
            weight = everything if self._all_weight is None else self._all_weight[column]
        positives = np.zeros(_PARTS, np.int64)
        np.add.at(positives, part, cells.count[own])
        return positives, np.bincount(part, cells.weight[own], minlength=_PARTS), everything, weight.astype(np.float64)


def _parts(log_odds: Array) -> Array:
    """Bin, or part of a bin, of each."""
    code = np.clip(np.floor(log_odds * 64) + BINS // 2, 0, BINS - 1).astype(np.int64)
    return np.asarray(_FIRST_PART[code] + (log_odds > _EDGE_IN[code]))


def _between(amount: Array, level: Array) -> tuple[Array, Any]:
    """Of what lies in no bin of `level` (falling), how much is above each and below the one before; and below them all."""
    apart = amount.copy()
    apart[level] = 0
    above = np.cumsum(apart[::-1])
    at = above[len(amount) - 1 - level]
    return np.diff(at, prepend=0), above[-1] - (at[-1] if len(at) else 0)
