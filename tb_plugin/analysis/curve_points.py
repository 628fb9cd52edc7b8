"""The points of a curve that are worth drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.analysis.curve_walk import Walk
from tb_plugin.analysis.intervals import logistic

Array = np.ndarray[Any, Any]

MOST = 2000
"""Points of a curve."""

_BY_RATES, _BY_PRECISION = 1000, 500

_MOST_EDGES, _FINE = 100_000, 2**20
"""Vertices from which on the mean of curves is told at rates that are rounded so finely: sorting them would take seconds."""


@dataclass(frozen=True)
class Drawn:
    """Points of a curve, from (0, 0) to (1, 1); float64 [point], NaN where something is not defined.

    A point is what comes out at its threshold, a probability. Where negatives come in before the next positive the curve
    has a corner, and no threshold is stored of it (NaN): it is worse than the point before.
    """

    threshold: Array
    false_positive_rate: Array
    recall: Array
    precision: Array

    @staticmethod
    def nothing() -> Drawn:
        """No point at all."""
        none = np.zeros(0)
        return Drawn(none, none, none, none)


def drawn(curves: Walk, place: int) -> Drawn:
    """At most `MOST` points of one curve; the area below them is that of all to 1e-4."""
    own = curves.vertices(place)
    above_positives, above_negatives = curves.above_positives[own], curves.above_negatives[own]
    # A corner and the point after its positives, in turn.
    negatives = np.stack([above_negatives, above_negatives + curves.ties[own]], axis=1).ravel()
    positives = np.stack([above_positives, above_positives + curves.positives[own]], axis=1).ravel()
    log_odds = curves.threshold[own]
    threshold = np.stack([np.full(len(log_odds), np.nan), logistic(log_odds)], axis=1).ravel()
    all_positives, all_negatives = curves.all_positives[place], curves.all_negatives[place]
    negatives, positives = np.concatenate([[0], negatives, [all_negatives]]), np.concatenate([[0], positives, [all_positives]])
    threshold = np.concatenate([[np.inf], threshold, [0.0]])
    # A corner without negatives, and an end below which nothing is left, are the point before.
    repeats = (np.diff(negatives) == 0) & (np.diff(positives) == 0) & (np.isnan(threshold[1:]) | (np.arange(1, len(threshold)) == len(threshold) - 1))
    with np.errstate(all="ignore"):
        false_positive_rate = np.minimum(negatives / all_negatives, 1)
        recall = np.minimum(positives / all_positives, 1)
        precision = positives / (positives + negatives)
    kept = np.flatnonzero(np.concatenate([[True], ~repeats]))
    if len(kept) > MOST:
        kept = _thinned(false_positive_rate, recall, precision)
    return Drawn(threshold[kept], false_positive_rate[kept], recall[kept], precision[kept])


def mean_drawn(curves: Walk) -> Drawn:
    """At most `MOST` points of the mean recall of all curves that have an area, at each false positive rate. It has no thresholds and no precision.

    Each curve rises by jumps, and along diagonals; the mean rises by the sum of all.
    """
    there = (curves.all_positives > 0) & (curves.all_negatives > 0)
    count, own = int(there.sum()), there[curves.curve]
    if not count:
        return Drawn.nothing()
    with np.errstate(all="ignore"):
        start = (curves.above_negatives / curves.all_negatives[curves.curve])[own]
        width = (curves.ties / curves.all_negatives[curves.curve])[own]
        height = (curves.positives / curves.all_positives[curves.curve])[own] / count
    edges = np.minimum(start, 1), np.minimum(start + width, 1)
    if len(start) <= _MOST_EDGES:
        rate = np.unique(np.concatenate([[0.0, 1.0], *edges]))
        first, last = (np.searchsorted(rate, edge) for edge in edges)
    else:
        rate = np.arange(_FINE + 1) / _FINE
        first, last = (np.rint(np.nan_to_num(edge) * _FINE).astype(np.int64) for edge in edges)
    steep = first == last
    jump = np.bincount(first[steep], height[steep], minlength=len(rate))
    first, last, height = first[~steep], last[~steep], height[~steep]
    each = height / (rate[last] - rate[first])
    slope = np.bincount(first, each, minlength=len(rate)) - np.bincount(last, each, minlength=len(rate))
    along = np.concatenate([[0.0], np.cumsum(slope)[:-1] * np.diff(rate)])
    top = np.minimum(np.cumsum(jump + along), 1)
    false_positive_rate = np.repeat(rate, 2)
    recall = np.stack([np.maximum(top - jump, 0), top], axis=1).ravel()
    recall[0], recall[-1] = 0, 1
    kept = np.arange(len(recall))
    if len(kept) > MOST:
        kept = _thinned(false_positive_rate, recall, np.zeros(len(recall)))
    else:
        kept = np.flatnonzero(np.concatenate([[True], (np.diff(recall) != 0) | (np.diff(false_positive_rate) != 0)]))
    unknown = np.full(len(kept), np.nan)
    return Drawn(unknown, false_positive_rate[kept], recall[kept], unknown)


def _thinned(false_positive_rate: Array, recall: Array, precision: Array) -> Array:
    """Places of points that are evenly spaced along both curves, both ends among them.

    Corners and tops are taken in turn: what a line cuts off at one it adds at the next. Then the lines that cut off most are broken.
    """
    false_positive_rate, recall, precision = np.nan_to_num(false_positive_rate), np.nan_to_num(recall), np.nan_to_num(precision)
    rates = np.concatenate([[0.0], np.cumsum(np.diff(false_positive_rate) + np.diff(recall))])
    by_rates = _even(rates, _BY_RATES)
    by_rates = by_rates - by_rates % 2 + np.arange(len(by_rates)) % 2
    both = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(recall)) + np.abs(np.diff(precision)))])
    found = np.concatenate([[0, len(recall) - 1], by_rates, _even(both, _BY_PRECISION)])
    kept = np.unique(np.clip(found, 0, len(recall) - 1))
    area = np.concatenate([[0.0], np.cumsum(np.diff(false_positive_rate) * (recall[1:] + recall[:-1]) / 2)])
    for room in (2, 2, 2, 1):
        cut_off = np.abs(np.diff(area[kept]) - np.diff(false_positive_rate[kept]) * (recall[kept][1:] + recall[kept][:-1]) / 2)
        worst = np.argsort(-cut_off, kind="stable")[: (MOST - len(kept)) // room]
        kept = np.unique(np.concatenate([kept, (kept[worst] + kept[worst + 1]) // 2]))
    return kept


def _even(way: Array, count: int) -> Array:
    """Places at even distances along a way that never falls."""
    return np.searchsorted(way, np.linspace(0, way[-1], count))
